extension [Int: Float] {
    /// Weights of classes, for `fit(classWeight:)`, by which all classes count alike: a class that `n` of `N` labels have
    /// weighs `N / (k n)`, with `k` classes. As scikit-learn's `compute_class_weight("balanced")`.
    ///
    /// ```swift
    /// try model.fit(data, classWeight: .balanced(Labels(labels)))
    /// ```
    ///
    /// A class that no label has gets no weight; it counts 1 where it turns up later.
    public static func balanced(_ labels: Labels) -> [Int: Float] {
        var counts: [Int: Int] = [:]
        for label in labels { counts[label, default: 0] += 1 }
        return counts.mapValues { Float(Double(labels.count) / Double(counts.count * $0)) }
    }

    /// The same of a dataset, whose labels are read once.
    ///
    /// ```swift
    /// try model.fit(data, classWeight: .balanced(data))
    /// ```
    ///
    /// - Parameters:
    ///   - dataset: samples with a class, or one-hot values.
    ///   - field: the name of the target that has it; `nil`, the default, if there is only one.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such target, or more than one; what the dataset throws.
    public static func balanced(_ dataset: some Dataset, by field: String? = nil) throws -> [Int: Float] {
        balanced(Labels(try SampleClasses(of: dataset, in: field, for: "balanced(_:by:)").classes))
    }
}
