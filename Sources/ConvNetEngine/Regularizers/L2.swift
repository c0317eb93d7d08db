/// The penalty `l2 · sum of x²`.
public struct L2: Regularizer, Hashable {
    public static let kind = "L2"
    /// The factor of the sum of squares, at least 0.
    public let l2: Float

    /// The penalty; the default is Keras'.
    public init(l2: Float = 0.01) { self.l2 = l2 }

    public var isSumOverElements: Bool { true }

    public func validate(for shape: Shape) throws { try require(l2, "l2") }

    public func penalty(
        _ values: UnsafeBufferPointer<Float>,
        shape: Shape,
        gradient: PenaltyGradient?
    ) -> Double {
        L1L2(l2: l2).penalty(values, shape: shape, gradient: gradient)
    }
}

extension Regularizer where Self == L2 {
    /// The penalty `l2 · sum of x²`: `L2`.
    public static func l2(_ l2: Float = 0.01) -> Self { L2(l2: l2) }
}
