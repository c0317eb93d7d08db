import CKernels

/// Steps against the gradient, divided by the root of the sum of all its squares so far.
///
/// Source: Duchi, Hazan, Singer, Adaptive subgradient methods for online learning and stochastic optimization, 2011.
public struct Adagrad: Optimizer {
    public static let kind = "Adagrad"
    public let learningRate: LearningRate
    /// What the sum begins with, at least 0.
    public let initialAccumulatorValue: Float
    /// What is added so that nothing is divided by zero, at least 0.
    public let epsilon: Float
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Adagrad with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        initialAccumulatorValue: Float = 0.1,
        epsilon: Float = 1e-7,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.initialAccumulatorValue = initialAccumulatorValue
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] { ["accumulator"] }

    public func initializeSlot(
        _ index: Int,
        _ values: UnsafeMutableBufferPointer<Float>,
        of parameter: UnsafeBufferPointer<Float>
    ) {
        values.update(repeating: initialAccumulatorValue)
    }

    public func validate() throws {
        try require(
            initialAccumulatorValue >= 0 && initialAccumulatorValue.isFinite && epsilon >= 0
                && epsilon.isFinite,
            "initialAccumulatorValue, epsilon",
            expected: "finite numbers of at least 0",
            received: "\(initialAccumulatorValue), \(epsilon)"
        )
    }

    public func update(_ part: OptimizerPart) {
        ck_adagrad(
            part.parameters,
            part.gradients,
            part.slot(0),
            part.count,
            part.learningRate,
            epsilon
        )
    }
}

extension Optimizer where Self == Adagrad {
    /// Adagrad with Keras' defaults: `Adagrad`.
    public static func adagrad(
        learningRate: LearningRate = 0.001,
        initialAccumulatorValue: Float = 0.1,
        epsilon: Float = 1e-7,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        Adagrad(
            learningRate: learningRate,
            initialAccumulatorValue: initialAccumulatorValue,
            epsilon: epsilon,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
