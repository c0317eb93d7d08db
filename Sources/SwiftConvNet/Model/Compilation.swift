/// What `compile` sets: how a model learns, and how it is judged.
struct Compilation {
    let criteria: Criteria
    let optimizer: OptimizerState
    /// The penalties for parameters; `nil` if there are none.
    let penalties: PenaltyJob?
    /// The layers that do not learn, by their index: those that were not trainable when the model was compiled.
    let frozen: Set<Int>
}

extension Model {
    /// Sets how the model learns and how it is judged; a new optimizer starts with fresh state. Layers that are not trainable
    /// now are frozen until the next call.
    ///
    /// ```swift
    /// try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
    /// ```
    ///
    /// - Parameters:
    ///   - optimizer: the rule that changes the parameters; the default is Keras'.
    ///   - loss: what training makes small; of a model with several outputs the loss of each, which are added up.
    ///   - metrics: further figures to report; of a model with several outputs for each. All samples count alike.
    ///   - weightedMetrics: further figures to report, in which a sample counts as much as `sampleWeight` and `classWeight` say.
    ///   - update: the batches of a step, averages of the parameters, and rates and decay by layer.
    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of range or two metrics share a name, of kind `state` while
    ///   `fit` runs.
    public func compile(
        optimizer: any Optimizer = .rmsprop(),
        loss: any Loss,
        metrics: [any Metric] = [],
        weightedMetrics: [any Metric] = [],
        update: UpdateRule = UpdateRule()
    ) throws {
        try compile(
            optimizer: optimizer,
            rule: update,
            criteria: Criteria(
                loss: loss,
                metrics: metrics,
                weightedMetrics: weightedMetrics,
                outputCount: graph.outputs.count
            ),
            frozen: untrainableLayers
        )
    }

    /// Sets how a model with several outputs learns and how it is judged.
    ///
    /// ```swift
    /// try model.compile(
    ///     optimizer: .adam(), losses: ["digit": .sparseCategoricalCrossentropy(), "angle": .mse()],
    ///     lossWeights: ["angle": 0.1], metrics: ["digit": [.accuracy]])
    /// ```
    ///
    /// The total loss, `loss`, is the sum of the outputs' losses, each times its weight. History, callbacks and `evaluate` have the
    /// loss of each output, too, without its weight: `digit_loss`; and the metrics of each: `digit_accuracy`.
    ///
    /// - Parameters:
    ///   - optimizer: the rule that changes the parameters; the default is Keras'.
    ///   - losses: by the names of outputs, `outputNames`; an output without one does not count.
    ///   - lossWeights: the factor of each output's loss; by default 1.
    ///   - metrics: further figures to report, by the names of outputs. All samples count alike.
    ///   - weightedMetrics: further figures to report, by the names of outputs, in which a sample counts as much as its weight says.
    ///   - update: the batches of a step, averages of the parameters, and rates and decay by layer.
    /// - Throws: `ConvNetError` of kind `argument` for a name that no output has, no loss at all, a setting that is out of range, or
    ///   if two metrics share a name.
    public func compile(
        optimizer: any Optimizer = .rmsprop(),
        losses: [String: any Loss],
        lossWeights: [String: Float] = [:],
        metrics: [String: [any Metric]] = [:],
        weightedMetrics: [String: [any Metric]] = [:],
        update: UpdateRule = UpdateRule()
    ) throws {
        try compile(
            optimizer: optimizer,
            rule: update,
            criteria: Criteria(
                losses: losses,
                weights: lossWeights,
                metrics: metrics,
                weightedMetrics: weightedMetrics,
                outputs: graph.outputNames
            ),
            frozen: untrainableLayers
        )
    }

    private var untrainableLayers: Set<Int> {
        Set(assembly.layers.indices.filter { !assembly.layers[$0].isTrainable })
    }

    func compile(
        optimizer: any Optimizer,
        rule: UpdateRule,
        criteria: Criteria,
        frozen: Set<Int>
    ) throws {
        try use.begin("compile")
        defer { use.end() }
        guard !isTraining else {
            throw ConvNetError(
                .state,
                "A model cannot be compiled while fit trains it",
                at: "compile",
                remedy: "Let the callback stop the run, compile, and call fit again with initialEpoch"
            )
        }
        let names = criteria.names(outputs: graph.outputNames)
        let all = names + names.map { "val_\($0)" }
        if let twice = all.first(where: { name in all.count { $0 == name } > 1 }) {
            throw ConvNetError(
                .argument,
                "Two metrics are called \"\(twice)\"",
                at: "metrics",
                remedy: "Give one another name, or the layer of an output"
            )
        }
        let learning = Set(graph.learningParameters(frozen: frozen))
        let entries = learning.sorted().map { store.entries[$0] }
        let gradients = try engine.gradients
        compilation = Compilation(
            criteria: criteria,
            optimizer: try OptimizerState(
                optimizer,
                rule: rule,
                store: store,
                changing: entries,
                gradients: gradients
            ),
            penalties: PenaltyJob(entries, store: store, gradients: gradients),
            frozen: frozen
        )
        // The places that training leaves alone from now on.
        for index in graph.learningParameters(frozen: engine.frozen) where !learning.contains(index) {
            let entry = store.entries[index]
            (gradients.floats + entry.offset).update(repeating: 0, count: entry.count)
        }
        engine.objective = criteria.objective
        engine.frozen = frozen
    }

    /// Ends training as `fit` does: averages of the parameters, if there are any, take their place.
    package func finishAverages() { compilation?.optimizer.finishAverages() }

    /// How far the next step goes, as set by `compile`; changing it replaces a schedule, too.
    public var learningRate: Float? {
        get { compilation?.optimizer.learningRate }
        set { compilation?.optimizer.learningRateOverride = newValue }
    }

    /// Whether the learning rate is what a file has kept of a schedule by closure: constant, the rate of the step at which
    /// the model was saved. Compiling again, or setting `learningRate`, ends it; until then `fit` warns of it.
    public var hasFrozenSchedule: Bool {
        guard let state = compilation?.optimizer else { return false }
        return state.optimizer.learningRate.isFrozenSchedule && state.learningRateOverride == nil
    }

    /// The number of batches that the model has learned from since `compile`: the optimizer's steps, unless several batches make one.
    public var stepCount: Int { compilation?.optimizer.step ?? 0 }

    /// What `compile` has set.
    ///
    /// - Throws: `ConvNetError` of kind `state` if it has not been called.
    func compiled(for call: String) throws -> Compilation {
        guard let compilation else {
            throw ConvNetError(
                .state,
                "The model is not compiled",
                at: call,
                remedy: "Call compile(optimizer:loss:metrics:) first"
            )
        }
        return compilation
    }
}
