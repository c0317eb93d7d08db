/// What `compile` sets: how a model learns, and how it is judged.
struct Compilation {
    let loss: any Loss
    /// The metrics as the user named them.
    let metrics: [any Metric]
    let optimizer: OptimizerState
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
    ///   - loss: what training makes small.
    ///   - metrics: further figures to report.
    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of range or two metrics share a name.
    public func compile(
        optimizer: any Optimizer = .rmsprop(), loss: any Loss, metrics: [any Metric] = []
    ) throws {
        let frozen = assembly.layers.indices.filter { !assembly.layers[$0].isTrainable }
        try compile(optimizer: optimizer, loss: loss, metrics: metrics, frozen: Set(frozen))
    }

    func compile(
        optimizer: any Optimizer, loss: any Loss, metrics: [any Metric], frozen: Set<Int>
    ) throws {
        try use.begin("compile")
        defer { use.end() }
        let names = ["loss"] + metrics.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ConvNetError(
                .argument, "Two metrics are called \"\(twice)\"", at: "metrics",
                remedy: "Give one another name")
        }
        let learning = Set(graph.learningParameters(frozen: frozen))
        let gradients = try engine.gradients
        compilation = Compilation(
            loss: loss, metrics: metrics,
            optimizer: try OptimizerState(
                optimizer, store: store, changing: learning.sorted().map { store.entries[$0] },
                gradients: gradients),
            frozen: frozen)
        // The places that training leaves alone from now on.
        for index in graph.learningParameters(frozen: engine.frozen) where !learning.contains(index) {
            let entry = store.entries[index]
            (gradients.floats + entry.offset).update(repeating: 0, count: entry.count)
        }
        engine.loss = loss
        engine.frozen = frozen
    }

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

    /// The number of optimizer steps since `compile`.
    public var stepCount: Int { compilation?.optimizer.step ?? 0 }

    /// What `compile` has set.
    ///
    /// - Throws: `ConvNetError` of kind `state` if it has not been called.
    func compiled(for call: String) throws -> Compilation {
        guard let compilation else {
            throw ConvNetError(
                .state, "The model is not compiled", at: call,
                remedy: "Call compile(optimizer:loss:metrics:) first")
        }
        return compilation
    }
}
