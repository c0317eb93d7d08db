/// The largest precision, `TP / (TP + FP)`, of a threshold whose recall, `TP / (TP + FN)`, is at least the given one; 0 if there is none.
///
/// Prediction of any shape, probabilities in 0...1, and a `Tensor` of as many targets, 0 or 1, per sample; `Labels` of 0 and 1 if there
/// is one output.
public struct PrecisionAtRecall: Metric, Hashable {
    public static let kind = "PrecisionAtRecall"
    /// The least recall, in 0...1.
    public let recall: Float
    /// The number of thresholds, which divide 0...1 evenly.
    public let numThresholds: Int
    /// The class, along the last axis, that alone counts; `nil` for all.
    public let classId: Int?
    public let name: String
    private var curve = ThresholdCurve()

    private enum CodingKeys: String, CodingKey { case recall, numThresholds, classId, name }

    /// The metric.
    ///
    /// - Parameters:
    ///   - recall: the least recall, in 0...1.
    ///   - numThresholds: the number of thresholds, which divide 0...1 evenly: at least 1, which is 0.5.
    ///   - classId: the class, along the last axis, that alone counts; `nil` for all.
    ///   - name: the name under which it is reported.
    public init(
        recall: Float,
        numThresholds: Int = 200,
        classId: Int? = nil,
        name: String = "precision_at_recall"
    ) {
        self.recall = recall
        self.numThresholds = numThresholds
        self.classId = classId
        self.name = name
    }

    public var stateCount: Int { curve.stateCount }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.curve = try ThresholdCurve(
            least: ("recall", recall),
            numThresholds: numThresholds,
            classId: classId,
            output: output,
            targets: targets,
            metric: name
        )
        return metric
    }

    public func update(_ state: inout [Double], with sample: MetricSample) {
        curve.update(&state, with: sample)
    }

    public func result(_ state: [Double]) -> Double {
        curve.largest(state, \.precision, where: \.recall, isAtLeast: recall)
    }
}

extension Metric where Self == PrecisionAtRecall {
    /// The largest precision at a recall: `PrecisionAtRecall`.
    public static func precisionAtRecall(
        _ recall: Float,
        numThresholds: Int = 200,
        classId: Int? = nil
    ) -> Self {
        PrecisionAtRecall(recall: recall, numThresholds: numThresholds, classId: classId)
    }
}
