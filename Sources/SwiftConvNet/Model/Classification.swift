/// A class that a model predicts, with how sure it is.
public struct Classification: Sendable, Hashable {
    /// The class, counted from 0.
    public let classIndex: Int
    /// The name of the class; its number if the model has no names.
    public let name: String
    /// What the model puts out for the class: after softmax or sigmoid a probability, 0...1.
    public let confidence: Float
}

extension Classification: CustomStringConvertible {
    /// `Sandal: 0.973`.
    public var description: String {
        let confidence = (confidence * 1000).rounded() / 1000
        return "\(name): \(confidence)"
    }
}

extension Classification {
    /// The classes of some predictions, for each sample the surest first.
    ///
    /// - Parameters:
    ///   - predictions: `[samples, classes]`, or `[samples, 1]` for the probability of the second of two classes.
    ///   - names: those of the classes, if they have any.
    ///   - count: how many classes of each sample.
    /// - Throws: `ConvNetError` of kind `shape` for other predictions, of kind `argument` for another number of names, or a count below
    ///   1.
    static func top(_ count: Int, of predictions: Tensor, names: [String]?) throws -> [[Classification]] {
        guard predictions.shape.rank == 2, predictions.shape[1] > 0 else {
            throw ConvNetError(
                .shape,
                "The predictions are not those of a classifier",
                at: "classify",
                expected: "[samples, classes]",
                received: "\(predictions.shape)"
            )
        }
        guard count >= 1 else {
            throw ConvNetError(
                .argument,
                "Not a number of classes",
                at: "top",
                expected: "at least 1",
                received: "\(count)"
            )
        }
        let width = predictions.shape[1]
        let classCount = width == 1 ? 2 : width
        if let names, names.count != classCount {
            throw ConvNetError(
                .argument,
                "There must be a name for each class",
                at: "classNames",
                expected: "\(classCount) names",
                received: "\(names.count)"
            )
        }
        return predictions.withUnsafeBufferPointer { values in
            stride(from: 0, to: values.count, by: width).map { start in
                let row =
                    width == 1 ? [1 - values[start], values[start]] : Array(values[start..<(start + width)])
                // NaN is below every number, as for `argmax`, and of equals the first comes first.
                let order = row.indices.sorted { first, second in
                    let (a, b) = (row[first], row[second])
                    return a > b || !a.isNaN && b.isNaN || !(b > a || a.isNaN && !b.isNaN) && first < second
                }
                return order.prefix(count).map {
                    Classification(classIndex: $0, name: names?[$0] ?? "\($0)", confidence: row[$0])
                }
            }
        }
    }
}

extension Model {
    /// The surest classes of one sample, without the batch axis; the surest comes first.
    ///
    /// ```swift
    /// model.classNames = FashionMNIST.classNames
    /// let best = try model.classify(images[0..<1].reshaped(to: [28, 28]))[0]
    /// print(best.name, best.confidence)
    /// ```
    ///
    /// - Parameters:
    ///   - sample: of the shape `inputShape`; a channel axis of size 1 may be missing.
    ///   - top: how many classes, at least 1; fewer if there are fewer. Default: 5.
    /// - Throws: `ConvNetError` as `predictOne`; of kind `shape` if the predictions are not those of a classifier, `[classes]`, or `[1]`
    ///   for the probability of the second of two; of kind `argument` if `classNames` has another number of names.
    public func classify(_ sample: Tensor, top: Int = 5) throws -> [Classification] {
        try decodePredictions(predict(graph.batchOfOne(sample)), top: top)[0]
    }

    /// The surest classes of each sample, from what `predict` has returned; Keras' `decode_predictions`.
    ///
    /// - Parameters:
    ///   - predictions: `[samples, classes]`, or `[samples, 1]` for the probability of the second of two classes.
    ///   - top: how many classes of each sample, at least 1. Default: 5.
    /// - Throws: as `classify`.
    public func decodePredictions(_ predictions: Tensor, top: Int = 5) throws -> [[Classification]] {
        try Classification.top(top, of: predictions, names: classNames)
    }
}
