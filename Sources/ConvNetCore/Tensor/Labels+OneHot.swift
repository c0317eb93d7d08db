/// One row per label with a one at the label's index and zeros elsewhere, under Keras' name; `Labels.oneHot(classCount:)`.
///
/// ```swift
/// let targets = try toCategorical([0, 2, 1])   // [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
/// ```
///
/// - Parameters:
///   - labels: the classes, from 0.
///   - classes: the number of classes; `nil`, the default, for one more than the largest label.
/// - Throws: `ConvNetError` of kind `data` if a label is not in `0..<classes`.
public func toCategorical(_ labels: Labels, classes: Int? = nil) throws -> Tensor {
    try labels.oneHot(classCount: classes ?? Int(labels.values.max() ?? -1) + 1)
}
