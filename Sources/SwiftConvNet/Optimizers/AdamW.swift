/// Adam with weight decay: before each step every trainable parameter loses `rate · weightDecay` of itself, which,
/// unlike a penalty in the loss, the moving means do not see.
///
/// Source: Loshchilov and Hutter, Decoupled weight decay regularization, 2019; defaults are Keras'.
public struct AdamW: Optimizer {
    public static let kind = "AdamW"
    private let adam: Adam

    public var learningRate: LearningRate { adam.learningRate }
    public var clipping: GradientClipping? { adam.clipping }
    public var weightDecay: Float? { adam.weightDecay }
    public var slots: [String] { adam.slots }
    /// How slowly the mean of gradients forgets, 0..<1.
    public var beta1: Float { adam.beta1 }
    /// How slowly the mean of squares forgets, 0..<1.
    public var beta2: Float { adam.beta2 }
    /// What is added to the root, so that nothing is divided by zero.
    public var epsilon: Float { adam.epsilon }
    /// Whether the largest mean of squares so far divides, rather than the present one.
    public var amsgrad: Bool { adam.amsgrad }

    /// AdamW with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        weightDecay: Float = 0.004,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-7,
        amsgrad: Bool = false,
        clipping: GradientClipping? = nil
    ) {
        adam = Adam(
            learningRate: learningRate,
            beta1: beta1,
            beta2: beta2,
            epsilon: epsilon,
            amsgrad: amsgrad,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }

    public init(from decoder: any Decoder) throws { adam = try Adam(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try adam.encode(to: encoder) }

    public func validate() throws { try adam.validate() }
    public func update(_ part: OptimizerPart) { adam.update(part) }
}

extension Optimizer where Self == AdamW {
    /// AdamW with Keras' defaults: `AdamW`.
    public static func adamW(
        learningRate: LearningRate = 0.001,
        weightDecay: Float = 0.004,
        beta1: Float = 0.9,
        beta2: Float = 0.999,
        epsilon: Float = 1e-7,
        amsgrad: Bool = false,
        clipping: GradientClipping? = nil
    ) -> Self {
        AdamW(
            learningRate: learningRate,
            weightDecay: weightDecay,
            beta1: beta1,
            beta2: beta2,
            epsilon: epsilon,
            amsgrad: amsgrad,
            clipping: clipping
        )
    }
}
