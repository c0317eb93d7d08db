import Foundation

/// The rate `(initialLearningRate - endLearningRate) · (1 - step / decaySteps) ^ power + endLearningRate`, which ends at
/// `endLearningRate`; with `cycle` the number of steps grows to its next multiple instead.
public struct PolynomialDecay: LearningRateSchedule, Hashable {
    public static let kind = "PolynomialDecay"
    /// The rate of the first step.
    public let initialLearningRate: Float
    /// The steps of the decay, at least 1.
    public let decaySteps: Int
    /// The rate in the end.
    public let endLearningRate: Float
    /// The power, at least 0: 1 for a straight line.
    public let power: Float
    /// Whether the rate rises again after `decaySteps`.
    public let cycle: Bool

    /// The schedule; defaults are Keras'.
    public init(
        initialLearningRate: Float,
        decaySteps: Int,
        endLearningRate: Float = 1e-4,
        power: Float = 1,
        cycle: Bool = false
    ) {
        self.initialLearningRate = initialLearningRate
        self.decaySteps = decaySteps
        self.endLearningRate = endLearningRate
        self.power = power
        self.cycle = cycle
    }

    public func validate() throws {
        try require(
            decaySteps >= 1,
            "decaySteps",
            expected: "at least 1",
            received: "\(decaySteps)"
        )
        try require(
            power >= 0 && power.isFinite && endLearningRate >= 0 && endLearningRate.isFinite,
            "power, endLearningRate",
            expected: "finite numbers of at least 0",
            received: "\(power), \(endLearningRate)"
        )
    }

    public func rate(step: Int) -> Float {
        let length = Double(decaySteps)
        let cycles = cycle && step > 0 ? (Double(step) / length).rounded(.up) : 1
        let left = 1 - min(Double(step), length * cycles) / (length * cycles)
        let end = Double(endLearningRate)
        return Float((Double(initialLearningRate) - end) * pow(left, Double(power)) + end)
    }
}

extension LearningRate {
    /// A rate that falls to `endLearningRate` by a power, or in a straight line: `PolynomialDecay`.
    public static func polynomialDecay(
        initialLearningRate: Float,
        decaySteps: Int,
        endLearningRate: Float = 1e-4,
        power: Float = 1,
        cycle: Bool = false
    ) -> LearningRate {
        LearningRate(
            PolynomialDecay(
                initialLearningRate: initialLearningRate,
                decaySteps: decaySteps,
                endLearningRate: endLearningRate,
                power: power,
                cycle: cycle
            )
        )
    }
}
