import SwiftConvNet

/// Which share of the samples has its class among the first, the first two, three … of a classifier.
///
/// ```swift
/// let accuracies = try TopKAccuracies(scores: try Tensor([[0.2, 0.5, 0.3], [0.1, 0.6, 0.3]]), labels: [1, 2])
/// print(accuracies[1] ?? 0, accuracies[2] ?? 0)   // 0.5 1.0
/// ```
///
/// A class that ties with the last of them is among them, as for `SparseTopKCategoricalAccuracy`.
public struct TopKAccuracies: Sendable, Hashable {
    /// The shares for k = 1, 2, …, one for each class; empty without samples.
    public let shares: [Double]

    /// - Parameters:
    ///   - scores: `[samples, classes]`, probabilities or logits.
    ///   - labels: the true classes, one per sample.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` if sizes differ, of kind `data` for a label that is no class or a score
    ///   that is not finite.
    public init(scores: Tensor, labels: some Collection<some BinaryInteger>) throws {
        let samples = try ScoredSamples(scores, labels, for: "TopKAccuracies")
        // By the number of scores above that of the true class.
        var counts = [Int](repeating: 0, count: samples.classCount)
        for (sample, label) in samples.labels.enumerated() {
            let row = samples.row(sample), own = row[row.startIndex + label]
            counts[row.count { $0 > own }] += 1
        }
        var sum = 0
        shares =
            samples.count == 0
            ? []
            : counts.map { count in
                sum += count
                return Double(sum) / Double(samples.count)
            }
    }

    /// The share for `k`; `nil` for less than 1 or more classes than there are.
    public subscript(k: Int) -> Double? { shares.indices.contains(k - 1) ? shares[k - 1] : nil }

    /// The shares over k.
    public func chart(title: String = "Top-k accuracy") -> LineChart {
        LineChart(
            title: title,
            xAxis: "k",
            yAxis: .init("", numbers: .percent),
            series: [.init("accuracy", values: shares)]
        )
    }
}
