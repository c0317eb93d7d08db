import Foundation

/// The mean of `log(cosh(prediction - target))`: about half the square of a small difference, and a large one less `log 2`.
///
/// Prediction of any shape, and a `Tensor` of as many target values per sample.
public struct LogCosh: ElementwiseLoss, Hashable {
    public static let kind = "LogCosh"
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameter reduction: how the loss values of a batch become one number.
    public init(reduction: LossReduction = .sumOverBatchSize) { self.reduction = reduction }

    public func value(_ prediction: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        let difference = prediction - target
        // log(cosh x) = |x| + log(1 + exp(-2|x|)) - log 2, which does not overflow.
        return (abs(difference) + log1p(exp(-2 * abs(difference))) - log(2), tanh(difference))
    }
}

extension Loss where Self == LogCosh {
    /// The mean of `log(cosh(prediction - target))`: about half the square of a small difference, and a large one less `log 2`: `LogCosh`.
    public static func logCosh(reduction: LossReduction = .sumOverBatchSize) -> Self {
        LogCosh(reduction: reduction)
    }
}
