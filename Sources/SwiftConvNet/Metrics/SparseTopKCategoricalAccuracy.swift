/// The share of samples whose integer class is among the `k` largest predictions; a class that ties with the k-th
/// is among them.
///
/// Prediction `[classes]` with `Labels`, or a map `[…, classes]` with a `Tensor` of class numbers, of which the share
/// of places counts. With `fromSortedIds` predictions are classes themselves, the likeliest first.
public struct SparseTopKCategoricalAccuracy: MeanMetric, Hashable {
    public static let kind = "SparseTopKCategoricalAccuracy"
    public let name: String
    /// How many predictions count as right.
    public let k: Int
    /// Whether predictions are class numbers, the likeliest first, rather than a score for each class.
    public var fromSortedIds: Bool { sortedIds ?? false }
    /// Files of earlier versions do not have it, nor do those where it is `false`.
    private let sortedIds: Bool?

    /// The metric.
    ///
    /// - Parameters:
    ///   - k: how many predictions count as right, at least 1.
    ///   - name: the name under which it is reported.
    ///   - fromSortedIds: whether predictions are class numbers, the likeliest first, rather than a score for each class.
    public init(
        k: Int = 5,
        name: String = "sparse_top_k_categorical_accuracy",
        fromSortedIds: Bool = false
    ) {
        self.k = k
        self.name = name
        sortedIds = fromSortedIds ? true : nil
    }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        try TopK.validate(k)
        try targets.validateClasses(of: output, metric: name)
        return self
    }

    public func value(_ sample: MetricSample) -> Double {
        sample.shareOfPlaces { row, place in
            if fromSortedIds { return row.prefix(k).contains(sample.label(at: place)) }
            guard let label = Int(exactly: sample.label(at: place)), row.indices.contains(label) else {
                return false
            }
            return TopK.contains(label, k: k, in: row)
        }
    }
}

extension Metric where Self == SparseTopKCategoricalAccuracy {
    /// The share of samples whose class is among the `k` largest predictions: `SparseTopKCategoricalAccuracy`.
    public static func sparseTopKCategoricalAccuracy(k: Int = 5, fromSortedIds: Bool = false) -> Self {
        SparseTopKCategoricalAccuracy(k: k, fromSortedIds: fromSortedIds)
    }
}
