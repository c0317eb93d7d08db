import Foundation

/// The Kullback-Leibler divergence of predicted from target probabilities: `sum of target · log(target / prediction)`.
///
/// Prediction `[…, classes]`, and a `Tensor` of as many target values per sample. Both are limited to `1e-7 ... 1`, as in Keras; a
/// prediction beyond has a gradient of 0.
public struct KLDivergence: Loss, Hashable {
    public static let kind = "KLDivergence"
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameter reduction: how the loss values of a batch become one number.
    public init(reduction: LossReduction = .sumOverBatchSize) { self.reduction = reduction }

    public func validate(output: Shape, targets: TargetKind) throws {
        try targets.validateValues(for: output, loss: Self.kind)
    }

    public func evaluate(_ sample: LossSample) -> Float {
        sample.meanOfRows { row in
            let range = CrossEntropy.epsilon...1
            var sum: Float = 0
            for place in row.prediction.indices {
                let prediction = row.prediction[place]
                let target = min(max(row.target[place], range.lowerBound), range.upperBound)
                let limited = min(max(prediction, range.lowerBound), range.upperBound)
                sum += prediction.isNaN ? .nan : target * log(target / limited)
                row.gradient?[place] = range.contains(prediction) ? -row.scale * target / prediction : 0
            }
            return sum
        }
    }
}

extension Loss where Self == KLDivergence {
    /// The Kullback-Leibler divergence of predicted from target probabilities: `sum of target · log(target / prediction)`: `KLDivergence`.
    public static func klDivergence(reduction: LossReduction = .sumOverBatchSize) -> Self {
        KLDivergence(reduction: reduction)
    }
    /// The Kullback-Leibler divergence of predicted from target probabilities: `sum of target · log(target / prediction)`: `KLDivergence`.
    public static func kld(reduction: LossReduction = .sumOverBatchSize) -> Self {
        KLDivergence(reduction: reduction)
    }
}
