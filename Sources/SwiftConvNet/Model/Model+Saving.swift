extension Model {
    /// Saves the whole model in one safetensors file: architecture, parameters and moving statistics, loss, metrics
    /// and optimizer with its state. `load(from:)` gives back an equal model.
    ///
    /// ```swift
    /// try model.save(to: "mnist.safetensors")
    /// let same = try Model.load(from: "mnist.safetensors")
    /// ```
    ///
    /// The old file is there, whole, until the new one is; equal models give equal bytes. Arrays bear the names of
    /// parameters, `conv2d/kernel`, and those of slots, `optimizer/momentum/conv2d/kernel`, so that other programs can
    /// read them. The metadata of the file hold the rest. A learning rate by closure (`LearningRate.schedule`) cannot be
    /// saved: the file has the rate of the step at hand.
    ///
    /// - Parameters:
    ///   - path: where the file is to be; its folder must exist.
    ///   - includeOptimizer: whether the optimizer's slots and step are saved, which triple the file of a model that
    ///     Adam trains; without them, training goes on with an optimizer that starts afresh.
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be written; of kind `argument` if the path's ending
    ///   belongs to another format (`.keras`, `.h5`, `.pt`, `.onnx` and the like), which programs would then fail to
    ///   read; what a user's type throws while it is encoded.
    // Disfavoured: the product ConvNetInterop has the same call for all formats, which counts where it is imported.
    @_disfavoredOverload
    public func save(to path: String, includeOptimizer: Bool = true) throws {
        try saveSafeTensors(to: path, includeOptimizer: includeOptimizer)
    }

    /// As `save(to:includeOptimizer:)`, which the product ConvNetInterop has for other formats, too.
    package func saveSafeTensors(to path: String, includeOptimizer: Bool) throws {
        try use.begin("save")
        defer { use.end() }
        let state = includeOptimizer ? compilation?.optimizer : nil
        var contents = parameterContents()
        if let state {
            contents += state.layout.slots.map { slot in
                SafeTensors.Content(
                    name: slot.name,
                    shape: slot.shape,
                    values: state.slots.floats + slot.offset,
                    owner: state.slots
                )
            }
        }
        try SafeTensors.write(contents, metadata: description(withState: state).metadata(), to: path)
    }

    /// What the metadata of a file say of the model, with the state of its optimizer if that is saved beside.
    func description(withState state: OptimizerState?) -> ModelDescription {
        ModelDescription(
            isSequential: self is Sequential,
            name: name,
            seed: seed,
            graph: savedGraph,
            classNames: classNames,
            compilation: compilation.map { .init($0, of: graph) },
            optimizerState: state.map {
                .init(
                    step: $0.step,
                    batchesDone: $0.batchesDone,
                    learningRate: $0.learningRateOverride,
                    scalars: $0.scalarValues.isEmpty ? nil : $0.scalarValues.map { ExactNumber($0) }
                )
            }
        )
    }

    /// Loads a model that `save(to:includeOptimizer:)` has saved.
    ///
    /// Predicts, evaluates and trains on with the bits of the model that was saved, save that a learning rate by closure
    /// has become constant: then `hasFrozenSchedule` is true, and `fit` says so. `Model.load` returns a
    /// `Sequential` where one was saved; `Sequential.load` takes nothing else.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - options: how to compute; a file does not say.
    ///   - customTypes: the types that are not of this library and that the model uses.
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read; of kind `format` if it holds no model, names an
    ///   unknown type, or its arrays are not those of the model: the error names the one that is missing, too many or
    ///   of another shape.
    // Disfavoured, as `save(to:includeOptimizer:)` is.
    @_disfavoredOverload
    public static func load(
        from path: String,
        options: ComputeOptions = ComputeOptions(),
        customTypes: CustomTypes = CustomTypes()
    ) throws -> Self {
        try load(SafeTensors(contentsOf: path), options: options, customTypes: customTypes)
    }

    /// The model that an open file holds; as `load(from:options:customTypes:)`.
    ///
    /// - Parameters:
    ///   - format: what the metadata must call the file's format.
    ///   - prefix: what the names of arrays begin with that are not the model's.
    package static func load(
        _ file: SafeTensors,
        options: ComputeOptions = ComputeOptions(),
        customTypes: CustomTypes = CustomTypes(),
        format: String = ModelDescription.format,
        passingOver prefix: String? = nil
    ) throws -> Self {
        do {
            let description = try ModelDescription(file, customTypes: customTypes, format: format)
            guard
                let model = try make(description, from: file, options: options, passingOver: prefix) as? Self
            else {
                throw ConvNetError(
                    .format,
                    "The file holds another class of model",
                    at: "metadata \"class\"",
                    expected: "\(Self.self)",
                    received: "\"\(file.metadata["class"] ?? "")\"",
                    remedy: "Use Model.load(from:)"
                )
            }
            return model
        } catch let error as ConvNetError {
            // Errors of the format itself name the file already.
            throw error.location?.hasPrefix(file.path) == true ? error : error.located(at: file.path)
        }
    }

    private static func make(
        _ description: ModelDescription,
        from file: SafeTensors,
        options: ComputeOptions,
        passingOver prefix: String?
    ) throws -> Model {
        // Memory follows: so first the file must be seen to hold what the architecture claims.
        let specs = description.graph.namedParameters
        var expected = specs.map { (name: $0.name, shape: $0.spec.shape) }
        let frozen = try description.frozenLayers()
        if let compilation = description.compilation, description.optimizerState != nil {
            let learning = description.graph.learningParameters(frozen: frozen).map {
                OptimizedParameter(name: specs[$0].name, shape: specs[$0].spec.shape)
            }
            let layout = try SlotLayout(compilation.optimizer, compilation.update, for: learning)
            expected += layout.slots.map { ($0.name, $0.shape) }
        }
        try file.check(expected, exactly: true, passingOver: prefix)

        let graph = description.graph
        if description.isSequential { try graph.requireChain(at: "metadata \"architecture\"") }
        let modelClass = description.isSequential ? Sequential.self : Model.self
        let model = try modelClass.init(
            Assembly(graph),
            name: description.name,
            seed: description.seed,
            options: options,
            initialize: false
        )
        model.classNames = description.classNames
        try model.readParameters(from: file)
        guard let compilation = description.compilation else { return model }
        try model.compile(
            optimizer: compilation.optimizer,
            rule: compilation.update,
            criteria: compilation.criteria(for: graph),
            frozen: frozen
        )
        if let saved = description.optimizerState, let state = model.compilation?.optimizer {
            state.step = saved.step
            state.batchesDone = saved.batchesDone ?? saved.step
            state.learningRateOverride = saved.learningRate
            try state.restore(scalars: saved.scalars ?? [])
            for slot in state.layout.slots {
                try file.read(slot.name, into: state.slots.floats + slot.offset, count: slot.range.count)
            }
        }
        return model
    }
}
