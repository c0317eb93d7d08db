import Foundation

/// Cross-entropy of yes-or-no questions in which those that are answered well count little: each is multiplied with
/// `(1 - q)^gamma`, where `q` is the probability that the prediction gives to the right answer.
///
/// Prediction of any shape, and a `Tensor` of as many targets in 0...1 per sample; `Labels` of 0 and 1 if there is
/// one question. Probabilities are limited to `1e-7 ... 1 - 1e-7` in the logarithm, as in Keras, and what is limited has no
/// gradient there. Source: Lin et al., "Focal Loss for Dense Object Detection", arXiv:1708.02002.
public struct BinaryFocalCrossentropy: Loss, Hashable {
    public static let kind = "BinaryFocalCrossentropy"
    /// Whether `alpha` balances the two answers.
    public let applyClassBalancing: Bool
    /// The weight of yes; no has one minus that.
    public let alpha: Float
    /// How much less a good answer counts, at least 0.
    public let gamma: Float
    /// Whether predictions are logits rather than probabilities.
    public let fromLogits: Bool
    /// The part of each target, 0...1, that is replaced by one half.
    public let labelSmoothing: Float
    public let reduction: LossReduction

    /// The loss. Keras' `axis` is the last one: with the others the same numbers are averaged.
    ///
    /// - Parameters:
    ///   - applyClassBalancing: whether `alpha` balances the two answers.
    ///   - alpha: the weight of yes, 0...1; no has one minus that.
    ///   - gamma: how much less a good answer counts, at least 0.
    ///   - fromLogits: whether predictions are logits rather than probabilities.
    ///   - labelSmoothing: the part of each target, 0...1, that is replaced by one half.
    ///   - reduction: how the loss values of a batch become one number.
    public init(
        applyClassBalancing: Bool = false,
        alpha: Float = 0.25,
        gamma: Float = 2,
        fromLogits: Bool = false,
        labelSmoothing: Float = 0,
        reduction: LossReduction = .sumOverBatchSize
    ) {
        self.applyClassBalancing = applyClassBalancing
        self.alpha = alpha
        self.gamma = gamma
        self.fromLogits = fromLogits
        self.labelSmoothing = labelSmoothing
        self.reduction = reduction
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        try LabelSmoothing.validate(labelSmoothing)
        try FocalSettings.validate(gamma: gamma, alpha: [alpha])
        guard alpha <= 1 else {
            throw ConvNetError(
                .argument,
                "Not a weight of one of two answers",
                at: "alpha",
                expected: "0...1",
                received: "\(alpha)"
            )
        }
        try BinaryTargets.validate(targets, output: output, loss: Self.kind)
    }

    public func classCount(output: Shape, targets: TargetKind) -> Int? { targets == .labels ? 2 : nil }

    public func evaluate(_ sample: LossSample) -> Float {
        sample.mean { value, given in
            let target = given * (1 - labelSmoothing) + 0.5 * labelSmoothing
            guard fromLogits else { return focal(value, target) }
            let small = exp(-abs(value))
            let probability = value >= 0 ? 1 / (1 + small) : small / (1 + small)
            let (loss, slope) = focal(probability, target)
            return (loss, slope * probability * (1 - probability))
        }
    }

    /// The loss of a probability, and its derivative.
    private func focal(_ p: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        let (entropy, slope) = CrossEntropy.binary(p, target)
        let right = target * p + (1 - target) * (1 - p)
        let focus = FocalSettings.power(1 - right, gamma)
        let weight = applyClassBalancing ? target * alpha + (1 - target) * (1 - alpha) : 1
        let change = -focus.slope * (2 * target - 1)
        return (weight * focus.value * entropy, weight * (change * entropy + focus.value * slope))
    }
}

extension Loss where Self == BinaryFocalCrossentropy {
    /// Cross-entropy of yes-or-no questions in which good answers count little: `BinaryFocalCrossentropy`.
    public static func binaryFocalCrossentropy(
        applyClassBalancing: Bool = false,
        alpha: Float = 0.25,
        gamma: Float = 2,
        fromLogits: Bool = false,
        labelSmoothing: Float = 0,
        reduction: LossReduction = .sumOverBatchSize
    ) -> Self {
        BinaryFocalCrossentropy(
            applyClassBalancing: applyClassBalancing,
            alpha: alpha,
            gamma: gamma,
            fromLogits: fromLogits,
            labelSmoothing: labelSmoothing,
            reduction: reduction
        )
    }
}
