import Foundation

/// The rate falls along half a wave of the cosine; before that it may rise in a straight line, the warm-up.
///
/// ```
/// top · ((1 - alpha) · (1 + cos(π · (step - warmupSteps) / decaySteps)) / 2 + alpha)
/// ```
///
/// where `top` is `warmupTarget` if there is a warm-up, which goes there from `initialLearningRate` in `warmupSteps`.
///
/// Source: Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, 2017.
public struct CosineDecay: LearningRateSchedule, Hashable {
    public static let kind = "CosineDecay"
    /// The rate of the first step.
    public let initialLearningRate: Float
    /// The steps of the decay, at least 1, after the warm-up.
    public let decaySteps: Int
    /// The part of the top that is left in the end, at least 0.
    public let alpha: Float
    /// The rate at the end of the warm-up; `nil` for none.
    public let warmupTarget: Float?
    /// The steps of the warm-up, at least 0.
    public let warmupSteps: Int

    /// The schedule; defaults are Keras'.
    public init(
        initialLearningRate: Float,
        decaySteps: Int,
        alpha: Float = 0,
        warmupTarget: Float? = nil,
        warmupSteps: Int = 0
    ) {
        self.initialLearningRate = initialLearningRate
        self.decaySteps = decaySteps
        self.alpha = alpha
        self.warmupTarget = warmupTarget
        self.warmupSteps = warmupSteps
    }

    public func validate() throws {
        try require(
            decaySteps >= 1,
            "decaySteps",
            expected: "at least 1",
            received: "\(decaySteps)"
        )
        try require(
            alpha >= 0 && alpha.isFinite && warmupSteps >= 0,
            "alpha, warmupSteps",
            expected: "at least 0",
            received: "\(alpha), \(warmupSteps)"
        )
        try require(
            (warmupTarget ?? 0) >= 0 && (warmupTarget ?? 0).isFinite,
            "warmupTarget",
            expected: "a finite number of at least 0",
            received: "\(warmupTarget ?? 0)"
        )
    }

    public func rate(step: Int) -> Float {
        guard let warmupTarget else { return decayed(from: initialLearningRate, step) }
        guard step < warmupSteps else { return decayed(from: warmupTarget, step - warmupSteps) }
        let share = Double(step) / Double(warmupSteps)
        let start = Double(initialLearningRate)
        return Float(start + (Double(warmupTarget) - start) * share)
    }

    private func decayed(from top: Float, _ step: Int) -> Float {
        let share = Double(min(step, decaySteps)) / Double(decaySteps)
        let wave = 0.5 * (1 + cos(Double.pi * share))
        return Float(Double(top) * ((1 - Double(alpha)) * wave + Double(alpha)))
    }
}

extension LearningRate {
    /// A rate that falls along half a wave of the cosine, after a warm-up if there is one: `CosineDecay`.
    public static func cosineDecay(
        initialLearningRate: Float,
        decaySteps: Int,
        alpha: Float = 0,
        warmupTarget: Float? = nil,
        warmupSteps: Int = 0
    ) -> LearningRate {
        LearningRate(
            CosineDecay(
                initialLearningRate: initialLearningRate,
                decaySteps: decaySteps,
                alpha: alpha,
                warmupTarget: warmupTarget,
                warmupSteps: warmupSteps
            )
        )
    }
}
