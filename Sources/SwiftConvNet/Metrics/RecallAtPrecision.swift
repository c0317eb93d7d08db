/// The largest recall, `TP / (TP + FN)`, of a threshold whose precision, `TP / (TP + FP)`, is at least the given one; 0 if there is none.
///
/// Prediction of any shape, probabilities in 0...1, and a `Tensor` of as many targets, 0 or 1, per sample; `Labels` of 0 and 1 if there
/// is one output.
public struct RecallAtPrecision: Metric, Hashable {
    public static let kind = "RecallAtPrecision"
    /// The least precision, in 0...1.
    public let precision: Float
    /// The number of thresholds, which divide 0...1 evenly.
    public let numThresholds: Int
    /// The class, along the last axis, that alone counts; `nil` for all.
    public let classId: Int?
    public let name: String
    private var curve = ThresholdCurve()

    private enum CodingKeys: String, CodingKey { case precision, numThresholds, classId, name }

    /// The metric.
    ///
    /// - Parameters:
    ///   - precision: the least precision, in 0...1.
    ///   - numThresholds: the number of thresholds, which divide 0...1 evenly: at least 1, which is 0.5.
    ///   - classId: the class, along the last axis, that alone counts; `nil` for all.
    ///   - name: the name under which it is reported.
    public init(
        precision: Float,
        numThresholds: Int = 200,
        classId: Int? = nil,
        name: String = "recall_at_precision"
    ) {
        self.precision = precision
        self.numThresholds = numThresholds
        self.classId = classId
        self.name = name
    }

    public var stateCount: Int { curve.stateCount }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.curve = try ThresholdCurve(
            least: ("precision", precision),
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
        curve.largest(state, \.recall, where: \.precision, isAtLeast: precision)
    }
}

extension Metric where Self == RecallAtPrecision {
    /// The largest recall at a precision: `RecallAtPrecision`.
    public static func recallAtPrecision(
        _ precision: Float,
        numThresholds: Int = 200,
        classId: Int? = nil
    ) -> Self {
        RecallAtPrecision(precision: precision, numThresholds: numThresholds, classId: classId)
    }
}
