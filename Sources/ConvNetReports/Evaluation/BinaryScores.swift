import SwiftConvNet

/// How many positive and negative samples have a score of at least each threshold: what curves of a yes-or-no classifier are made
/// of. As scikit-learn's `_binary_clf_curve`.
struct BinaryScores {
    /// The distinct scores, the largest first.
    private(set) var thresholds: [Double] = []
    /// The weights of the positive, and of the negative, samples with at least that score.
    private(set) var truePositives: [Double] = [], falsePositives: [Double] = []

    /// The weights of all positive, and of all negative, samples.
    var positives: Double { truePositives.last ?? 0 }
    var negatives: Double { falsePositives.last ?? 0 }

    /// - Parameters:
    ///   - scores: a number for each sample, the larger the likelier positive.
    ///   - labels: whether each sample is positive.
    ///   - weights: how much each sample counts; all alike unless given.
    ///   - what: what errors call the curve.
    /// - Throws: `ConvNetError` of kind `argument` if the numbers of samples differ, of kind `data` if a score is not finite, a weight
    ///   is negative or not finite, or there are not samples of both kinds.
    init(
        _ scores: some Collection<some BinaryFloatingPoint>,
        _ labels: some Collection<Bool>,
        weights: [Double]?,
        for what: String
    ) throws {
        guard labels.count == scores.count, weights.map({ $0.count == scores.count }) ?? true else {
            throw ConvNetError(
                .argument,
                "\(what) needs a label, and perhaps a weight, for each score",
                at: what,
                expected: "\(scores.count) each",
                received: "\(labels.count) labels\(weights.map { ", \($0.count) weights" } ?? "")"
            )
        }
        let scores = scores.map { Double($0) }, labels = Array(labels)
        if let odd = scores.firstIndex(where: { !$0.isFinite }) {
            throw ConvNetError(
                .data,
                "A score is not finite",
                at: "\(what), sample \(odd)",
                expected: "a finite number",
                received: "\(scores[odd])"
            )
        }
        if let weights, let odd = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw ConvNetError(
                .data,
                "Not the weight of a sample",
                at: "\(what), sample \(odd)",
                expected: "a finite number of at least 0",
                received: "\(weights[odd])"
            )
        }
        var positive = 0.0, negative = 0.0
        // As scikit-learn does, for such a sample would only be a threshold.
        let order = scores.indices.filter { weights?[$0] != 0 }.sorted { (scores[$1], $0) < (scores[$0], $1) }
        for (place, sample) in order.enumerated() {
            let weight = weights?[sample] ?? 1
            if labels[sample] { positive += weight } else { negative += weight }
            let isLast = place == order.count - 1
            guard isLast || scores[order[place + 1]] != scores[sample] else { continue }
            thresholds.append(scores[sample])
            truePositives.append(positive)
            falsePositives.append(negative)
        }
        guard positives > 0, negatives > 0 else {
            throw ConvNetError(
                .data,
                "\(what) needs samples of both kinds",
                at: what,
                expected: "at least one positive and one negative sample",
                received: "weights \(positives) and \(negatives)"
            )
        }
    }
}

extension LineChart.Series {
    /// The most points of a curve that a chart shows.
    private static let pointLimit = 400

    /// A line through some of the points: all, or so many that a line looks the same; the first and the last are among them.
    init(_ name: String, thinned points: [LineChart.Point]) {
        guard points.count > Self.pointLimit else {
            self.init(name, points: points)
            return
        }
        let last = Double(points.count - 1), steps = Double(Self.pointLimit - 1)
        self.init(
            name,
            points: (0..<Self.pointLimit).map { points[Int((Double($0) / steps * last).rounded())] }
        )
    }
}
