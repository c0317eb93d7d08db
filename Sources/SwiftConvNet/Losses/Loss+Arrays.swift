extension Loss {
    /// The loss of predictions, without a model: that of one batch, as `Model.evaluate` reports it.
    ///
    /// ```swift
    /// let loss = try MeanSquaredError()(try Tensor([1, 2, 3], shape: [3, 1]), try Tensor([1, 2, 5], shape: [3, 1]))  // 4 / 3
    /// ```
    ///
    /// - Parameters:
    ///   - targets: `Labels`, or a `Tensor` `[samples, …]`: Keras' `y_true`.
    ///   - predictions: `[samples, …]`: Keras' `y_pred`. A loss that starts before an activation takes what the activation
    ///     makes.
    ///   - sampleWeight: how much each sample counts; by default 1.
    /// - Throws: `ConvNetError` if the loss cannot compare such predictions with such targets, or a number is not finite.
    public func callAsFunction(
        _ targets: some TargetArray,
        _ predictions: Tensor,
        sampleWeight: [Float]? = nil
    ) throws -> Double {
        let values = try model(of: predictions).evaluate(
            predictions,
            targets,
            batchSize: max(predictions.shape.first ?? 1, 1),
            sampleWeight: sampleWeight
        )
        return values.loss ?? 0
    }

    /// The gradient of the loss with respect to the predictions, `[samples, …]` as they are.
    ///
    /// - Parameters:
    ///   - targets: `Labels`, or a `Tensor` `[samples, …]`.
    ///   - predictions: `[samples, …]`.
    ///   - sampleWeight: how much each sample counts; by default 1.
    /// - Throws: as `callAsFunction`.
    public func gradient(
        _ targets: some TargetArray,
        _ predictions: Tensor,
        sampleWeight: [Float]? = nil
    ) throws -> Tensor {
        let gradients = try model(of: predictions).gradients(
            predictions,
            targets,
            sampleWeight: sampleWeight,
            includingSamples: true
        )
        return gradients.inputs.first?.value ?? predictions
    }

    /// The loss values themselves, not reduced: Keras' reduction `none`. There is one for each sample, or for each place of a map.
    ///
    /// - Parameters:
    ///   - targets: `Labels`, or a `Tensor` `[samples, …]`.
    ///   - predictions: `[samples, …, size]`.
    /// - Returns: `[samples, …]`, without the predictions' last axis; of a loss that is made of operators what these make.
    /// - Throws: `ConvNetError` if the loss cannot compare such predictions with such targets; of kind `argument` if it has no value for
    ///   each place, as `Dice` has none.
    public func values(_ targets: some TargetArray, _ predictions: Tensor) throws -> Tensor {
        if let loss = self as? any OperatorLoss { return try loss.madeValues(targets.targets, predictions) }
        let shape = predictions.sampleShape, targets = targets.targets
        try validate(output: shape, targets: targets.kind)
        let row = Shape(shape.last.map { [$0] } ?? [])
        guard hasValueForEachRow(rank: shape.rank), !needsWholeBatch || self is any PlacewiseLoss else {
            throw ConvNetError(
                .argument,
                "\(Self.kind) has no loss value for each place of a prediction",
                at: "values",
                remedy: "Call the loss itself"
            )
        }
        guard targets.count == predictions.shape.first ?? 0 else {
            throw ConvNetError(
                .shape,
                "There is not a target for each prediction",
                at: "values",
                expected: "\(predictions.shape.first ?? 0) targets",
                received: "\(targets.count)"
            )
        }
        let places = shape.dropLast().reduce(1, *), size = row.elementCount
        let classCount = classCount(output: shape, targets: targets.kind)
        return try Tensor(shape: Shape(Array(predictions.shape.dropLast()))) { values in
            try predictions.withUnsafeBufferPointer { predictions in
                for index in values.indices {
                    try targets.withTarget(of: index / places, classCount: classCount) { label, target in
                        let own = target.count / places, place = index % places
                        values[index] = evaluate(
                            LossSample(
                                prediction: UnsafeBufferPointer(
                                    rebasing: predictions[(index * size)..<((index + 1) * size)]
                                ),
                                logits: nil,
                                shape: row,
                                label: label,
                                target: UnsafeBufferPointer(
                                    rebasing: target[(place * own)..<((place + 1) * own)]
                                ),
                                gradient: nil,
                                scale: 0
                            )
                        )
                    }
                }
            }
        }
    }

    /// Whether there is one loss value for each row along the last axis: asked with sizes of axes of which no other product is equal.
    private func hasValueForEachRow(rank: Int) -> Bool {
        let probe = Shape(Array([2, 3, 5, 7, 11, 13].prefix(rank)))
        return probe.rank == rank && rank > 0 && valueCount(of: probe) == probe.dropLast().reduce(1, *)
    }

    /// A model whose predictions are its samples.
    private func model(of predictions: Tensor) throws -> Model {
        // One thread: there is too little to compute for threads to be started.
        let model = try Sequential(
            inputShape: predictions.sampleShape,
            layers: [Activation(.linear)],
            options: ComputeOptions(threads: 1)
        )
        try model.compile(optimizer: .sgd(), loss: self)
        return model
    }
}

/// A loss that has a value for each place, and needs the whole batch only to know what targets mean, or how many count.
protocol PlacewiseLoss: Loss {}

extension Hinge: PlacewiseLoss {}
extension SquaredHinge: PlacewiseLoss {}
extension SparseCategoricalCrossentropy: PlacewiseLoss {}
