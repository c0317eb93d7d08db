/// The share of the answers yes that are right: `TP / (TP + FP)`, 0 if there are none. Yes is a prediction above the threshold.
///
/// Prediction of any shape, and a `Tensor` of as many targets, 0 or 1, per sample; `Labels` of 0 and 1 if there is one output.
/// There is one value for each threshold.
public struct Precision: Metric, Hashable {
    public static let kind = "Precision"
    /// In 0...1; `nil` for 0.5, or for none with `topK`.
    public let thresholds: [Float]?
    /// How many of the largest predictions, along the last axis, can be yes; `nil` for all.
    public let topK: Int?
    /// The class, along the last axis, that alone counts; `nil` for all.
    public let classId: Int?
    public let name: String
    private var decisions = Decisions()

    private enum CodingKeys: String, CodingKey { case thresholds, topK, classId, name }

    /// The metric.
    ///
    /// - Parameters:
    ///   - thresholds: in 0...1; `nil` for 0.5, or for none with `topK`. For training and evaluation one.
    ///   - topK: how many of the largest predictions, along the last axis, can be yes; `nil` for all.
    ///   - classId: the class, along the last axis, that alone counts; `nil` for all.
    ///   - name: the name under which it is reported.
    public init(
        thresholds: [Float]? = nil,
        topK: Int? = nil,
        classId: Int? = nil,
        name: String = "precision"
    ) {
        self.thresholds = thresholds
        self.topK = topK
        self.classId = classId
        self.name = name
    }

    public var stateCount: Int { 2 * decisions.thresholds.count }
    public var valueCount: Int { decisions.thresholds.count }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.decisions = try Decisions(
            thresholds: thresholds,
            topK: topK,
            classId: classId,
            output: output,
            targets: targets,
            metric: name
        )
        return metric
    }

    /// TP of each threshold, then FP of each.
    public func update(_ state: inout [Double], with sample: MetricSample) {
        let count = decisions.thresholds.count
        decisions.forEach(sample) { isTrue, prediction in
            for index in 0..<count where decisions.isAbove(prediction, index) {
                state[isTrue ? index : count + index] += Double(sample.weight)
            }
        }
    }

    public func result(_ state: [Double]) -> Double { values(state).first ?? 0 }

    public func values(_ state: [Double]) -> [Double] {
        let count = state.count / 2
        return (0..<count).map { Share.of(state[$0], in: state[$0] + state[count + $0]) }
    }
}

extension Metric where Self == Precision {
    /// The share of the answers yes that are right: `Precision`.
    public static func precision(
        thresholds: [Float]? = nil,
        topK: Int? = nil,
        classId: Int? = nil
    ) -> Self {
        Precision(thresholds: thresholds, topK: topK, classId: classId)
    }
}
