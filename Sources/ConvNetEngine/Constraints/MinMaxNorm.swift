/// The norm of every vector of weights lies in a range: it goes `rate` of the way to there at each step.
///
/// `w · (rate · clip(norm, minValue, maxValue) + (1 - rate) · norm) / (norm + 1e-7)`
public struct MinMaxNorm: Constraint, Hashable {
    public static let kind = "MinMaxNorm"
    /// The smallest norm, at least 0.
    public let minValue: Float
    /// The largest norm, at least `minValue`.
    public let maxValue: Float
    /// The part of the way that a step goes, 0...1.
    public let rate: Float
    /// The axes over which a norm is taken: `[0, 1, 2]` for the filters of a `Conv2D` layer.
    public let axes: [Int]

    /// The constraint; defaults are Keras'.
    public init(minValue: Float = 0, maxValue: Float = 1, rate: Float = 1, axes: [Int] = [0]) {
        self.minValue = minValue
        self.maxValue = maxValue
        self.rate = rate
        self.axes = axes
    }

    public func validate(for shape: Shape) throws {
        guard minValue >= 0, maxValue >= minValue, maxValue.isFinite, (0...1).contains(rate) else {
            throw ConvNetError(
                .argument,
                "Not a range for norms",
                at: "\(Self.kind), minValue, maxValue, rate",
                expected: "0 <= minValue <= maxValue, and a rate in 0...1",
                received: "\(minValue), \(maxValue), \(rate)"
            )
        }
        try NormAxes(axes: axes).validate(for: shape, kind: Self.kind)
    }

    public func apply(to values: UnsafeMutableBufferPointer<Float>, shape: Shape) {
        NormAxes(axes: axes).scale(values, shape: shape) { norm in
            let limited = min(max(norm, Double(minValue)), Double(maxValue))
            return (Double(rate) * limited + (1 - Double(rate)) * norm) / (NormAxes.epsilon + norm)
        }
    }
}

extension Constraint where Self == MinMaxNorm {
    /// The norm of every vector of weights lies in a range: `MinMaxNorm`.
    public static func minMaxNorm(
        minValue: Float = 0,
        maxValue: Float = 1,
        rate: Float = 1,
        axes: [Int] = [0]
    ) -> Self {
        MinMaxNorm(minValue: minValue, maxValue: maxValue, rate: rate, axes: axes)
    }
}
