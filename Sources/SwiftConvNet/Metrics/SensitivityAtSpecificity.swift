/// The largest sensitivity, `TP / (TP + FN)`, of a threshold whose specificity, `TN / (TN + FP)`, is at least the given one; 0 if there is none.
///
/// Prediction of any shape, probabilities in 0...1, and a `Tensor` of as many targets, 0 or 1, per sample; `Labels` of 0 and 1 if there
/// is one output.
public struct SensitivityAtSpecificity: Metric, Hashable {
    public static let kind = "SensitivityAtSpecificity"
    /// The least specificity, in 0...1.
    public let specificity: Float
    /// The number of thresholds, which divide 0...1 evenly.
    public let numThresholds: Int
    /// The class, along the last axis, that alone counts; `nil` for all.
    public let classId: Int?
    public let name: String
    private var curve = ThresholdCurve()

    private enum CodingKeys: String, CodingKey { case specificity, numThresholds, classId, name }

    /// The metric.
    ///
    /// - Parameters:
    ///   - specificity: the least specificity, in 0...1.
    ///   - numThresholds: the number of thresholds, which divide 0...1 evenly: at least 1, which is 0.5.
    ///   - classId: the class, along the last axis, that alone counts; `nil` for all.
    ///   - name: the name under which it is reported.
    public init(
        specificity: Float,
        numThresholds: Int = 200,
        classId: Int? = nil,
        name: String = "sensitivity_at_specificity"
    ) {
        self.specificity = specificity
        self.numThresholds = numThresholds
        self.classId = classId
        self.name = name
    }

    public var stateCount: Int { curve.stateCount }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.curve = try ThresholdCurve(
            least: ("specificity", specificity),
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
        curve.largest(state, \.recall, where: \.specificity, isAtLeast: specificity)
    }
}

extension Metric where Self == SensitivityAtSpecificity {
    /// The largest sensitivity at a specificity: `SensitivityAtSpecificity`.
    public static func sensitivityAtSpecificity(
        _ specificity: Float,
        numThresholds: Int = 200,
        classId: Int? = nil
    ) -> Self {
        SensitivityAtSpecificity(specificity: specificity, numThresholds: numThresholds, classId: classId)
    }
}
