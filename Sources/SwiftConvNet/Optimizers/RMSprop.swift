import CKernels

/// RMSprop: steps by the gradient, divided by the root of the mean of its past squares.
///
/// Source: Tieleman and Hinton, lecture 6.5 of Neural networks for machine learning, 2012; as Keras computes it, with
/// epsilon inside the root: `v = rho · v + (1 - rho) · g²`, `step = rate · g / sqrt(v + epsilon)`.
/// Unlike in Keras, a variance (`centered`) that rounding makes negative counts as 0, where Keras computes NaN.
public struct RMSprop: Optimizer {
    public static let kind = "RMSprop"
    public let learningRate: LearningRate
    /// How slowly the mean of squares forgets, 0..<1.
    public let rho: Float
    /// How much of the last step goes into the next, 0...1.
    public let momentum: Float
    /// What is added under the root, so that nothing is divided by zero.
    public let epsilon: Float
    /// Whether the variance of the gradient divides, rather than the mean of its squares.
    public let centered: Bool
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// RMSprop with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        rho: Float = 0.9,
        momentum: Float = 0,
        epsilon: Float = 1e-7,
        centered: Bool = false,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] {
        ["velocity"] + (momentum > 0 ? ["momentum"] : []) + (centered ? ["average_gradient"] : [])
    }

    public func validate() throws {
        guard (0..<1).contains(rho), (0...1).contains(momentum), epsilon >= 0, epsilon.isFinite else {
            throw ConvNetError(
                .argument,
                "A setting of the optimizer is out of its range",
                at: "rho, momentum, epsilon",
                expected: "rho in 0..<1, momentum in 0...1, epsilon of at least 0",
                received: "\(rho), \(momentum), \(epsilon)"
            )
        }
    }

    public func update(_ part: OptimizerPart) {
        let mean = centered ? part.slot(momentum > 0 ? 2 : 1) : nil
        ck_rmsprop(
            part.parameters,
            part.gradients,
            part.slot(0),
            mean,
            momentum > 0 ? part.slot(1) : nil,
            part.count,
            part.learningRate,
            rho,
            momentum,
            epsilon
        )
    }
}

extension Optimizer where Self == RMSprop {
    /// RMSprop with Keras' defaults: `RMSprop`.
    public static func rmsprop(
        learningRate: LearningRate = 0.001,
        rho: Float = 0.9,
        momentum: Float = 0,
        epsilon: Float = 1e-7,
        centered: Bool = false,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        RMSprop(
            learningRate: learningRate,
            rho: rho,
            momentum: momentum,
            epsilon: epsilon,
            centered: centered,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
