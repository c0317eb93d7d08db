/// How far the largest prediction of another class comes near that of the target's class: `max(0, 1 + other - own)`.
///
/// `own` is the sum of `target · prediction`, `other` the largest `(1 - target) · prediction`. Prediction `[…, classes]`, and a
/// `Tensor` of as many target values, 0 or 1, per sample. Equal largest values share the gradient, as in Keras.
public struct CategoricalHinge: Loss, Hashable {
    public static let kind = "CategoricalHinge"
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameter reduction: how the loss values of a batch become one number.
    public init(reduction: LossReduction = .sumOverBatchSize) { self.reduction = reduction }

    public func validate(output: Shape, targets: TargetKind) throws {
        try targets.validateValues(
            for: output,
            loss: Self.kind,
            remedy: targets == .labels ? "Use labels.oneHot(classCount:)" : nil
        )
    }

    public func evaluate(_ sample: LossSample) -> Float {
        sample.meanOfRows { row in
            var own: Float = 0
            var other = -Float.infinity
            var ties: Float = 0
            for place in row.prediction.indices {
                own += row.target[place] * row.prediction[place]
                let rival = (1 - row.target[place]) * row.prediction[place]
                ties = rival > other ? 1 : rival == other ? ties + 1 : ties
                other = rival.isNaN ? .nan : max(other, rival)
            }
            let margin = 1 + other - own
            if let gradient = row.gradient {
                for place in row.prediction.indices {
                    let target = row.target[place]
                    let isLargest = (1 - target) * row.prediction[place] == other
                    let derivative = (isLargest ? (1 - target) / ties : 0) - target
                    gradient[place] = margin >= 0 ? row.scale * derivative : 0
                }
            }
            return margin.isNaN ? .nan : max(margin, 0)
        }
    }
}

extension Loss where Self == CategoricalHinge {
    /// How far the largest prediction of another class comes near that of the target's class: `max(0, 1 + other - own)`: `CategoricalHinge`.
    public static func categoricalHinge(reduction: LossReduction = .sumOverBatchSize) -> Self {
        CategoricalHinge(reduction: reduction)
    }
}
