/// The metrics of this library, for what decodes them by their `kind`.
package enum BuiltInMetrics {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Metric.Type] = [
        AutomaticAccuracy.self, Accuracy.self, BinaryAccuracy.self, CategoricalAccuracy.self,
        SparseCategoricalAccuracy.self,
        TopKCategoricalAccuracy.self, SparseTopKCategoricalAccuracy.self,
    ]
}
