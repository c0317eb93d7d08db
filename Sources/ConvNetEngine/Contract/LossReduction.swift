/// How the loss values of a batch become one number: Keras' argument `reduction`.
///
/// A sample has one loss value, or one at each place of a map. The weight of a sample multiplies all its values.
/// Keras' `none`, which keeps the values, makes no number that training could make small: `Loss.values` returns them.
public enum LossReduction: String, Sendable, Hashable, Codable, CaseIterable {
    /// The sum of the weighted values, divided by their number.
    case sumOverBatchSize = "sum_over_batch_size"
    /// The sum of the weighted values.
    case sum
    /// As `sumOverBatchSize`.
    case mean
    /// The sum of the weighted values, divided by the sum of their weights; 0 if that is 0.
    case meanWithSampleWeight = "mean_with_sample_weight"
}

extension LossReduction {
    /// What the sum of weighted values is divided by.
    ///
    /// - Parameters:
    ///   - count: the number of loss values that count.
    ///   - weight: the sum of their weights.
    package func divisor(count: Int, weight: Double) -> Double {
        switch self {
        case .sumOverBatchSize, .mean: Double(count)
        case .sum: 1
        case .meanWithSampleWeight: weight
        }
    }
}
