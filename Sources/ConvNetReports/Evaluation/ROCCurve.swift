import SwiftConvNet

/// The receiver operating characteristic of a yes-or-no classifier: which share of the positive samples it finds, over the share of
/// the negative ones that it takes for positive, for every threshold.
///
/// ```swift
/// let curve = try ROCCurve(scores: [0.1, 0.4, 0.35, 0.8], labels: [false, false, true, true])
/// print(curve.area)   // 0.75
/// ```
///
/// Points and area are scikit-learn's: `roc_curve`, which leaves out points on the straight line between others, and
/// `roc_auc_score`.
public struct ROCCurve: Sendable, Hashable {
    /// What the legend of a chart calls it: the class, say.
    public var name: String
    /// For each point the smallest score that counts as positive; the first is infinite.
    public let thresholds: [Double]
    /// For each point the share of the negative samples that are taken for positive, from 0 to 1.
    public let falsePositiveRates: [Double]
    /// For each point the share of the positive samples that are found, from 0 to 1: the recall.
    public let truePositiveRates: [Double]

    /// The curve of scores and labels.
    ///
    /// - Parameters:
    ///   - scores: a number for each sample, the larger the likelier positive.
    ///   - labels: whether each sample is positive.
    ///   - weights: how much each sample counts; all alike unless given.
    ///   - dropsIntermediate: whether points on the straight line between their neighbours are left out. Default `true`.
    ///   - name: what the legend of a chart calls it.
    /// - Throws: `ConvNetError` of kind `argument` if the numbers of samples differ, of kind `data` if a score is not finite, a weight
    ///   is negative or not finite, or there are not samples of both kinds.
    public init(
        scores: some Collection<some BinaryFloatingPoint>,
        labels: some Collection<Bool>,
        weights: [Double]? = nil,
        dropsIntermediate: Bool = true,
        name: String = "ROC"
    ) throws {
        self.name = name
        let counts = try BinaryScores(scores, labels, weights: weights, for: "ROCCurve")
        let (found, wrong) = (counts.truePositives, counts.falsePositives)
        let last = found.count - 1
        let kept = found.indices.filter { place in
            guard dropsIntermediate, place > 0, place < last else { return true }
            func bends(_ values: [Double]) -> Bool {
                values[place + 1] - values[place] != values[place] - values[place - 1]
            }
            return bends(found) || bends(wrong)
        }
        thresholds = [.infinity] + kept.map { counts.thresholds[$0] }
        falsePositiveRates = [0] + kept.map { wrong[$0] / counts.negatives }
        truePositiveRates = [0] + kept.map { found[$0] / counts.positives }
    }

    /// The curves of a classifier, one for each class against all others, called by the classes' names. Classes that no sample has, or
    /// all have, are left out.
    ///
    /// - Parameters:
    ///   - scores: `[samples, classes]`, probabilities or logits.
    ///   - labels: the true classes, one per sample.
    ///   - classNames: the names of the classes; their numbers unless given.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` if sizes differ, of kind `data` for a label that is no class or a score
    ///   that is not finite.
    public static func oneVersusRest(
        scores: Tensor,
        labels: some Collection<some BinaryInteger>,
        classNames: [String]? = nil
    ) throws -> [ROCCurve] {
        let samples = try ScoredSamples(scores, labels, for: "ROCCurve")
        let names = try checkedNames(classNames, count: samples.classCount, for: "ROCCurve")
        return try samples.eachClass { column, isOfClass, index in
            try ROCCurve(scores: column, labels: isOfClass, name: names[index])
        }
    }

    /// The area below the curve, 0...1, by trapezoids: the probability that a positive sample has a larger score than a negative
    /// one, where equals count half.
    public var area: Double {
        (1..<thresholds.count).reduce(0) { sum, place in
            let width = falsePositiveRates[place] - falsePositiveRates[place - 1]
            return sum + width * (truePositiveRates[place] + truePositiveRates[place - 1]) / 2
        }
    }

    /// Curves in one chart, each with its area in the legend, and the diagonal of a classifier that guesses.
    public static func chart(_ curves: [ROCCurve], title: String = "ROC") -> LineChart {
        let lines = curves.map { curve in
            LineChart.Series(
                "\(curve.name) (\(fixed(curve.area, decimals: 3)))",
                thinned: zip(curve.falsePositiveRates, curve.truePositiveRates).map { .init(x: $0, y: $1) }
            )
        }
        let diagonal = LineChart.Series("guessing", points: [.init(x: 0, y: 0), .init(x: 1, y: 1)])
        return LineChart(
            title: title,
            xAxis: "false positive rate",
            yAxis: "true positive rate",
            series: lines + [diagonal]
        )
    }

    /// The curve in a chart.
    public var chart: LineChart { Self.chart([self]) }
}

extension ScoredSamples {
    /// Calls `body` for each class that some samples have, and others have not: with its scores, and which samples are of it.
    func eachClass<Result>(_ body: ([Float], [Bool], Int) throws -> Result) rethrows -> [Result] {
        try (0..<classCount).compactMap { index in
            let isOfClass = labels.map { $0 == index }
            guard isOfClass.contains(true), isOfClass.contains(false) else { return nil }
            return try body((0..<count).map { scores[$0 * classCount + index] }, isOfClass, index)
        }
    }
}
