/// The mean of the squared differences between targets and predictions.
///
/// Prediction of any shape, and a `Tensor` of as many target values per sample.
public struct MeanSquaredError: ElementwiseLoss, Hashable {
    public static let kind = "MeanSquaredError"
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameter reduction: how the loss values of a batch become one number.
    public init(reduction: LossReduction = .sumOverBatchSize) { self.reduction = reduction }

    public func value(_ prediction: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        let difference = prediction - target
        return (difference * difference, 2 * difference)
    }
}

extension Loss where Self == MeanSquaredError {
    /// The mean of squared differences: `MeanSquaredError`.
    public static func meanSquaredError(reduction: LossReduction = .sumOverBatchSize) -> Self {
        MeanSquaredError(reduction: reduction)
    }
    /// The mean of squared differences: `MeanSquaredError`.
    public static func mse(reduction: LossReduction = .sumOverBatchSize) -> Self {
        MeanSquaredError(reduction: reduction)
    }
}
