import Foundation

/// The rate falls along half a wave of the cosine, again and again: each time over `tMul` times as many steps, from `mMul` times the
/// rate.
///
/// Source: Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, 2017.
public struct CosineDecayRestarts: LearningRateSchedule, Hashable {
    public static let kind = "CosineDecayRestarts"
    /// The rate of the first step.
    public let initialLearningRate: Float
    /// The steps of the first decay, at least 1.
    public let firstDecaySteps: Int
    /// How much longer each decay is than the one before, at least 1.
    public let tMul: Float
    /// What the rate at the beginning of a decay is multiplied with, above 0.
    public let mMul: Float
    /// The part of the rate that is left at the end of a decay, at least 0.
    public let alpha: Float

    /// The schedule; defaults are Keras'.
    public init(
        initialLearningRate: Float,
        firstDecaySteps: Int,
        tMul: Float = 2,
        mMul: Float = 1,
        alpha: Float = 0
    ) {
        self.initialLearningRate = initialLearningRate
        self.firstDecaySteps = firstDecaySteps
        self.tMul = tMul
        self.mMul = mMul
        self.alpha = alpha
    }

    public func validate() throws {
        try require(
            firstDecaySteps >= 1,
            "firstDecaySteps",
            expected: "at least 1",
            received: "\(firstDecaySteps)"
        )
        try require(
            tMul >= 1 && tMul.isFinite && mMul > 0 && mMul.isFinite && alpha >= 0 && alpha.isFinite,
            "tMul, mMul, alpha",
            expected: "at least 1, above 0, at least 0",
            received: "\(tMul), \(mMul), \(alpha)"
        )
    }

    public func rate(step: Int) -> Float {
        var share = Double(step) / Double(firstDecaySteps)
        let growth = Double(tMul)
        var restarts = share.rounded(.down)
        if growth == 1 {
            share -= restarts
        } else {
            // Step 1 of a period may fall short of it by a rounding, so the period is looked for around its logarithm.
            restarts = (log(1 + share * (growth - 1)) / log(growth)).rounded(.down)
            func begin(_ period: Double) -> Double { (pow(growth, period) - 1) / (growth - 1) }
            if begin(restarts + 1) <= share { restarts += 1 }
            share = (share - begin(restarts)) / pow(growth, restarts)
        }
        let wave = 0.5 * pow(Double(mMul), restarts) * (1 + cos(Double.pi * share))
        return Float(Double(initialLearningRate) * ((1 - Double(alpha)) * wave + Double(alpha)))
    }
}

extension LearningRate {
    /// A rate that falls along half a wave of the cosine, again and again: `CosineDecayRestarts`.
    public static func cosineDecayRestarts(
        initialLearningRate: Float,
        firstDecaySteps: Int,
        tMul: Float = 2,
        mMul: Float = 1,
        alpha: Float = 0
    ) -> LearningRate {
        LearningRate(
            CosineDecayRestarts(
                initialLearningRate: initialLearningRate,
                firstDecaySteps: firstDecaySteps,
                tMul: tMul,
                mMul: mMul,
                alpha: alpha
            )
        )
    }
}
