import Foundation

/// The area under a curve of many thresholds: of right against wrong alarms (ROC), of precision against recall (PR), or of their
/// gains (PRGAIN).
///
/// Prediction of any shape, probabilities in 0...1, and a `Tensor` of as many targets, 0 or 1, per sample; `Labels` of 0 and 1 if there
/// is one output. The area is that of Keras, sums over the thresholds: more thresholds come nearer to the exact one.
public struct AUC: Metric, Hashable {
    /// What is drawn against what.
    public enum Curve: String, Sendable, Hashable, Codable, CaseIterable {
        /// The recall over the share of wrong alarms.
        case roc = "ROC"
        /// The precision over the recall.
        case pr = "PR"
        /// The gain in precision over the gain in recall (Flach and Kull, "Precision-Recall-Gain Curves", 2015).
        case prGain = "PRGAIN"
    }

    /// The height of the curve between two thresholds.
    public enum SummationMethod: String, Sendable, Hashable, Codable, CaseIterable {
        /// The middle; for `PR` the interpolation of Davis and Goadrich, "The Relationship Between Precision-Recall and ROC Curves",
        /// 2006.
        case interpolation
        /// The lower end.
        case minoring
        /// The higher end.
        case majoring
    }

    public static let kind = "AUC"
    /// The number of thresholds, which divide 0...1 evenly, unless `thresholds` are given.
    public let numThresholds: Int
    public let curve: Curve
    public let summationMethod: SummationMethod
    public let name: String
    /// Thresholds in 0...1 in place of evenly divided ones; one below 0 and one above 1 come to them.
    public let thresholds: [Float]?
    /// Whether there is a curve for each label, along the last axis, of which the areas are averaged; else one for all.
    public let multiLabel: Bool
    /// The number of labels of a metric with `multiLabel`: checked, if it is given.
    public let numLabels: Int?
    /// How much each label counts; `nil` for all alike.
    public let labelWeights: [Float]?
    /// Whether predictions are logits rather than probabilities.
    public let fromLogits: Bool
    private var table = ThresholdCurve()

    private enum CodingKeys: String, CodingKey {
        case numThresholds, curve, summationMethod, name, thresholds, multiLabel, numLabels, labelWeights
        case fromLogits
    }

    /// The metric.
    ///
    /// - Parameters:
    ///   - numThresholds: the number of thresholds, which divide 0...1 evenly, at least 2.
    ///   - curve: what is drawn against what.
    ///   - summationMethod: the height of the curve between two thresholds.
    ///   - name: the name under which it is reported.
    ///   - thresholds: in 0...1, in place of evenly divided ones.
    ///   - multiLabel: whether there is a curve for each label, along the only axis of the output.
    ///   - numLabels: the number of labels, to be checked; only with `multiLabel`.
    ///   - labelWeights: how much each label counts, at least 0; `nil` for all alike.
    ///   - fromLogits: whether predictions are logits rather than probabilities.
    public init(
        numThresholds: Int = 200,
        curve: Curve = .roc,
        summationMethod: SummationMethod = .interpolation,
        name: String = "auc",
        thresholds: [Float]? = nil,
        multiLabel: Bool = false,
        numLabels: Int? = nil,
        labelWeights: [Float]? = nil,
        fromLogits: Bool = false
    ) {
        self.numThresholds = numThresholds
        self.curve = curve
        self.summationMethod = summationMethod
        self.name = name
        self.thresholds = thresholds
        self.multiLabel = multiLabel
        self.numLabels = numLabels
        self.labelWeights = labelWeights
        self.fromLogits = fromLogits
    }

