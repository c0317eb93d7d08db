/// The rate is `values[0]` up to and with step `boundaries[0]`, then `values[1]` up to `boundaries[1]`, and so on; the last value stays.
public struct PiecewiseConstantDecay: LearningRateSchedule, Hashable {
    public static let kind = "PiecewiseConstantDecay"
    /// The last steps of all values but the last, rising.
    public let boundaries: [Int]
    /// The rates, one more than boundaries.
    public let values: [Float]

    /// The schedule; defaults are Keras'.
    public init(boundaries: [Int], values: [Float]) {
        self.boundaries = boundaries
        self.values = values
    }

    public func validate() throws {
        try require(
            values.count == boundaries.count + 1,
            "values",
            expected: "\(boundaries.count + 1), one more than boundaries",
            received: "\(values.count)"
        )
        try require(
            zip(boundaries, boundaries.dropFirst()).allSatisfy { $0 < $1 },
            "boundaries",
            expected: "numbers that rise",
            received: "\(boundaries)"
        )
        try require(
            values.allSatisfy { $0 >= 0 && $0.isFinite },
            "values",
            expected: "finite numbers of at least 0",
            received: "\(values)"
        )
    }

    public func rate(step: Int) -> Float {
        values[boundaries.firstIndex { step <= $0 } ?? boundaries.count]
    }
}

extension LearningRate {
    /// A rate that changes at some steps: `PiecewiseConstantDecay`.
    public static func piecewiseConstantDecay(boundaries: [Int], values: [Float]) -> LearningRate {
        LearningRate(
            PiecewiseConstantDecay(
                boundaries: boundaries,
                values: values
            )
        )
    }
}
