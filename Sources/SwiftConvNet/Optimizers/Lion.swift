import CKernels

/// Steps of one size, the learning rate, in the direction of a mean of gradients: its sign counts alone.
///
/// Source: Chen and others, Symbolic discovery of optimization algorithms, 2023.
public struct Lion: Optimizer {
    public static let kind = "Lion"
    public let learningRate: LearningRate
    /// How much of the mean goes into a step, 0...1.
    public let beta1: Float
    /// How slowly the mean forgets, 0...1.
    public let beta2: Float
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Lion with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        beta1: Float = 0.9,
        beta2: Float = 0.99,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] { ["momentum"] }

    public func validate() throws {
        try require(
            beta1 > 0 && beta1 <= 1 && (0...1).contains(beta2),
            "beta1, beta2",
            expected: "beta1 above 0 and at most 1, beta2 in 0...1",
            received: "\(beta1), \(beta2)"
        )
    }

    public func update(_ part: OptimizerPart) {
        ck_lion(
            part.parameters,
            part.gradients,
            part.slot(0),
            part.count,
            part.learningRate,
            beta1,
            beta2
        )
    }
}

extension Optimizer where Self == Lion {
    /// Lion with Keras' defaults: `Lion`.
    public static func lion(
        learningRate: LearningRate = 0.001,
        beta1: Float = 0.9,
        beta2: Float = 0.99,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        Lion(
            learningRate: learningRate,
            beta1: beta1,
            beta2: beta2,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
