/// The penalty `l1 · sum of |x|`.
public struct L1: Regularizer, Hashable {
    public static let kind = "L1"
    /// The factor of the sum of absolute values, at least 0.
    public let l1: Float

    /// The penalty; the default is Keras'.
    public init(l1: Float = 0.01) { self.l1 = l1 }

    public var isSumOverElements: Bool { true }

    public func validate(for shape: Shape) throws { try require(l1, "l1") }

    public func penalty(
        _ values: UnsafeBufferPointer<Float>,
        shape: Shape,
        gradient: PenaltyGradient?
    ) -> Double {
        L1L2(l1: l1).penalty(values, shape: shape, gradient: gradient)
    }
}

extension Regularizer where Self == L1 {
    /// The penalty `l1 · sum of |x|`: `L1`.
    public static func l1(_ l1: Float = 0.01) -> Self { L1(l1: l1) }
}
