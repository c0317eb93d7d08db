import Foundation

/// The mean of `prediction - target · log(prediction + 1e-7)`: the negative logarithm of a Poisson distribution's likelihood, without
/// what does not depend on the prediction.
///
/// Prediction of any shape, not below 0, and a `Tensor` of as many target values per sample.
public struct Poisson: ElementwiseLoss, Hashable {
    public static let kind = "Poisson"
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameter reduction: how the loss values of a batch become one number.
    public init(reduction: LossReduction = .sumOverBatchSize) { self.reduction = reduction }

    public func value(_ prediction: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        let safe = prediction + CrossEntropy.epsilon
        return (prediction - target * log(safe), 1 - target / safe)
    }
}

extension Loss where Self == Poisson {
    /// The mean of `prediction - target · log(prediction + 1e-7)`: the negative logarithm of a Poisson distribution's likelihood, without: `Poisson`.
    public static func poisson(reduction: LossReduction = .sumOverBatchSize) -> Self {
        Poisson(reduction: reduction)
    }
}
