import Foundation

/// The mean of the squared differences between `log(1 + target)` and `log(1 + prediction)`.
///
/// Both count at least 1e-7, Keras' `epsilon()`; a prediction below has a gradient of 0. Prediction of any shape, and a
/// `Tensor` of as many target values per sample.
public struct MeanSquaredLogarithmicError: ElementwiseLoss, Hashable {
    public static let kind = "MeanSquaredLogarithmicError"
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameter reduction: how the loss values of a batch become one number.
    public init(reduction: LossReduction = .sumOverBatchSize) { self.reduction = reduction }

    public func value(_ prediction: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        let least = CrossEntropy.epsilon
        guard !prediction.isNaN else { return (.nan, .nan) }
        let difference = log(max(prediction, least) + 1) - log(max(target, least) + 1)
        return (difference * difference, prediction >= least ? 2 * difference / (prediction + 1) : 0)
    }
}

extension Loss where Self == MeanSquaredLogarithmicError {
    /// The mean of the squared differences between `log(1 + target)` and `log(1 + prediction)`: `MeanSquaredLogarithmicError`.
    public static func meanSquaredLogarithmicError(reduction: LossReduction = .sumOverBatchSize) -> Self {
        MeanSquaredLogarithmicError(reduction: reduction)
    }
    /// The mean of the squared differences between `log(1 + target)` and `log(1 + prediction)`: `MeanSquaredLogarithmicError`.
    public static func msle(reduction: LossReduction = .sumOverBatchSize) -> Self {
        MeanSquaredLogarithmicError(reduction: reduction)
    }
}
