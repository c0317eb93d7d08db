/// The mean of the absolute differences between targets and predictions.
///
/// Prediction of any shape, and a `Tensor` of as many target values per sample. Where the two are equal the
/// gradient is 0.
public struct MeanAbsoluteError: ElementwiseLoss, Hashable {
    public static let kind = "MeanAbsoluteError"
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameter reduction: how the loss values of a batch become one number.
    public init(reduction: LossReduction = .sumOverBatchSize) { self.reduction = reduction }

    public func value(_ prediction: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        let difference = prediction - target
        return (abs(difference), difference.signOrItself)
    }
}

extension Float {
    /// 1 or -1; of 0 and NaN the number itself.
    var signOrItself: Float { self > 0 ? 1 : self < 0 ? -1 : self }
}

extension Loss where Self == MeanAbsoluteError {
    /// The mean of absolute differences: `MeanAbsoluteError`.
    public static func meanAbsoluteError(reduction: LossReduction = .sumOverBatchSize) -> Self {
        MeanAbsoluteError(reduction: reduction)
    }
    /// The mean of absolute differences: `MeanAbsoluteError`.
    public static func mae(reduction: LossReduction = .sumOverBatchSize) -> Self {
        MeanAbsoluteError(reduction: reduction)
    }
}
