/// The share of samples whose largest target is among the `k` largest predictions; a class that ties with the k-th
/// is among them.
///
/// Prediction `[…, classes]`, and a `Tensor` of as many values per sample. Of a map the share of its places counts.
public struct TopKCategoricalAccuracy: MeanMetric, Hashable {
    public static let kind = "TopKCategoricalAccuracy"
    public let name: String
    /// How many predictions count as right.
    public let k: Int

    /// The metric, and the name under which it is reported.
    public init(k: Int = 5, name: String = "top_k_categorical_accuracy") {
        self.k = k
        self.name = name
    }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        try TopK.validate(k)
        try targets.validateValues(for: output, metric: name)
        return self
    }

    public func value(_ sample: MetricSample) -> Double {
        sample.shareOfPlaces { TopK.contains(argmax(sample.targets(at: $1)), k: k, in: $0) }
    }
}

extension Metric where Self == TopKCategoricalAccuracy {
    /// The share of samples whose target is among the `k` largest predictions: `TopKCategoricalAccuracy`.
    public static func topKCategoricalAccuracy(k: Int = 5) -> Self { TopKCategoricalAccuracy(k: k) }
}
