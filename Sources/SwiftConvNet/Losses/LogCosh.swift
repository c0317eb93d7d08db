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
        // log(cosh x) = |x| + log(1 + exp(-2|x|)) - log 2, which does not overflow; in double, for of a small x little is left.
        let difference = prediction - target, size = Double(abs(difference))
        return (Float(size + log1p(exp(-2 * size)) - log(2)), tanh(difference))
    }
}

extension Loss where Self == LogCosh {
    /// The mean of `log(cosh(prediction - target))`: about half the square of a small difference, and a large one less `log 2`: `LogCosh`.
    public static func logCosh(reduction: LossReduction = .sumOverBatchSize) -> Self {
        LogCosh(reduction: reduction)
    }
}
