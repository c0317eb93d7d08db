import Foundation

/// Cross-entropy between classes in which places that are predicted well count little:
/// `-sum of alpha · (1 - p)^gamma · target · log p`.
///
/// Prediction `[…, classes]`, and a `Tensor` of as many target values per sample: one-hot, or any shares. Probabilities are
/// divided by their sum and limited to `1e-7 ... 1 - 1e-7`, as in Keras; what is limited has no gradient. Source: Lin et al.,
/// "Focal Loss for Dense Object Detection", arXiv:1708.02002.
public struct CategoricalFocalCrossentropy: Loss, Hashable {
    public static let kind = "CategoricalFocalCrossentropy"
    /// The weight of all classes, or of each.
    public let alpha: [Float]
    /// How much less a good prediction counts, at least 0.
    public let gamma: Float
    /// Whether predictions are logits rather than probabilities.
    public let fromLogits: Bool
    /// The part of each target, 0...1, that is shared out to all classes.
    public let labelSmoothing: Float
    public let reduction: LossReduction

    /// The loss with one weight for all classes. Keras' `axis` is the last one, for that is where classes are.
    ///
    /// - Parameters:
    ///   - alpha: the weight of all classes, at least 0.
    ///   - gamma: how much less a good prediction counts, at least 0.
    ///   - fromLogits: whether predictions are logits rather than probabilities.
    ///   - labelSmoothing: the part of each target, 0...1, that is shared out to all classes.
    ///   - reduction: how the loss values of a batch become one number.
    public init(
        alpha: Float = 0.25,
        gamma: Float = 2,
        fromLogits: Bool = false,
        labelSmoothing: Float = 0,
        reduction: LossReduction = .sumOverBatchSize
    ) {
        self.init(
            alpha: [alpha],
            gamma: gamma,
            fromLogits: fromLogits,
            labelSmoothing: labelSmoothing,
            reduction: reduction
        )
    }

    /// The loss with a weight for each class; the other settings as in the form with one weight.
    ///
    /// - Parameter alpha: the weight of each class, at least 0, or one for all.
    public init(
        alpha: [Float],
        gamma: Float = 2,
        fromLogits: Bool = false,
        labelSmoothing: Float = 0,
        reduction: LossReduction = .sumOverBatchSize
    ) {
        self.alpha = alpha
        self.gamma = gamma
        self.fromLogits = fromLogits
        self.labelSmoothing = labelSmoothing
        self.reduction = reduction
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        try LabelSmoothing.validate(labelSmoothing)
        try FocalSettings.validate(gamma: gamma, alpha: alpha)
        try CrossEntropy.validateClasses(output, for: Self.kind)
        guard alpha.count == 1 || alpha.count == output.last else {
            throw ConvNetError(
                .argument,
                "There is not a weight for each class",
                at: "alpha",
                expected: "1 or \(output.last ?? 1) weights",
                received: "\(alpha.count)"
            )
        }
        try targets.validateValues(
            for: output,
            loss: Self.kind,
            remedy: targets == .labels ? "Use labels.oneHot(classCount:)" : nil
        )
    }

    public func evaluate(_ sample: LossSample) -> Float { sample.meanOfRows(evaluate) }

    private func evaluate(_ row: LossRow) -> Float {
        let largest = fromLogits ? row.prediction.max() ?? 0 : 0
        var sum: Float = 0
        for value in row.prediction { sum += fromLogits ? exp(value - largest) : value }
        let classes = row.prediction.count
        let kept = 1 - labelSmoothing, shared = labelSmoothing / Float(classes)
        let range = CrossEntropy.range
        var loss: Float = 0
        // What the derivative of the sum brings to every class.
        var common: Float = 0
        for place in 0..<classes {
            let quotient = (fromLogits ? exp(row.prediction[place] - largest) : row.prediction[place]) / sum
            let weight = alpha[alpha.count == 1 ? 0 : place] * (row.target[place] * kept + shared)
            let limited = min(max(quotient, range.lowerBound), range.upperBound)
            let focus = FocalSettings.power(1 - limited, gamma)
            if weight != 0 { loss -= weight * focus.value * log(limited) }
            guard let gradient = row.gradient else { continue }
            let slope =
                range.contains(quotient)
                ? weight * (focus.slope * log(limited) - focus.value / limited) : 0
            common += slope * quotient
            gradient[place] = slope
        }
        if let gradient = row.gradient {
            for place in 0..<classes {
                let factor = fromLogits ? exp(row.prediction[place] - largest) / sum : 1 / sum
                gradient[place] = row.scale * (gradient[place] - common) * factor
            }
        }
        return sum.isNaN ? .nan : loss
    }
}

extension Loss where Self == CategoricalFocalCrossentropy {
    /// Cross-entropy between classes in which good predictions count little: `CategoricalFocalCrossentropy`.
    public static func categoricalFocalCrossentropy(
        alpha: Float = 0.25,
        gamma: Float = 2,
        fromLogits: Bool = false,
        labelSmoothing: Float = 0,
        reduction: LossReduction = .sumOverBatchSize
    ) -> Self {
        CategoricalFocalCrossentropy(
            alpha: alpha,
            gamma: gamma,
            fromLogits: fromLogits,
            labelSmoothing: labelSmoothing,
            reduction: reduction
        )
    }

    /// Cross-entropy between classes in which good predictions count little, with a weight for each class:
    /// `CategoricalFocalCrossentropy`.
    public static func categoricalFocalCrossentropy(
        alpha: [Float],
        gamma: Float = 2,
        fromLogits: Bool = false,
        labelSmoothing: Float = 0,
        reduction: LossReduction = .sumOverBatchSize
    ) -> Self {
        CategoricalFocalCrossentropy(
            alpha: alpha,
            gamma: gamma,
            fromLogits: fromLogits,
            labelSmoothing: labelSmoothing,
            reduction: reduction
        )
    }
}
