/// The share of samples whose integer class is among the `k` largest predictions; a class that ties with the k-th
/// is among them.
///
/// Prediction `[classes]` with `Labels`, or a map `[…, classes]` with a `Tensor` of class numbers, of which the share
/// of places counts.
public struct SparseTopKCategoricalAccuracy: MeanMetric, Hashable {
    public static let kind = "SparseTopKCategoricalAccuracy"
    public let name: String
    /// How many predictions count as right.
    public let k: Int

    /// The metric, and the name under which it is reported.
    public init(k: Int = 5, name: String = "sparse_top_k_categorical_accuracy") {
        self.k = k
        self.name = name
    }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        try TopK.validate(k)
        try targets.validateClasses(of: output, metric: name)
        return self
    }

    public func value(_ sample: MetricSample) -> Double {
        sample.shareOfPlaces { row, place in
            guard let label = Int(exactly: sample.label(at: place)), row.indices.contains(label) else {
                return false
            }
            return TopK.contains(label, k: k, in: row)
        }
    }
}

extension Metric where Self == SparseTopKCategoricalAccuracy {
    /// The share of samples whose class is among the `k` largest predictions: `SparseTopKCategoricalAccuracy`.
    public static func sparseTopKCategoricalAccuracy(k: Int = 5) -> Self {
        SparseTopKCategoricalAccuracy(k: k)
    }
}
