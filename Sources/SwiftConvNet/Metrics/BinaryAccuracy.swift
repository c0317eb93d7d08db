/// The share of yes-or-no questions that are answered right: yes is a prediction above the threshold.
///
/// Prediction of any shape, and a `Tensor` of as many targets, 0 or 1, per sample; `Labels` of 0 and 1 if there is
/// one question.
public struct BinaryAccuracy: MeanMetric, Hashable {
    public static let kind = "BinaryAccuracy"
    public let name: String
    /// A prediction above it counts as 1, else as 0; the threshold itself counts as 0.
    public let threshold: Float

    /// The metric, its threshold, and the name under which it is reported.
    public init(threshold: Float = 0.5, name: String = "binary_accuracy") {
        self.threshold = threshold
        self.name = name
    }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        if targets != .labels || output.elementCount != 1 {
            try targets.validateValues(for: output, metric: name)
        }
        return self
    }

    public func value(_ sample: MetricSample) -> Double {
        var right = 0
        for place in sample.prediction.indices {
            let target = sample.target.isEmpty ? Float(sample.label) : sample.target[place]
            if (sample.prediction[place] > threshold ? 1 : 0) == target { right += 1 }
        }
        return Double(right) / Double(max(sample.prediction.count, 1))
    }
}

extension Metric where Self == BinaryAccuracy {
    /// The share of yes-or-no questions that are answered right: `BinaryAccuracy`.
    public static func binaryAccuracy(threshold: Float = 0.5) -> Self { BinaryAccuracy(threshold: threshold) }
}
