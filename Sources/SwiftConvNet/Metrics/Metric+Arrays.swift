extension Metric {
    /// The figure of predictions, without a model, as `Model.evaluate` reports it.
    ///
    /// ```swift
    /// let accuracy = try BinaryAccuracy()(try Tensor([1, 0], shape: [2, 1]), try Tensor([0.9, 0.6], shape: [2, 1]))  // 0.5
    /// ```
    ///
    /// - Parameters:
    ///   - targets: `Labels`, or a `Tensor` `[samples, …]`: Keras' `y_true`.
    ///   - predictions: `[samples, …]`: Keras' `y_pred`.
    /// - Throws: `ConvNetError` if the metric cannot compare such predictions with such targets.
    public func callAsFunction(_ targets: some TargetArray, _ predictions: Tensor) throws -> Double {
        let targets = targets.targets, count = predictions.shape.first ?? 0
        guard targets.count == count else {
            throw ConvNetError(
                .shape,
                "There is not a target for each prediction",
                at: name,
                expected: "\(count) targets",
                received: "\(targets.count)"
            )
        }
        let shape = Shape(Array(predictions.shape.dropFirst()))
        let metric = try resolved(output: shape, targets: targets.kind)
        var state = [Double](repeating: 0, count: metric.stateCount)
        try predictions.withUnsafeBufferPointer { values in
            for sample in 0..<count {
                try targets.withTarget(of: sample, classCount: shape.last.flatMap { $0 > 1 ? $0 : nil }) {
                    label,
                    target in
                    let size = shape.elementCount
                    metric.update(
                        &state,
                        with: MetricSample(
                            prediction: UnsafeBufferPointer(
                                rebasing: values[(sample * size)..<((sample + 1) * size)]
                            ),
                            shape: shape,
                            label: label,
                            target: target
                        )
                    )
                }
            }
        }
        return metric.result(state)
    }
}

extension Targets {
    /// What there is for each sample.
    fileprivate var kind: TargetKind {
        switch self {
        case .labels: .labels
        case .values(let tensor): .values(Shape(Array(tensor.shape.dropFirst())))
        }
    }

    /// Lends the target of a sample.
    ///
    /// - Throws: `ConvNetError` of kind `data` if a class is out of range.
    fileprivate func withTarget(
        of sample: Int,
        classCount: Int?,
        _ body: (_ label: Int, UnsafeBufferPointer<Float>) -> Void
    ) throws {
        switch self {
        case .labels(let labels):
            let label = Int(labels.values[sample])
            if let classCount, !(0..<classCount).contains(label) {
                throw ConvNetError(
                    .data,
                    "A label is out of range",
                    at: "sample \(sample)",
                    expected: "a class in 0..<\(classCount)",
                    received: "\(label)"
                )
            }
            body(label, UnsafeBufferPointer(start: nil, count: 0))
        case .values(let tensor):
            let size = tensor.shape.elementCount / max(count, 1)
            tensor.withUnsafeBufferPointer {
                body(0, UnsafeBufferPointer(rebasing: $0[(sample * size)..<((sample + 1) * size)]))
            }
        }
    }
}
