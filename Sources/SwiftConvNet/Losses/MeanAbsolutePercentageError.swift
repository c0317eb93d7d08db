/// The mean of the absolute differences between targets and predictions, in percent of the targets.
///
/// The size of a target counts at least 1e-7, Keras' `epsilon()`. Prediction of any shape, and a `Tensor` of as many target
/// values per sample. Where the two are equal the gradient is 0.
public struct MeanAbsolutePercentageError: ElementwiseLoss, Hashable {
    public static let kind = "MeanAbsolutePercentageError"
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameter reduction: how the loss values of a batch become one number.
    public init(reduction: LossReduction = .sumOverBatchSize) { self.reduction = reduction }

    public func value(_ prediction: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        let size = max(abs(target), CrossEntropy.epsilon)
        let difference = prediction - target
        return (100 * abs(difference) / size, 100 * difference.signOrItself / size)
    }
}

extension Loss where Self == MeanAbsolutePercentageError {
    /// The mean of the absolute differences between targets and predictions, in percent of the targets: `MeanAbsolutePercentageError`.
    public static func meanAbsolutePercentageError(reduction: LossReduction = .sumOverBatchSize) -> Self {
        MeanAbsolutePercentageError(reduction: reduction)
    }
    /// The mean of the absolute differences between targets and predictions, in percent of the targets: `MeanAbsolutePercentageError`.
    public static func mape(reduction: LossReduction = .sumOverBatchSize) -> Self {
        MeanAbsolutePercentageError(reduction: reduction)
    }
}
