import CKernels
import Foundation

/// Adam by the largest gradient: steps go by the mean of past gradients, divided by the largest that are not forgotten.
///
/// Source: Kingma and Ba, Adam: a method for stochastic optimization, section 7.1, 2015; as Keras computes it.
public struct Adamax: Optimizer {
    public static let kind = "Adamax"
    public let learningRate: LearningRate
    /// How slowly the mean of gradients forgets, 0..<1.
    public let beta1: Float
    /// How slowly the largest gradient forgets, 0..<1.
    public let beta2: Float
    /// What is added so that nothing is divided by zero, at least 0.
    public let epsilon: Float
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Adamax with Keras' defaults.
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

    public var slots: [String] { ["momentum", "norm"] }

    public func validate() throws {
        try require(
            (0..<1).contains(beta1) && (0..<1).contains(beta2) && epsilon >= 0 && epsilon.isFinite,
            "beta1, beta2, epsilon",
            expected: "betas in 0..<1, epsilon of at least 0",
            received: "\(beta1), \(beta2), \(epsilon)"
        )
    }

    public func update(_ part: OptimizerPart) {
        let correction = 1 - pow(Double(beta1), Double(part.step))
        ck_adamax(
            part.parameters,
            part.gradients,
            part.slot(0),
            part.slot(1),
            part.count,
            Float(Double(part.learningRate) / correction),
            beta1,
            beta2,
            epsilon
        )
    }
}

extension Optimizer where Self == Adamax {
    /// Adamax with Keras' defaults: `Adamax`.
    public static func adamax(
        learningRate: LearningRate = 0.001,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-7,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        Adamax(
            learningRate: learningRate,
            beta1: beta1,
            beta2: beta2,
            epsilon: epsilon,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
