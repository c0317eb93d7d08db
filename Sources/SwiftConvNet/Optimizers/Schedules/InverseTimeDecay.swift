/// The rate `initialLearningRate / (1 + decayRate · step / decaySteps)`.
public struct InverseTimeDecay: LearningRateSchedule, Hashable {
    public static let kind = "InverseTimeDecay"
    /// The rate of the first step.
    public let initialLearningRate: Float
    /// The steps of the decay, at least 1.
    public let decaySteps: Int
    /// How fast the rate falls, at least 0.
    public let decayRate: Float
    /// Whether the rate falls in stairs, one each `decaySteps`.
    public let staircase: Bool

    /// The schedule; defaults are Keras'.
    public init(
        initialLearningRate: Float,
        decaySteps: Int,
        decayRate: Float,
        staircase: Bool = false
    ) {
        self.initialLearningRate = initialLearningRate
        self.decaySteps = decaySteps
        self.decayRate = decayRate
        self.staircase = staircase
    }

    public func validate() throws {
        try require(
            decaySteps >= 1,
            "decaySteps",
            expected: "at least 1",
            received: "\(decaySteps)"
        )
        try require(
            decayRate >= 0 && decayRate.isFinite,
            "decayRate",
            expected: "a finite number of at least 0",
            received: "\(decayRate)"
        )
    }

    public func rate(step: Int) -> Float {
        let time = Double(step) / Double(decaySteps)
        return Float(
            Double(initialLearningRate)
                / (1 + Double(decayRate) * (staircase ? time.rounded(.down) : time))
        )
    }
}

extension LearningRate {
    /// A rate that falls as one by the number of steps: `InverseTimeDecay`.
    public static func inverseTimeDecay(
        initialLearningRate: Float,
        decaySteps: Int,
        decayRate: Float,
        staircase: Bool = false
    ) -> LearningRate {
        LearningRate(
            InverseTimeDecay(
                initialLearningRate: initialLearningRate,
                decaySteps: decaySteps,
                decayRate: decayRate,
                staircase: staircase
            )
        )
    }
}
