/// What `gradients` computes: the loss of a batch and its derivative by every trainable parameter.
public struct Gradients: Sendable {
    /// The loss of the batch.
    public let loss: Double
    /// For each parameter that learns, by its name such as `conv2d/kernel`, a tensor of its shape. Those of layers that were not
    /// trainable when the model was compiled are not there.
    public var parameters: [String: Tensor]
    /// The derivative by each input, by its name, if it was asked for.
    public let inputs: [String: Tensor]
    /// What the pass has made of what layers keep, such as moving statistics, by name: `apply` has the layers keep it.
    package let states: [String: Tensor]
}

extension Gradients {
    /// The derivative by the samples of a model with one input, if it was asked for.
    public var samples: Tensor? { inputs.count == 1 ? inputs.first?.value : nil }
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
        _ x: Tensor,
        _ y: some TargetArray,
        sampleWeight: [Float]? = nil,
        includingSamples: Bool = false
    ) throws -> Gradients {
        try gradients(ArrayDataset(x, y), sampleWeight: sampleWeight, includingSamples: includingSamples)
    }

    /// The gradients of the loss for a dataset as one batch; as the form for tensors. Its samples are read as outside of training.
    public func gradients(
        _ data: any Dataset,
        sampleWeight: [Float]? = nil,
        includingSamples: Bool = false
    ) throws -> Gradients {
        try use.begin("gradients")
        defer { use.end() }
        let compilation = try compiled(for: "gradients")
        let weights = SampleWeights(samples: sampleWeight)
        let feed = try feed(data, batchSize: max(data.count, 1), for: "gradients")
        try weights.validate(for: data)
        var figures = try EpochFigures(compilation.criteria.withoutMetrics, of: graph, feed)
        var inputs: [String: Tensor] = [:]
        try MemoryCheck.indices(0..<data.count).withUnsafeBufferPointer { batch in
            let plan = try run(
                batch,
                of: feed,
                mode: .training,
                weights: weights,
                needsSampleGradient: includingSamples
            )
            let penalty = try compilation.penalties?(on: engine, addingGradients: true) ?? 0
            figures.update(engine.batch, penalty: penalty) { engine.prediction(of: plan, output: $0) }
            guard includingSamples else { return }
            for (index, name) in graph.inputNames.enumerated() {
                let shape = feed.fields[feed.inputs[index]].shape.batched(data.count)
                // What no loss depends on has a gradient of zero.
                let gradient = engine.inputGradient(of: plan, input: index)
                inputs[name] = try Tensor(shape: shape) { values in
                    if let gradient {
                        _ = values.update(fromContentsOf: gradient)
                    } else {
                        values.update(repeating: 0)
                    }
                }
            }
        }
        let tensors = try compilation.optimizer.entries.map {
            ($0.name, try store.tensor($0, in: engine.gradients))
        }
        return Gradients(
            loss: figures.values.values[0],
            parameters: Dictionary(uniqueKeysWithValues: tensors),
            inputs: inputs,
            states: try engine.pendingStates()
        )
    }

    /// Changes the parameters by gradients, as a step of `fit` does: moving statistics, clipping, then the optimizer's rule.
    ///
    /// - Throws: `ConvNetError` if the model is not compiled, or a parameter's gradient is missing or has another
    ///   shape; then nothing is changed.
    public func apply(_ gradients: Gradients) throws {
        try use.begin("apply")
        defer { use.end() }
        let optimizer = try compiled(for: "apply").optimizer
        let states = store.entries.compactMap { entry in
            gradients.states[entry.name].map { (entry: entry, tensor: $0) }
        }
        let learning = try optimizer.entries.map { entry in
            guard let tensor = gradients.parameters[entry.name] else {
                throw ConvNetError(.argument, "A gradient is missing", at: entry.name)
            }
            return (entry: entry, tensor: tensor)
        }
        for change in states + learning { try store.check(change.tensor, for: change.entry) }
        for change in learning { try store.set(change.tensor, for: change.entry, in: engine.gradients) }
        for change in states { try store.set(change.tensor, for: change.entry) }
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
        _ x: Tensor,
        _ y: some TargetArray,
        sampleWeight: [Float]? = nil,
        classWeight: [Int: Float]? = nil
    ) throws -> MetricValues {
        try trainOnBatch(ArrayDataset(x, y), sampleWeight: sampleWeight, classWeight: classWeight)
    }

    /// One step of training on a dataset as one batch; as the form for tensors.
    @discardableResult
    public func trainOnBatch(
        _ data: any Dataset,
        sampleWeight: [Float]? = nil,
        classWeight: [Int: Float]? = nil
    ) throws -> MetricValues {
        try use.begin("trainOnBatch")
        defer { use.end() }
        let compilation = try compiled(for: "trainOnBatch")
        let weights = SampleWeights(samples: sampleWeight, classes: classWeight)
        let feed = try feed(data, batchSize: max(data.count, 1), for: "trainOnBatch")
        try weights.validate(for: data)
        try check(weights, for: feed)
        var figures = try EpochFigures(compilation.criteria, of: graph, feed)
        // Each step counts as an epoch, so that a dataset that changes its samples at random changes them anew.
        let step = compilation.optimizer.batchesDone + 1
        let reading = Reading(seed: seed, epoch: step, isTraining: true)
        try MemoryCheck.indices(0..<data.count).withUnsafeBufferPointer {
            _ = try trainStep($0, of: feed, weights: weights, in: reading, figures: &figures)
        }
        return figures.values
    }
}
