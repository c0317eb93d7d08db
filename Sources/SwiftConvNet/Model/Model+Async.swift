/// What takes long, for tasks: a task that calls it is suspended, and the thread that ran it is free for other tasks, while the
/// model computes on threads of its own. A model is still used by one caller at a time.
extension Model {
    /// Trains on a dataset, as the form without `async`.
    ///
    /// ```swift
    /// let task = Task {
    ///     try await model.fit(data, epochs: 10)
    ///     return try model.predictor()
    /// }
    /// // task.cancel() ends training after the step at hand.
    /// let predictor = try await task.value
    /// ```
    ///
    /// Callbacks run on the thread that trains. `EpochStream` is the callback that tasks can watch.
    ///
    /// - Throws: as the form without `async`; `CancellationError` if the task is cancelled. The model keeps the weights of the last
    ///   step done.
    @discardableResult
    public nonisolated(nonsending) func fit(
        _ data: any Dataset,
        batchSize: Int = 32,
        epochs: Int = 1,
        verbose: Verbosity = .automatic,
        callbacks: [any Callback] = [],
        validationSplit: Double = 0,
        validationData: (any Dataset)? = nil,
        shuffle: Shuffle = true,
        classWeight: [Int: Float]? = nil,
        sampleWeight: [Float]? = nil,
        initialEpoch: Int = 0,
        stepsPerEpoch: Int? = nil,
        validationSteps: Int? = nil,
        validationBatchSize: Int? = nil,
        validationFrequency: ValidationFrequency = 1,
        validationSampleWeight: [Float]? = nil,
        nonFinite: NonFinitePolicy = .stop(),
        checkpoint: CheckpointInterval? = nil,
        at folder: String? = nil,
        resume: Bool = false
    ) async throws -> History {
        try await TaskThread.run { [self] in
            try fit(
                data,
                batchSize: batchSize,
                epochs: epochs,
                verbose: verbose,
                callbacks: callbacks,
                validationSplit: validationSplit,
                validationData: validationData,
                shuffle: shuffle,
                classWeight: classWeight,
                sampleWeight: sampleWeight,
                initialEpoch: initialEpoch,
                stepsPerEpoch: stepsPerEpoch,
                validationSteps: validationSteps,
                validationBatchSize: validationBatchSize,
                validationFrequency: validationFrequency,
                validationSampleWeight: validationSampleWeight,
                nonFinite: nonFinite,
                checkpoint: checkpoint,
                at: folder,
                resume: resume
            )
        }
    }

    /// Trains on samples `[samples, …]` and their targets, `Labels` or `Tensor`; as `fit` with a dataset.
    @discardableResult
    public nonisolated(nonsending) func fit(
        _ x: Tensor,
        _ y: some TargetArray,
        batchSize: Int = 32,
        epochs: Int = 1,
        verbose: Verbosity = .automatic,
        callbacks: [any Callback] = [],
        validationSplit: Double = 0,
        validationData: (any Dataset)? = nil,
        shuffle: Shuffle = true,
        classWeight: [Int: Float]? = nil,
        sampleWeight: [Float]? = nil,
        initialEpoch: Int = 0,
        stepsPerEpoch: Int? = nil,
        validationSteps: Int? = nil,
        validationBatchSize: Int? = nil,
        validationFrequency: ValidationFrequency = 1,
        validationSampleWeight: [Float]? = nil,
        nonFinite: NonFinitePolicy = .stop(),
        checkpoint: CheckpointInterval? = nil,
        at folder: String? = nil,
        resume: Bool = false
    ) async throws -> History {
        try await fit(
            ArrayDataset(x, y),
            batchSize: batchSize,
            epochs: epochs,
            verbose: verbose,
            callbacks: callbacks,
            validationSplit: validationSplit,
            validationData: validationData,
            shuffle: shuffle,
            classWeight: classWeight,
            sampleWeight: sampleWeight,
            initialEpoch: initialEpoch,
            stepsPerEpoch: stepsPerEpoch,
            validationSteps: validationSteps,
            validationBatchSize: validationBatchSize,
            validationFrequency: validationFrequency,
            validationSampleWeight: validationSampleWeight,
            nonFinite: nonFinite,
            checkpoint: checkpoint,
            at: folder,
            resume: resume
        )
    }

    /// Loss and metrics over a dataset, as the form without `async`.
    ///
    /// - Throws: as the form without `async`; `CancellationError` if the task is cancelled.
    public nonisolated(nonsending) func evaluate(
        _ data: any Dataset,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        sampleWeight: [Float]? = nil,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) async throws -> MetricValues {
        try await TaskThread.run { [self] in
            try evaluate(
                data,
                batchSize: batchSize,
                verbose: verbose,
                sampleWeight: sampleWeight,
                steps: steps,
                callbacks: callbacks
            )
        }
    }

    /// Loss and metrics over samples `[samples, …]` and their targets, `Labels` or `Tensor`.
    ///
    /// - Throws: as the form without `async`; `CancellationError` if the task is cancelled.
    public nonisolated(nonsending) func evaluate(
        _ x: Tensor,
        _ y: some TargetArray,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        sampleWeight: [Float]? = nil,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) async throws -> MetricValues {
        try await evaluate(
            ArrayDataset(x, y),
            batchSize: batchSize,
            verbose: verbose,
            sampleWeight: sampleWeight,
            steps: steps,
            callbacks: callbacks
        )
    }

    /// The predictions for samples `[samples, …]`, as the form without `async`.
    ///
    /// - Throws: as the form without `async`; `CancellationError` if the task is cancelled.
    public nonisolated(nonsending) func predict(
        _ x: Tensor,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) async throws -> Tensor {
        try await predict(
            ArrayDataset(.values(x), nil),
            batchSize: batchSize,
            verbose: verbose,
            steps: steps,
            callbacks: callbacks
        )
    }

    /// The predictions for the samples of a dataset, as the form without `async`.
    ///
    /// - Throws: as the form without `async`; `CancellationError` if the task is cancelled.
    public nonisolated(nonsending) func predict(
        _ data: any Dataset,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) async throws -> Tensor {
        try await TaskThread.run { [self] in
            try predict(data, batchSize: batchSize, verbose: verbose, steps: steps, callbacks: callbacks)
        }
    }

    /// The predictions of every output for the samples of a dataset, as the form without `async`.
    ///
    /// - Throws: as the form without `async`; `CancellationError` if the task is cancelled.
    public nonisolated(nonsending) func predictions(
        for data: any Dataset,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) async throws -> [String: Tensor] {
        try await TaskThread.run { [self] in
            try predictions(
                for: data,
                batchSize: batchSize,
                verbose: verbose,
                steps: steps,
                callbacks: callbacks
            )
        }
    }
}
