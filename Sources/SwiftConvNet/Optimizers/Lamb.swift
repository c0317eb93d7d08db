import CKernels
import Foundation

/// Adam whose step is scaled, parameter by parameter, to the parameter's own norm: for large batches.
///
/// Source: You and others, Large batch optimization for deep learning: training BERT in 76 minutes, 2020; as Keras computes it.
public struct Lamb: Optimizer {
    public static let kind = "Lamb"
    public let learningRate: LearningRate
    /// How slowly the mean of gradients forgets, 0..<1.
    public let beta1: Float
    /// How slowly the mean of squares forgets, 0..<1.
    public let beta2: Float
    /// What is added so that nothing is divided by zero, at least 0.
    public let epsilon: Float
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Lamb with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-7,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] { ["momentum", "velocity"] }
    public var granularity: OptimizerGranularity { .parameters }
    public func scratchCount(for parameter: OptimizedParameter) -> Int { parameter.shape.elementCount }

    public func validate() throws {
        try require(
            (0..<1).contains(beta1) && (0..<1).contains(beta2) && epsilon >= 0 && epsilon.isFinite,
            "beta1, beta2, epsilon",
            expected: "betas in 0..<1, epsilon of at least 0",
            received: "\(beta1), \(beta2), \(epsilon)"
        )
    }

    public func update(_ part: OptimizerPart) {
        ck_lamb_step(
            part.gradients,
            part.slot(0),
            part.slot(1),
            part.scratch,
            part.count,
            beta1,
            beta2,
            Float(1 / (1 - pow(Double(beta1), Double(part.step)))),
            Float(1 / (1 - pow(Double(beta2), Double(part.step)))),
            epsilon
        )
        let norm = ck_sum_of_squares(part.parameters, part.count).squareRoot()
        let stepNorm = ck_sum_of_squares(part.scratch, part.count).squareRoot()
        let ratio = norm > 0 && stepNorm > 0 ? norm / stepNorm : 1
        ck_sgd(part.parameters, part.scratch, part.count, Float(ratio * Double(part.learningRate)))
    }
}

extension Optimizer where Self == Lamb {
    /// Lamb with Keras' defaults: `Lamb`.
    public static func lamb(
        learningRate: LearningRate = 0.001,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-7,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        Lamb(
            learningRate: learningRate,
            beta1: beta1,
            beta2: beta2,
            epsilon: epsilon,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
