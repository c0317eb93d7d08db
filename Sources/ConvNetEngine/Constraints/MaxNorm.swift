/// No vector of weights is longer than a limit: `w · min(norm, maxValue) / (norm + 1e-7)`.
public struct MaxNorm: Constraint, Hashable {
    public static let kind = "MaxNorm"
    /// The largest norm, at least 0.
    public let maxValue: Float
    /// The axes over which a norm is taken: `[0, 1, 2]` for the filters of a `Conv2D` layer.
    public let axes: [Int]

    /// The constraint; defaults are Keras'.
    public init(maxValue: Float = 2, axes: [Int] = [0]) {
        self.maxValue = maxValue
        self.axes = axes
    }

    public func validate(for shape: Shape) throws {
        guard maxValue >= 0, maxValue.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a limit for norms",
                at: "\(Self.kind), maxValue",
                expected: "a finite number of at least 0",
                received: "\(maxValue)"
            )
        }
        try NormAxes(axes: axes).validate(for: shape, kind: Self.kind)
    }

    public func apply(to values: UnsafeMutableBufferPointer<Float>, shape: Shape) {
        NormAxes(axes: axes).scale(values, shape: shape) { norm in
            min(norm, Double(maxValue)) / (NormAxes.epsilon + norm)
        }
    }
}

extension Constraint where Self == MaxNorm {
    /// No vector of weights is longer than `maxValue`: `MaxNorm`.
    public static func maxNorm(maxValue: Float = 2, axes: [Int] = [0]) -> Self {
        MaxNorm(maxValue: maxValue, axes: axes)
    }
}
