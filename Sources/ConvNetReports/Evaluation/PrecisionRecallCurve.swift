import SwiftConvNet

/// How many of the samples that a yes-or-no classifier takes for positive are so (precision), over the share of the positive ones
/// that it finds (recall), for every threshold.
///
/// ```swift
/// let curve = try PrecisionRecallCurve(scores: [0.1, 0.4, 0.35, 0.8], labels: [false, false, true, true])
/// print(curve.averagePrecision)   // 0.8333
/// ```
///
/// Points and area are scikit-learn's: `precision_recall_curve` and `average_precision_score`.
public struct PrecisionRecallCurve: Sendable, Hashable {
    /// What the legend of a chart calls it: the class, say.
    public var name: String
    /// The scores of the points, the smallest first; the last point, of precision 1 and recall 0, has none.
    public let thresholds: [Double]
    /// For each point the share of the samples with at least its score that are positive.
    public let precisions: [Double]
    /// For each point the share of the positive samples that have at least its score, from 1 to 0.
    public let recalls: [Double]

    /// The curve of scores and labels.
    ///
    /// - Parameters:
    ///   - scores: a number for each sample, the larger the likelier positive.
    ///   - labels: whether each sample is positive.
    ///   - weights: how much each sample counts; all alike unless given.
    ///   - name: what the legend of a chart calls it.
    /// - Throws: as `ROCCurve`.
    public init(
        scores: some Collection<some BinaryFloatingPoint>,
        labels: some Collection<Bool>,
        weights: [Double]? = nil,
        name: String = "precision and recall"
    ) throws {
        self.name = name
        let counts = try BinaryScores(scores, labels, weights: weights, for: "PrecisionRecallCurve")
        thresholds = counts.thresholds.reversed()
        precisions =
            zip(counts.truePositives, counts.falsePositives).reversed().map { found, wrong in
                found + wrong == 0 ? 0 : found / (found + wrong)
            } + [1]
        recalls = counts.truePositives.reversed().map { $0 / counts.positives } + [0]
    }

    /// The curves of a classifier, one for each class against all others; as `ROCCurve.oneVersusRest`.
    public static func oneVersusRest(
        scores: Tensor,
        labels: some Collection<some BinaryInteger>,
        classNames: [String]? = nil
    ) throws -> [PrecisionRecallCurve] {
        let samples = try ScoredSamples(scores, labels, for: "PrecisionRecallCurve")
        let names = try checkedNames(classNames, count: samples.classCount, for: "PrecisionRecallCurve")
        return try samples.eachClass { column, isOfClass, index in
            try PrecisionRecallCurve(scores: column, labels: isOfClass, name: names[index])
        }
    }

    /// The area below the curve, 0...1, by rectangles: the mean of the precisions, each weighted by what it adds to the recall.
    /// Trapezoids would promise too much.
    public var averagePrecision: Double {
        (0..<thresholds.count).reduce(0) { $0 + (recalls[$1] - recalls[$1 + 1]) * precisions[$1] }
    }

    /// Curves in one chart, each with its average precision in the legend.
    public static func chart(
        _ curves: [PrecisionRecallCurve],
        title: String = "Precision and recall"
    ) -> LineChart {
        LineChart(
            title: title,
            xAxis: "recall",
            yAxis: "precision",
            series: curves.map { curve in
                LineChart.Series(
                    "\(curve.name) (\(fixed(curve.averagePrecision, decimals: 3)))",
                    thinned: zip(curve.recalls, curve.precisions).reversed().map { .init(x: $0, y: $1) }
                )
            }
        )
    }

    /// The curve in a chart.
    public var chart: LineChart { Self.chart([self]) }
}
