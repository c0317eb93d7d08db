import CKernels
import Foundation

/// Adam: steps by the mean of past gradients, divided by the root of the mean of their squares.
///
/// Source: Kingma and Ba, Adam: a method for stochastic optimization, 2015; as Keras computes it, with epsilon
/// outside the bias correction. Unlike Keras, which raises beta to powers in float32, the bias correction is computed in
/// double precision: the first steps differ by 7e-6 of their size, and are nearer to the formula.
public struct Adam: Optimizer {
    public static let kind = "Adam"
    public let learningRate: LearningRate
    /// How slowly the mean of gradients forgets, 0..<1.
    public let beta1: Float
    /// How slowly the mean of squares forgets, 0..<1.
    public let beta2: Float
    /// What is added to the root, so that nothing is divided by zero.
    public let epsilon: Float
    /// Whether the largest mean of squares so far divides, rather than the present one.
    public let amsgrad: Bool
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Adam with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-7,
        amsgrad: Bool = false,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.amsgrad = amsgrad
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] {
        amsgrad ? ["momentum", "velocity", "velocity_hat"] : ["momentum", "velocity"]
    }

    public func validate() throws {
        guard (0..<1).contains(beta1), (0..<1).contains(beta2), epsilon >= 0, epsilon.isFinite else {
            throw ConvNetError(
                .argument,
                "A setting of the optimizer is out of its range",
                at: "beta1, beta2, epsilon",
                expected: "betas in 0..<1, epsilon of at least 0",
                received: "\(beta1), \(beta2), \(epsilon)"
            )
        }
    }

    /// What the learning rate is multiplied with, for the means begin at 0.
    static func correction(step: Int, beta1: Float, beta2: Float) -> Float {
        // 1 - beta^t in double precision: at the first steps little is left of it.
        Float(
            (1 - pow(Double(beta2), Double(step))).squareRoot() / (1 - pow(Double(beta1), Double(step)))
        )
    }

    public func update(_ part: OptimizerPart) {
        ck_adam(
            part.parameters,
            part.gradients,
            part.slot(0),
            part.slot(1),
            amsgrad ? part.slot(2) : nil,
            part.count,
            part.learningRate * Self.correction(step: part.step, beta1: beta1, beta2: beta2),
            beta1,
            beta2,
            epsilon
        )
    }
}

extension Optimizer where Self == Adam {
    /// Adam with Keras' defaults: `Adam`.
    public static func adam(
        learningRate: LearningRate = 0.001,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-7,
        amsgrad: Bool = false,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        Adam(
            learningRate: learningRate,
            beta1: beta1,
            beta2: beta2,
            epsilon: epsilon,
            amsgrad: amsgrad,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
