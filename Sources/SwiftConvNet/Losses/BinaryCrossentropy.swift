import Foundation

/// Cross-entropy of yes-or-no questions, each with a probability of its own:
/// `-target · log p - (1 - target) · log(1 - p)`, averaged over the questions of a sample.
///
/// Prediction of any shape, and a `Tensor` of as many targets in 0...1 per sample; `Labels` of 0 and 1 if there is
/// one question. Where the model ends in sigmoid, as a layer of its own or as the activation of a `Dense` or `Conv2D`
/// layer, the loss starts from the logits, which is exact however large they are:
/// `max(x, 0) - x · target + log(1 + exp(-|x|))`. Else probabilities are limited to `1e-7 ... 1 - 1e-7`, as in Keras.
public struct BinaryCrossentropy: Loss, Hashable {
    public static let kind = "BinaryCrossentropy"
    /// Whether predictions are logits rather than probabilities.
    public let fromLogits: Bool
    /// The part of each target, 0...1, that is replaced by one half.
    public let labelSmoothing: Float
    public let reduction: LossReduction

    /// The loss of predictions that are probabilities, or logits.
    ///
    /// - Parameters:
    ///   - fromLogits: whether predictions are logits rather than probabilities.
    ///   - labelSmoothing: the part of each target, 0...1, that is replaced by one half.
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
        try BinaryTargets.validate(targets, output: output, loss: Self.kind)
    }

    public func classCount(output: Shape, targets: TargetKind) -> Int? { targets == .labels ? 2 : nil }

    public var startsBefore: ActivationFunction? { fromLogits ? nil : .sigmoid }

    public func evaluate(_ sample: LossSample) -> Float {
        let values = sample.logits ?? sample.prediction
        let startsFromLogits = fromLogits || sample.logits != nil
        let scale = sample.scale / Float(values.count)
        var sum: Float = 0
        for place in values.indices {
            let target = sample.target(at: place) * (1 - labelSmoothing) + 0.5 * labelSmoothing
            let (loss, gradient) =
                startsFromLogits
                ? logitLoss(values[place], target) : CrossEntropy.binary(values[place], target)
            sum += loss
            if let gradients = sample.gradient { gradients[place] = scale * gradient }
        }
        return sum / Float(values.count)
    }

    private func logitLoss(_ x: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        let small = exp(-abs(x))
        let probability = x >= 0 ? 1 / (1 + small) : small / (1 + small)
        return (max(x, 0) - x * target + log1p(small), probability - target)
    }
}

extension Loss where Self == BinaryCrossentropy {
    /// Cross-entropy of yes-or-no questions: `BinaryCrossentropy`.
    public static func binaryCrossentropy(
        fromLogits: Bool = false,
        labelSmoothing: Float = 0,
        reduction: LossReduction = .sumOverBatchSize
    ) -> Self {
        BinaryCrossentropy(fromLogits: fromLogits, labelSmoothing: labelSmoothing, reduction: reduction)
    }
}
