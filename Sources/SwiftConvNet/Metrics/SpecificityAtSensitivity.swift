/// The largest specificity, `TN / (TN + FP)`, of a threshold whose sensitivity, `TP / (TP + FN)`, is at least the given one; 0 if there is none.
///
/// Prediction of any shape, probabilities in 0...1, and a `Tensor` of as many targets, 0 or 1, per sample; `Labels` of 0 and 1 if there
/// is one output.
public struct SpecificityAtSensitivity: Metric, Hashable {
    public static let kind = "SpecificityAtSensitivity"
    /// The least sensitivity, in 0...1.
    public let sensitivity: Float
    /// The number of thresholds, which divide 0...1 evenly.
    public let numThresholds: Int
    /// The class, along the last axis, that alone counts; `nil` for all.
    public let classId: Int?
    public let name: String
    private var curve = ThresholdCurve()

    private enum CodingKeys: String, CodingKey { case sensitivity, numThresholds, classId, name }

    /// The metric.
    ///
    /// - Parameters:
    ///   - sensitivity: the least sensitivity, in 0...1.
    ///   - numThresholds: the number of thresholds, which divide 0...1 evenly: at least 1, which is 0.5.
    ///   - classId: the class, along the last axis, that alone counts; `nil` for all.
    ///   - name: the name under which it is reported.
    public init(
        sensitivity: Float,
        numThresholds: Int = 200,
        classId: Int? = nil,
        name: String = "specificity_at_sensitivity"
    ) {
        self.sensitivity = sensitivity
        self.numThresholds = numThresholds
        self.classId = classId
        self.name = name
    }

    public var stateCount: Int { curve.stateCount }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.curve = try ThresholdCurve(
            least: ("sensitivity", sensitivity),
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
        curve.largest(state, \.specificity, where: \.recall, isAtLeast: sensitivity)
    }
}

extension Metric where Self == SpecificityAtSensitivity {
    /// The largest specificity at a sensitivity: `SpecificityAtSensitivity`.
    public static func specificityAtSensitivity(
        _ sensitivity: Float,
        numThresholds: Int = 200,
        classId: Int? = nil
    ) -> Self {
        SpecificityAtSensitivity(sensitivity: sensitivity, numThresholds: numThresholds, classId: classId)
    }
}
