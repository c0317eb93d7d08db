import CKernels
import Foundation

/// Adam with Nesterov's look ahead: a step goes by the mean of gradients that the next step will have.
///
/// The momentum of step t is `beta1 · (1 - 0.96 ^ t / 2)`; a product of all momenta so far corrects the bias.
///
/// Source: Dozat, Incorporating Nesterov momentum into Adam, 2016; as Keras computes it.
public struct Nadam: Optimizer {
    public static let kind = "Nadam"
    public let learningRate: LearningRate
    /// How slowly the mean of gradients forgets, 0..<1.
    public let beta1: Float
    /// How slowly the mean of squares forgets, 0..<1.
    public let beta2: Float
    /// What is added so that nothing is divided by zero, at least 0.
    public let epsilon: Float
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Nadam with Keras' defaults.
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
    public var scalars: [String] { ["u_product"] }
    public var initialScalars: [Double] { [1] }

    public func advance(_ scalars: UnsafeMutableBufferPointer<Double>, step: Int) {
        scalars[0] *= momentum(step)
    }

    /// The momentum of a step.
    private func momentum(_ step: Int) -> Double { Double(beta1) * (1 - 0.5 * pow(0.96, Double(step))) }

    public func validate() throws {
        try require(
            (0..<1).contains(beta1) && (0..<1).contains(beta2) && epsilon >= 0 && epsilon.isFinite,
            "beta1, beta2, epsilon",
            expected: "betas in 0..<1, epsilon of at least 0",
            received: "\(beta1), \(beta2), \(epsilon)"
        )
    }

    public func update(_ part: OptimizerPart) {
        let own = momentum(part.step), next = momentum(part.step + 1), product = part.scalars[0]
        ck_nadam(
            part.parameters,
            part.gradients,
            part.slot(0),
            part.slot(1),
            part.count,
            part.learningRate,
            beta1,
            beta2,
            Float(next / (1 - product * next)),
            Float((1 - own) / (1 - product)),
            Float(1 / (1 - pow(Double(beta2), Double(part.step)))),
            epsilon
        )
    }
}

extension Optimizer where Self == Nadam {
    /// Nadam with Keras' defaults: `Nadam`.
    public static func nadam(
        learningRate: LearningRate = 0.001,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-7,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        Nadam(
            learningRate: learningRate,
            beta1: beta1,
            beta2: beta2,
            epsilon: epsilon,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
