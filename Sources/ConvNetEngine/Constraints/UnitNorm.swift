/// Every vector of weights has the norm 1: `w / (norm + 1e-7)`.
public struct UnitNorm: Constraint, Hashable {
    public static let kind = "UnitNorm"
    /// The axes over which a norm is taken: `[0, 1, 2]` for the filters of a `Conv2D` layer.
    public let axes: [Int]

    /// The constraint; the default is Keras'.
    public init(axes: [Int] = [0]) {
        self.axes = axes
    }

    public func validate(for shape: Shape) throws {
        try NormAxes(axes: axes).validate(for: shape, kind: Self.kind)
    }

    public func apply(to values: UnsafeMutableBufferPointer<Float>, shape: Shape) {
        NormAxes(axes: axes).scale(values, shape: shape) { norm in
            1 / (NormAxes.epsilon + norm)
        }
    }
}

extension Constraint where Self == UnitNorm {
    /// Every vector of weights has the norm 1: `UnitNorm`.
    public static func unitNorm(axes: [Int] = [0]) -> Self {
        UnitNorm(axes: axes)
    }
}
