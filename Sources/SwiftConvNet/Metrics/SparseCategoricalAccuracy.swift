/// The share of samples whose largest prediction is at the place of their integer class.
public struct SparseCategoricalAccuracy: MeanMetric, Hashable {
    public static let kind = "SparseCategoricalAccuracy"
    public let name: String

    /// The metric, and the name under which it is reported.
    public init(name: String = "sparse_categorical_accuracy") { self.name = name }

    public func value(_ sample: MetricSample) -> Double { argmax(sample.prediction) == sample.label ? 1 : 0 }
}

extension Metric where Self == SparseCategoricalAccuracy {
    /// The share of samples whose largest prediction is at their class: `SparseCategoricalAccuracy`.
    public static var sparseCategoricalAccuracy: SparseCategoricalAccuracy { SparseCategoricalAccuracy() }
}