    public var stateCount: Int { table.stateCount }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        let inner: [Float]
        if let thresholds {
            try Decisions.validate(thresholds, metric: name)
            try ThresholdCurve.validate(thresholds.count + 2, atLeast: 2, metric: name)
            inner = thresholds.sorted()
        } else {
            try ThresholdCurve.validate(numThresholds, atLeast: 2, metric: name)
            inner = (0..<(numThresholds - 2)).map { Float($0 + 1) / Float(numThresholds - 1) }
        }
        try validateLabels(output)
        try targets.validateAnswers(for: output, metric: name)
        let margin = CrossEntropy.epsilon
        var metric = self
        metric.table = ThresholdCurve(
            thresholds: [-margin] + inner + [1 + margin],
            isEven: thresholds == nil || Decisions.areEven([0] + inner + [1]),
            hasMargin: true,
            labelCount: multiLabel ? output.elementCount : 1,
            labelWeights: multiLabel ? nil : labelWeights
        )
        return metric
    }

    private func validateLabels(_ output: Shape) throws {
        func refusal(_ what: String, _ setting: String, _ expected: String, _ received: String)
            -> ConvNetError
        {
            ConvNetError(.argument, what, at: "\(name), \(setting)", expected: expected, received: received)
        }
        let count = output.last ?? 1
        if multiLabel, output.rank != 1 {
            throw ConvNetError(
                .shape,
                "The metric \(name) needs one prediction for each label",
                at: "metrics",
                expected: "[labels]",
                received: "\(output)"
            )
        }
        if let numLabels, !multiLabel || numLabels != count {
            throw refusal(
                "Not the number of labels",
                "numLabels",
                multiLabel ? "\(count)" : "nil without multiLabel",
                "\(numLabels)"
            )
        }
        if let labelWeights, labelWeights.count != count {
            throw refusal(
                "There is not a weight for each label",
                "labelWeights",
                "\(count) weights",
                "\(labelWeights.count)"
            )
        }
        if let odd = labelWeights?.first(where: { !$0.isFinite || $0 < 0 }) {
            throw refusal("Not a weight", "labelWeights", "finite numbers of at least 0", "\(odd)")
        }
    }

    public func update(_ state: inout [Double], with sample: MetricSample) {
        if fromLogits {
            table.update(&state, with: sample) { 1 / (1 + exp(-$0)) }
        } else {
            table.update(&state, with: sample)
        }
    }

    public func result(_ state: [Double]) -> Double {
        let areas = (0..<table.labelCount).map { area(table.counts(state, label: $0)) }
        guard multiLabel else { return areas[0] }
        guard let labelWeights else { return areas.reduce(0, +) / Double(areas.count) }
        let weights = labelWeights.map { Double($0) }
        return Share.of(zip(areas, weights).reduce(0) { $0 + $1.0 * $1.1 }, in: weights.reduce(0, +))
    }

    private func area(_ counts: [ThresholdCurve.Counts]) -> Double {
        if curve == .pr, summationMethod == .interpolation { return interpolatedArea(counts) }
        let points = counts.map(point)
        return zip(points, points.dropFirst()).reduce(0) { sum, pair in
            let (left, right) = pair
            let height =
                switch summationMethod {
                case .interpolation: (left.y + right.y) / 2
                case .minoring: min(left.y, right.y)
                case .majoring: max(left.y, right.y)
                }
            return sum + (left.x - right.x) * height
        }
    }

    private func point(_ counts: ThresholdCurve.Counts) -> (x: Double, y: Double) {
        let (right, wrong) = (counts.truePositives, counts.falsePositives)
        let yes = right + counts.falseNegatives, no = wrong + counts.trueNegatives
        switch curve {
        case .roc: return (Share.of(wrong, in: no), Share.of(right, in: yes))
        case .pr: return (Share.of(right, in: yes), Share.of(right, in: right + wrong))
        case .prGain:
            guard right != 0 else { return (0, 1) }
            let scale = Share.of(yes, in: no)
            // A recall below the share of true answers has no gain.
            return (max(1 - scale * counts.falseNegatives / right, 0), 1 - scale * wrong / right)
        }
    }

    /// Between two thresholds the true positives are taken to grow in proportion to the positives.
    private func interpolatedArea(_ counts: [ThresholdCurve.Counts]) -> Double {
        zip(counts, counts.dropFirst()).reduce(0) { sum, pair in
            let (left, right) = pair
            let positives = left.truePositives + left.falsePositives
            let next = right.truePositives + right.falsePositives
            let gained = left.truePositives - right.truePositives
            let slope = Share.of(gained, in: max(positives - next, 0))
            let intercept = right.truePositives - slope * next
            let ratio = positives > 0 && next > 0 ? positives / next : 1
            let all = max(right.truePositives + right.falseNegatives, 0)
            return sum + Share.of(slope * (gained + intercept * log(ratio)), in: all)
        }
    }
}

extension Metric where Self == AUC {
    /// The area under a curve of many thresholds: `AUC`.
    public static func auc(
        numThresholds: Int = 200,
        curve: AUC.Curve = .roc,
        summationMethod: AUC.SummationMethod = .interpolation,
        thresholds: [Float]? = nil,
        multiLabel: Bool = false,
        labelWeights: [Float]? = nil,
        fromLogits: Bool = false
    ) -> Self {
        AUC(
            numThresholds: numThresholds,
            curve: curve,
            summationMethod: summationMethod,
            thresholds: thresholds,
            multiLabel: multiLabel,
            labelWeights: labelWeights,
            fromLogits: fromLogits
        )
    }
}
