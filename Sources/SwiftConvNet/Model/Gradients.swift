/// What `gradients` computes: the loss of a batch and its derivative by every trainable parameter.
public struct Gradients: Sendable {
    /// The loss of the batch.
    public let loss: Double
    /// For each parameter that learns, by its name such as `conv2d/kernel`, a tensor of its shape. Those of layers that were not
    /// trainable when the model was compiled are not there.
    public var parameters: [String: Tensor]
    /// The derivative by the samples themselves, if it was asked for.
    public let samples: Tensor?
    /// What the pass has made of what layers keep, such as moving statistics, by name: `apply` has the layers keep it.
    package let states: [String: Tensor]
}

extension Model {
    /// The gradients of the loss for one batch, for loops of one's own. Nothing is changed, so that the same call gives the same
    /// gradients.
    ///
    /// Layers behave as they do while training: dropout drops, and `apply` moves the moving statistics.
    ///
    /// - Parameters:
    ///   - x: the samples, `[samples, …]`.
    ///   - y: their targets, `Labels` or `Tensor`.
    ///   - sampleWeight: how much each sample counts.
    ///   - includingSamples: whether the derivative by the samples is computed as well.
    /// - Throws: `ConvNetError` if the model is not compiled, or the data does not fit it.
    public func gradients(
        _ x: Tensor, _ y: some TargetArray, sampleWeight: [Float]? = nil, includingSamples: Bool = false
    ) throws -> Gradients {
        try use.begin("gradients")
        defer { use.end() }
        let compilation = try compiled(for: "gradients")
        let loss = compilation.loss
        let data = try ArrayDataset(x, y)
        let weights = SampleWeights(samples: sampleWeight)
        try check(data, batchSize: max(data.count, 1), loss: loss, for: "gradients")
        try weights.validate(for: data)
        var figures = try EpochFigures([], output: outputShape, targets: data.targetKind)
        var samples: Tensor?
        try MemoryCheck.indices(0..<data.count).forEachBatch(of: data.count) { batch in
            let plan = try run(
                batch, of: data, mode: .training, loss: loss, weights: weights,
                needsSampleGradient: includingSamples)
            figures.update(engine.batch, predictions: engine.prediction(of: plan), shape: outputShape)
            if let gradient = engine.sampleGradient(of: plan) {
                samples = try Tensor(shape: x.shape) { _ = $0.update(fromContentsOf: gradient) }
            }
        }
        let tensors = try compilation.optimizer.entries.map {
            ($0.name, try store.tensor($0, in: engine.gradients))
        }
        return Gradients(
            loss: figures.values.values[0], parameters: Dictionary(uniqueKeysWithValues: tensors),
            samples: samples, states: try engine.pendingStates())
    }

    /// Changes the parameters by gradients, as a step of `fit` does: moving statistics, clipping, then the optimizer's rule.
    ///
    /// - Throws: `ConvNetError` if the model is not compiled, or a parameter's gradient is missing or has another
    ///   shape; then nothing is changed.
    public func apply(_ gradients: Gradients) throws {
        try use.begin("apply")
        defer { use.end() }
        let optimizer = try compiled(for: "apply").optimizer
        for entry in optimizer.entries {
            guard let tensor = gradients.parameters[entry.name] else {
                throw ConvNetError(.argument, "A gradient is missing", at: entry.name)
            }
            try store.set(tensor, for: entry, in: engine.gradients)
        }
        for entry in store.entries {
            if let state = gradients.states[entry.name] { try store.set(state, for: entry) }
        }
        try optimizer.apply(on: engine)
    }

    /// One step of training on one batch.
    ///
    /// - Parameters:
    ///   - x: the samples, `[samples, …]`.
    ///   - y: their targets, `Labels` or `Tensor`.
    ///   - sampleWeight: how much each sample counts.
    ///   - classWeight: how much each class counts; see `fit`.
    /// - Returns: loss and metrics of the batch, before the step.
    /// - Throws: `ConvNetError` if the model is not compiled, or the data does not fit it.
    @discardableResult
    public func trainOnBatch(
        _ x: Tensor, _ y: some TargetArray, sampleWeight: [Float]? = nil, classWeight: [Int: Float]? = nil
    ) throws -> MetricValues {
        try use.begin("trainOnBatch")
        defer { use.end() }
        let compilation = try compiled(for: "trainOnBatch")
        let data = try ArrayDataset(x, y)
        let weights = SampleWeights(samples: sampleWeight, classes: classWeight)
        try check(data, batchSize: max(data.count, 1), loss: compilation.loss, for: "trainOnBatch")
        try weights.validate(for: data)
        try weights.validateClasses(for: data.targetKind, output: outputShape, loss: compilation.loss)
        var figures = try EpochFigures(compilation.metrics, output: outputShape, targets: data.targetKind)
        try MemoryCheck.indices(0..<data.count).forEachBatch(of: data.count) {
            _ = try trainStep($0, of: data, weights: weights, figures: &figures)
        }
        return figures.values
    }
}
