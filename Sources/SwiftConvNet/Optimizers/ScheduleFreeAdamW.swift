import CKernels
import Foundation

/// Adam without a schedule: gradients are taken between a fast sequence and its mean, so that the rate need not fall.
///
/// Source: Defazio and others, The road less scheduled, 2024; as Keras computes it. The parameters are the points at which gradients are
/// taken, as in Keras.
public struct ScheduleFreeAdamW: Optimizer {
    public static let kind = "ScheduleFreeAdamW"
    public let learningRate: LearningRate
    /// Where gradients are taken: 1 at the mean, and near 0 at the fast sequence; above 0 and at most 1.
    public let beta1: Float
    /// How slowly the mean of squares forgets, 0..<1.
    public let beta2: Float
    /// What is added so that nothing is divided by zero, at least 0.
    public let epsilon: Float
    /// The steps in which the rate rises, at least 0.
    public let warmupSteps: Int
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// ScheduleFreeAdamW with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.0025,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-8,
        warmupSteps: Int = 0,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.warmupSteps = warmupSteps
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] { ["momentum", "velocity"] }

    /// The fast sequence begins at the parameters.
    public func initializeSlot(
        _ index: Int,
        _ values: UnsafeMutableBufferPointer<Float>,
        of parameter: UnsafeBufferPointer<Float>
    ) {
        if index == 0 { _ = values.update(fromContentsOf: parameter) }
    }

    public func validate() throws {
        try require(
            beta1 > 0 && beta1 <= 1 && (0..<1).contains(beta2) && epsilon >= 0 && epsilon.isFinite
                && warmupSteps >= 0,
            "beta1, beta2, epsilon, warmupSteps",
            expected: "beta1 above 0 and at most 1, beta2 in 0..<1, at least 0 each",
            received: "\(beta1), \(beta2), \(epsilon), \(warmupSteps)"
        )
    }

    public func update(_ part: OptimizerPart) {
        let warmup = warmupSteps > 0 ? min(Double(part.step) / Double(warmupSteps), 1) : 1
        ck_schedule_free(
            part.parameters,
            part.gradients,
            part.slot(0),
            part.slot(1),
            part.count,
            Float(Double(part.learningRate) * warmup),
            beta1,
            beta2,
            Float(1 / (1 - pow(Double(beta2), Double(part.step)))),
            Float(1 / Double(part.step)),
            epsilon
        )
    }
}

extension Optimizer where Self == ScheduleFreeAdamW {
    /// ScheduleFreeAdamW with Keras' defaults: `ScheduleFreeAdamW`.
    public static func scheduleFreeAdamW(
        learningRate: LearningRate = 0.0025,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-8,
        warmupSteps: Int = 0,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        ScheduleFreeAdamW(
            learningRate: learningRate,
            beta1: beta1,
            beta2: beta2,
            epsilon: epsilon,
            warmupSteps: warmupSteps,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
