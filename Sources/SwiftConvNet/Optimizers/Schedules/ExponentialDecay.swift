import Foundation

/// The rate `initialLearningRate · decayRate ^ (step / decaySteps)`.
public struct ExponentialDecay: LearningRateSchedule, Hashable {
    public static let kind = "ExponentialDecay"
    /// The rate of the first step.
    public let initialLearningRate: Float
    /// The steps of the decay, at least 1.
    public let decaySteps: Int
    /// What is left of the rate after `decaySteps`, above 0.
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
            decayRate > 0 && decayRate.isFinite,
            "decayRate",
            expected: "a finite number above 0",
            received: "\(decayRate)"
        )
    }

    public func rate(step: Int) -> Float {
        let exponent = Double(step) / Double(decaySteps)
        return Float(
            Double(initialLearningRate)
                * pow(Double(decayRate), staircase ? exponent.rounded(.down) : exponent)
        )
    }
}

extension LearningRate {
    /// A rate that falls by a factor each `decaySteps`: `ExponentialDecay`.
    public static func exponentialDecay(
        initialLearningRate: Float,
        decaySteps: Int,
        decayRate: Float,
        staircase: Bool = false
    ) -> LearningRate {
        LearningRate(
            ExponentialDecay(
                initialLearningRate: initialLearningRate,
                decaySteps: decaySteps,
                decayRate: decayRate,
                staircase: staircase
            )
        )
    }
}
