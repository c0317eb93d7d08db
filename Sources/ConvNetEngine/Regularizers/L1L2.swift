import CKernels

/// The penalty `l1 · sum of |x| + l2 · sum of x²`.
public struct L1L2: Regularizer, Hashable {
    public static let kind = "L1L2"
    /// The factor of the sum of absolute values, at least 0.
    public let l1: Float
    /// The factor of the sum of squares, at least 0.
    public let l2: Float

    /// The penalty; both factors are 0 unless given, as in Keras' class.
    public init(l1: Float = 0, l2: Float = 0) {
        self.l1 = l1
        self.l2 = l2
    }

    public var isSumOverElements: Bool { true }

    public func validate(for shape: Shape) throws {
        try require(l1, "l1")
        try require(l2, "l2")
    }

    public func penalty(
        _ values: UnsafeBufferPointer<Float>,
        shape: Shape,
        gradient: PenaltyGradient?
    ) -> Double {
        ck_l1_l2(values.baseAddress, gradient?.sums, values.count, l1, l2, gradient?.scale ?? 0)
    }
}

extension Regularizer where Self == L1L2 {
    /// The penalty `l1 · sum of |x| + l2 · sum of x²`: `L1L2`. The defaults are those of Keras' function `l1_l2`.
    public static func l1l2(l1: Float = 0.01, l2: Float = 0.01) -> Self { L1L2(l1: l1, l2: l2) }
}
