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
    ///   - sampleWeight: how much each sample counts; by default 1.
    /// - Throws: `ConvNetError` if the metric cannot compare such predictions with such targets, or reports several values.
    public func callAsFunction(
        _ targets: some TargetArray,
        _ predictions: Tensor,
        sampleWeight: [Float]? = nil
    ) throws -> Double {
        let targets = targets.targets
        let metric = try resolvedToOneValue(output: predictions.sampleShape, targets: targets.kind)
        return metric.result(try metric.state(targets, predictions, sampleWeight))
    }

    /// All values of predictions, without a model: one for each threshold or class, if the metric reports several.
    ///
    /// ```swift
    /// let recalls = try Recall(thresholds: [0.3, 0.7]).values(Tensor([1, 1]), Tensor([0.5, 0.9]))  // [1, 0.5]
    /// ```
    ///
    /// - Parameters:
    ///   - targets: `Labels`, or a `Tensor` `[samples, …]`: Keras' `y_true`.
    ///   - predictions: `[samples, …]`: Keras' `y_pred`.
    ///   - sampleWeight: how much each sample counts; by default 1.
    /// - Throws: `ConvNetError` if the metric cannot compare such predictions with such targets.
    public func values(
        _ targets: some TargetArray,
        _ predictions: Tensor,
        sampleWeight: [Float]? = nil
    ) throws -> [Double] {
        let targets = targets.targets
        let metric = try resolved(output: predictions.sampleShape, targets: targets.kind)
        return metric.values(try metric.state(targets, predictions, sampleWeight))
    }

    /// What the metric, already resolved, gathers.
    private func state(_ targets: Targets, _ predictions: Tensor, _ weights: [Float]?) throws -> [Double] {
        let count = predictions.shape.first ?? 0
        guard targets.count == count else {
            throw ConvNetError(
                .shape,
                "There is not a target for each prediction",
                at: name,
                expected: "\(count) targets",
                received: "\(targets.count)"
            )
        }
        try SampleWeights.validate(weights, count: count)
        let shape = predictions.sampleShape, size = shape.elementCount
        let classCount = shape.last.flatMap { $0 > 1 ? $0 : nil }
        var state = [Double](repeating: 0, count: stateCount)
        try predictions.withUnsafeBufferPointer { values in
            for sample in 0..<count {
                try targets.withTarget(of: sample, classCount: classCount) { label, target in
                    update(
                        &state,
                        with: MetricSample(
                            prediction: UnsafeBufferPointer(
                                rebasing: values[(sample * size)..<((sample + 1) * size)]
                            ),
                            shape: shape,
                            label: label,
                            target: target,
                            weight: weights?[sample] ?? 1
                        )
                    )
                }
            }
        }
        return state
    }
}

extension Tensor {
    /// The shape without the batch axis.
    var sampleShape: Shape { Shape(Array(shape.dropFirst())) }
}

extension Targets {
    /// What there is for each sample.
    var kind: TargetKind {
        switch self {
        case .labels: .labels
        case .values(let tensor): .values(Shape(Array(tensor.shape.dropFirst())))
        }
    }

    /// Lends the target of a sample.
    ///
    /// - Throws: `ConvNetError` of kind `data` if a class is out of range.
    func withTarget(
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
