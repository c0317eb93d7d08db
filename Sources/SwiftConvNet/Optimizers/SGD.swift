import CKernels

/// Stochastic gradient descent: steps against the gradient, if wanted with momentum.
///
/// Without momentum `w -= rate · g`; with it `v = momentum · v - rate · g` and `w += v`, or with Nesterov's look
/// ahead `w += momentum · v - rate · g`.
public struct SGD: Optimizer {
    public static let kind = "SGD"
    public let learningRate: LearningRate
    /// How much of the last step goes into the next, 0...1.
    public let momentum: Float
    /// Whether the step looks ahead by the momentum that it will have.
    public let nesterov: Bool
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Gradient descent with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.01,
        momentum: Float = 0,
        nesterov: Bool = false,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.nesterov = nesterov
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] { momentum == 0 ? [] : ["momentum"] }

    public func validate() throws {
        guard (0...1).contains(momentum) else {
            throw ConvNetError(
                .argument,
                "A setting of the optimizer is out of its range",
                at: "momentum",
                expected: "0...1",
                received: "\(momentum)"
            )
        }
    }

    public func update(_ part: OptimizerPart) {
        if momentum == 0 {
            ck_sgd(part.parameters, part.gradients, part.count, part.learningRate)
        } else {
            ck_sgd_momentum(
                part.parameters,
                part.gradients,
                part.slot(0),
                part.count,
                part.learningRate,
                momentum,
                nesterov ? 1 : 0
            )
        }
    }
}

extension Optimizer where Self == SGD {
    /// Gradient descent with Keras' defaults: `SGD`.
    public static func sgd(
        learningRate: LearningRate = 0.01,
        momentum: Float = 0,
        nesterov: Bool = false,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        SGD(
            learningRate: learningRate,
            momentum: momentum,
            nesterov: nesterov,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
