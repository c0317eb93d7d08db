import Foundation
import SwiftConvNet

/// Whether a classifier is right as often as it says: of the samples that it is 80 % sure of, 80 % should be right.
///
/// ```swift
/// let calibration = try Calibration(probabilities: try Tensor([[0.9, 0.1], [0.8, 0.2]]), labels: [0, 1])
/// print(calibration.expectedError)
/// let diagram = calibration.chart().svg()
/// ```
///
/// Samples are put into bins of equal width by the probability of the class that is predicted, the confidence; bin b of B holds
/// those in (b/B, (b+1)/B].
///
/// Source: Guo and others, On calibration of modern neural networks, 2017.
public struct Calibration: Sendable, Hashable {
    /// The samples whose confidence is in a range.
    public struct Bin: Sendable, Hashable {
        /// The confidence that samples are above, and the largest that they have.
        public let lower: Double, upper: Double
        /// The number of samples.
        public let count: Int
        /// The mean of their confidences; `nil` without samples.
        public let confidence: Double?
        /// The share of them that are right; `nil` without samples.
        public let accuracy: Double?

        /// How far both are apart; 0 without samples.
        public var gap: Double {
            guard let confidence, let accuracy else { return 0 }
            return abs(confidence - accuracy)
        }
    }

    /// The bins, the least confident first.
    public let bins: [Bin]
    /// The mean of minus the logarithm of the probability of the true class; a probability of 0 counts as 1e-12.
    public let negativeLogLikelihood: Double
    /// The mean of the squared distances between the probabilities and the one-hot class: 0 is best, 2 is worst.
    public let brierScore: Double

    /// The number of samples.
    public var count: Int { bins.reduce(0) { $0 + $1.count } }

    /// - Parameters:
    ///   - probabilities: `[samples, classes]`.
    ///   - labels: the true classes, one per sample.
    ///   - binCount: the number of bins, 1...1000. Default 15.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` if sizes differ or there are no samples or no such bins, of kind `data` for
    ///   a label that is no class or a number that is no probability.
    public init(
        probabilities: Tensor,
        labels: some Collection<some BinaryInteger>,
        binCount: Int = 15
    ) throws {
        let samples = try ScoredSamples(probabilities, labels, for: "Calibration")
        try samples.requireProbabilities(for: "Calibration")
        guard (1...1000).contains(binCount), samples.count > 0 else {
            throw ConvNetError(
                .argument,
                "A calibration needs bins and samples",
                at: "Calibration",
                expected: "1...1000 bins, at least 1 sample",
                received: "\(binCount) bins, \(samples.count) samples"
            )
        }
        var counts = [Int](repeating: 0, count: binCount), rights = counts
        var confidences = [Double](repeating: 0, count: binCount)
        var likelihood = 0.0, brier = 0.0
        for (sample, label) in samples.labels.enumerated() {
            let row = samples.row(sample), prediction = samples.prediction(sample)
            let confidence = Double(row[row.startIndex + prediction])
            let bin = min(max(Int((confidence * Double(binCount)).rounded(.up)) - 1, 0), binCount - 1)
            counts[bin] += 1
            confidences[bin] += confidence
            if prediction == label { rights[bin] += 1 }
            likelihood -= log(max(Double(row[row.startIndex + label]), 1e-12))
            for (place, probability) in row.enumerated() {
                let distance = Double(probability) - (place == label ? 1 : 0)
                brier += distance * distance
            }
        }
        bins = (0..<binCount).map { bin in
            let count = counts[bin]
            return Bin(
                lower: Double(bin) / Double(binCount),
                upper: Double(bin + 1) / Double(binCount),
                count: count,
                confidence: count == 0 ? nil : confidences[bin] / Double(count),
                accuracy: count == 0 ? nil : Double(rights[bin]) / Double(count)
            )
        }
        negativeLogLikelihood = likelihood / Double(samples.count)
        brierScore = brier / Double(samples.count)
    }

    /// The expected calibration error: the mean of the bins' gaps, each weighted by the number of its samples.
    public var expectedError: Double {
        bins.reduce(0) { $0 + Double($1.count) * $1.gap } / Double(count)
    }

    /// The largest gap of a bin.
    public var maximumError: Double { bins.map(\.gap).max() ?? 0 }

    /// The reliability diagram: accuracy over confidence, a point for each bin with samples, and the diagonal on which both are equal.
    public func chart(title: String = "Reliability") -> LineChart {
        let points = bins.compactMap { bin in
            bin.confidence.flatMap { x in bin.accuracy.map { LineChart.Point(x: x, y: $0) } }
        }
        return LineChart(
            title: title,
            xAxis: LineChart.Axis("confidence", numbers: .percent),
            yAxis: LineChart.Axis("accuracy", numbers: .percent),
            series: [
                .init("error \(fixed(expectedError, decimals: 4))", points: points),
                .init("calibrated", points: [.init(x: 0, y: 0), .init(x: 1, y: 1)]),
            ]
        )
    }
}
