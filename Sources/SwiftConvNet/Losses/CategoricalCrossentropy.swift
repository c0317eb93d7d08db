/// Cross-entropy between target and predicted probabilities of classes: `-sum of target · log p`.
///
/// Prediction `[…, classes]`, and a `Tensor` of as many target values per sample: one-hot, or any shares. Where the
/// model ends in softmax the loss starts from its logits, which is exact; else probabilities are divided by their
/// sum and limited to `1e-7 ... 1 - 1e-7`, as in Keras.
public struct CategoricalCrossentropy: Loss, Hashable {
    public static let kind = "CategoricalCrossentropy"
    /// Whether predictions are logits rather than probabilities.
    public let fromLogits: Bool
    /// The part of each target, 0...1, that is shared out to all classes.
    public let labelSmoothing: Float
    public let reduction: LossReduction

    /// The loss of predictions that are probabilities, or logits.
    ///
    /// - Parameters:
    ///   - fromLogits: whether predictions are logits rather than probabilities.
    ///   - labelSmoothing: the part of each target, 0...1, that is shared out to all classes.
    ///   - reduction: how the loss values of a batch become one number.
    public init(
        fromLogits: Bool = false,
        labelSmoothing: Float = 0,
        reduction: LossReduction = .sumOverBatchSize
    ) {
        self.fromLogits = fromLogits
        self.labelSmoothing = labelSmoothing
        self.reduction = reduction
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        try LabelSmoothing.validate(labelSmoothing)
        try CrossEntropy.validateClasses(output, for: Self.kind)
        try targets.validateValues(
            for: output,
            loss: Self.kind,
            remedy: targets == .labels
                ? "For integer classes use sparseCategoricalCrossentropy(), or labels.oneHot(classCount:)"
                : nil
        )
    }

    public var startsBefore: ActivationFunction? { fromLogits ? nil : .softmax }

    public func evaluate(_ sample: LossSample) -> Float {
        let classes = sample.shape.last ?? 1
        let kept = 1 - labelSmoothing
        let shared = labelSmoothing / Float(classes)
        return CrossEntropy.categorical(sample, fromLogits: fromLogits) {
            sample.target[$0 * classes + $1] * kept + shared
        }
    }
}

extension Loss where Self == CategoricalCrossentropy {
    /// Cross-entropy between target and predicted probabilities: `CategoricalCrossentropy`.
    public static func categoricalCrossentropy(
        fromLogits: Bool = false,
        labelSmoothing: Float = 0,
        reduction: LossReduction = .sumOverBatchSize
    ) -> Self {
        CategoricalCrossentropy(fromLogits: fromLogits, labelSmoothing: labelSmoothing, reduction: reduction)
    }
}
