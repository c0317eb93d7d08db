import Foundation

/// Generalized cross-entropy between integer classes and probabilities: `(1 - p^q) / q`, where `p` is the probability that the
/// prediction gives to the class.
///
/// Between cross-entropy (`q` near 0) and the mean absolute error (`q` near 1), it stands labels that are wrong. Prediction
/// `[classes]` with `Labels`, one per sample; or a map `[…, classes]` with a `Tensor` of class numbers. Predictions are
/// probabilities above 0, and taken as they are. Source: Zhang and Sabuncu, arXiv:1805.07836.
public struct CategoricalGeneralizedCrossEntropy: Loss, Hashable {
    public static let kind = "CategoricalGeneralizedCrossEntropy"
    /// Between 0 and 1: how little wrong labels count.
    public let q: Float
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameters:
    ///   - q: between 0 and 1, both excluded: how little wrong labels count.
    ///   - reduction: how the loss values of a batch become one number.
    public init(q: Float = 0.5, reduction: LossReduction = .sumOverBatchSize) {
        self.q = q
        self.reduction = reduction
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        guard q > 0, q < 1 else {
            throw ConvNetError(
                .argument,
                "Not an exponent of this loss",
                at: "q",
                expected: "a number between 0 and 1, both excluded",
                received: "\(q)"
            )
        }
        try CrossEntropy.validateClasses(output, for: Self.kind)
        try CrossEntropy.validateClassNumbers(targets, of: output, for: Self.kind)
    }

    public func classCount(output: Shape, targets: TargetKind) -> Int? { output.last }

    public func evaluate(_ sample: LossSample) -> Float {
        sample.meanOfRows { row in
            row.gradient?.update(repeating: 0)
            guard let label = Int(exactly: sample.target(at: row.place)),
                row.prediction.indices.contains(label)
            else { return .nan }
            let probability = row.prediction[label]
            row.gradient?[label] = -row.scale * pow(probability, q - 1)
            return (1 - pow(probability, q)) / q
        }
    }
}

extension Loss where Self == CategoricalGeneralizedCrossEntropy {
    /// Cross-entropy that stands wrong labels: `CategoricalGeneralizedCrossEntropy`.
    public static func categoricalGeneralizedCrossEntropy(
        q: Float = 0.5,
        reduction: LossReduction = .sumOverBatchSize
    ) -> Self {
        CategoricalGeneralizedCrossEntropy(q: q, reduction: reduction)
    }
}
