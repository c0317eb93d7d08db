/// The share of samples whose largest prediction is at the place of their largest target, such as the one of a
/// one-hot class; the first of equals counts.
///
/// Prediction `[…, classes]`, and a `Tensor` of as many values per sample. Of a map the share of its places counts.
public struct CategoricalAccuracy: MeanMetric, Hashable {
    public static let kind = "CategoricalAccuracy"
    public let name: String

    /// The metric, and the name under which it is reported.
    public init(name: String = "categorical_accuracy") { self.name = name }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        try targets.validateValues(for: output, metric: name)
        return self
    }

    public func value(_ sample: MetricSample) -> Double {
        sample.shareOfPlaces { argmax($0) == argmax(sample.targets(at: $1)) }
    }
}

extension Metric where Self == CategoricalAccuracy {
    /// The share of samples whose largest prediction is at their largest target: `CategoricalAccuracy`.
    public static var categoricalAccuracy: CategoricalAccuracy { CategoricalAccuracy() }
}
