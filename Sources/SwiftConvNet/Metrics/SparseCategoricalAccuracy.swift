/// The share of samples whose largest prediction is at the place of their integer class; the first of equals counts.
///
/// Prediction `[classes]` with `Labels`, or a map `[…, classes]` with a `Tensor` of class numbers, of which the share
/// of places counts.
public struct SparseCategoricalAccuracy: MeanMetric, Hashable {
    public static let kind = "SparseCategoricalAccuracy"
    public let name: String

    /// The metric, and the name under which it is reported.
    public init(name: String = "sparse_categorical_accuracy") { self.name = name }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        try targets.validateClasses(of: output, metric: name)
        return self
    }

    public func value(_ sample: MetricSample) -> Double {
        sample.shareOfPlaces { Float(argmax($0)) == sample.label(at: $1) }
    }
}

extension Metric where Self == SparseCategoricalAccuracy {
    /// The share of samples whose largest prediction is at their class: `SparseCategoricalAccuracy`.
    public static var sparseCategoricalAccuracy: SparseCategoricalAccuracy { SparseCategoricalAccuracy() }
}
