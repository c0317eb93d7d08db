/// The share of predicted values that equal their target exactly: Keras' class `Accuracy`, for outputs that are classes
/// or other whole numbers themselves. For outputs that are probabilities `.accuracy` chooses the metric that fits.
///
/// Prediction of any shape, and a `Tensor` of as many targets per sample; `Labels` if there is one output.
public struct Accuracy: MeanMetric, Hashable {
    public static let kind = "Accuracy"
    public let name: String

    /// The metric, and the name under which it is reported.
    public init(name: String = "accuracy") { self.name = name }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        if targets != .labels || output.elementCount != 1 {
            try targets.validateValues(for: output, metric: name)
        }
        return self
    }

    public func value(_ sample: MetricSample) -> Double {
        let equal = sample.prediction.indices.count {
            sample.prediction[$0] == (sample.target.isEmpty ? Float(sample.label) : sample.target[$0])
        }
        return Double(equal) / Double(max(sample.prediction.count, 1))
    }
}
