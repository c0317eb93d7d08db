import CKernels

/// Steps by the ratio of two roots: of the mean of squared steps so far, and of the mean of squared gradients.
///
/// Source: Zeiler, Adadelta: an adaptive learning rate method, 2012; as Keras computes it, with a learning rate.
public struct Adadelta: Optimizer {
    public static let kind = "Adadelta"
    public let learningRate: LearningRate
    /// How slowly the means forget, 0...1.
    public let rho: Float
    /// What is added so that nothing is divided by zero, at least 0.
    public let epsilon: Float
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Adadelta with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        rho: Float = 0.95,
        epsilon: Float = 1e-7,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.rho = rho
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] { ["accumulated_grad", "accumulated_delta_var"] }

    public func validate() throws {
        try require(
            (0...1).contains(rho) && epsilon >= 0 && epsilon.isFinite,
            "rho, epsilon",
            expected: "rho in 0...1, epsilon of at least 0",
            received: "\(rho), \(epsilon)"
        )
    }

    public func update(_ part: OptimizerPart) {
        ck_adadelta(
            part.parameters,
            part.gradients,
            part.slot(0),
            part.slot(1),
            part.count,
            part.learningRate,
            rho,
            epsilon
        )
    }
}

extension Optimizer where Self == Adadelta {
    /// Adadelta with Keras' defaults: `Adadelta`.
    public static func adadelta(
        learningRate: LearningRate = 0.001,
        rho: Float = 0.95,
        epsilon: Float = 1e-7,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        Adadelta(
            learningRate: learningRate,
            rho: rho,
            epsilon: epsilon,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
