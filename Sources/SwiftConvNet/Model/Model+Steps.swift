extension Model {
    /// Runs the forward pass, and for training the backward pass, on some samples of a dataset.
    func run(
        _ samples: UnsafeBufferPointer<Int>, of dataset: any Dataset, mode: Site.Mode, loss: (any Loss)?,
        weights: SampleWeights = SampleWeights(), needsSampleGradient: Bool = false
    ) throws -> Plan {
        let targets = loss == nil ? TargetKind.none : dataset.targetKind
        try engine.batch.reserve(capacity: samples.count, targets: targets)
        try engine.batch.take(
            samples, of: dataset, classCount: loss?.classCount(output: outputShape, targets: targets),
            weights: weights)
        defer { engine.batch.release() }
        let plan = try engine.plan(
            for: Engine.Work(
                batch: samples.count, mode: mode, usesLoss: loss != nil,
                needsSampleGradient: needsSampleGradient))
        engine.batchesDone = compilation?.optimizer.batchesDone ?? 0
        try engine.execute(plan)
        return plan
    }

    /// One step of training on some samples: forward, backward, update.
    ///
    /// - Returns: whether it has passed the check; if not, there was no update.
    func trainStep(
        _ samples: UnsafeBufferPointer<Int>, of dataset: any Dataset, weights: SampleWeights,
        figures: inout EpochFigures, check: StepCheck? = nil
    ) throws -> Bool {
        let compilation = try compiled(for: "fit")
        let plan = try run(samples, of: dataset, mode: .training, loss: compilation.loss, weights: weights)
        if let check, try !check.passes() {
            figures.skippedBatches += 1
            return false
        }
        figures.update(engine.batch, predictions: engine.prediction(of: plan), shape: outputShape)
        engine.commitStates()
        try compilation.optimizer.apply(on: engine)
        return true
    }

    /// Loss and metrics over a dataset, or some of its samples, batch by batch, in its order.
    func judge(
        _ dataset: any Dataset, samples: Range<Int>? = nil, batchSize: Int,
        weights: SampleWeights = SampleWeights()
    ) throws -> MetricValues {
        let compilation = try compiled(for: "evaluate")
        var figures = try EpochFigures(compilation.metrics, output: outputShape, targets: dataset.targetKind)
        try MemoryCheck.indices(samples ?? 0..<dataset.count).forEachBatch(of: batchSize) { samples in
            let plan = try run(
                samples, of: dataset, mode: .inference, loss: compilation.loss, weights: weights)
            figures.update(engine.batch, predictions: engine.prediction(of: plan), shape: outputShape)
        }
        return figures.values
    }

    /// Checks all targets that are in memory: what is wrong with the last of them is to be known before the first step.
    ///
    /// - Throws: `ConvNetError` of kind `data` that names the first sample whose target cannot be.
    func checkTargets(of samples: Range<Int>, in dataset: any Dataset, loss: any Loss) throws {
        guard dataset.hasTargetsInMemory else { return }
        try engine.batch.checkTargets(
            of: samples, in: dataset,
            classCount: loss.classCount(output: outputShape, targets: dataset.targetKind))
    }

    /// Checks that a dataset fits the model, and its loss if it is to be compared.
    func check(_ dataset: any Dataset, batchSize: Int, loss: (any Loss)?, for call: String) throws {
        try graph.check(dataset, batchSize: batchSize, for: call)
        if let loss { try loss.validate(output: outputShape, targets: dataset.targetKind) }
    }
}

extension Graph {
    /// Checks that the samples of a dataset can enter the network.
    func check(_ dataset: any Dataset, batchSize: Int, for call: String) throws {
        guard dataset.count > 0 else {
            throw ConvNetError(
                .data, "The dataset is empty", at: call, expected: "at least 1 sample", received: "0")
        }
        guard batchSize >= 1 else {
            throw ConvNetError(
                .argument, "Not a batch size", at: "batchSize", expected: "at least 1",
                received: "\(batchSize)")
        }
        guard isInput(dataset.sampleShape) else {
            throw ConvNetError(
                .shape, "The samples do not fit the model", at: call,
                expected: "samples of shape \(inputShape)",
                received: "\(dataset.count) of shape \(dataset.sampleShape)",
                remedy: remedy(forSamples: dataset.sampleShape, count: dataset.count))
        }
    }

    /// Whether samples of a shape can enter: a last axis of size 1 may be missing, or there may be one too many, as in
    /// Keras. Their numbers are the same, in the same order.
    private func isInput(_ shape: Shape) -> Bool {
        let own = inputShape.dimensions
        return shape == inputShape || shape.dimensions + [1] == own || own + [1] == shape.dimensions
    }
}
