// Keras' `validation_data=(x, y)` and `(x, y, weights)`: a tuple can be no `Dataset`, so each has forms of its own.
extension Model {
    /// Trains on samples and targets, and validates each epoch on others; as `fit` with a dataset.
    ///
    /// ```swift
    /// let (x, y) = (images, Labels(labels))
    /// let history = try model.fit(x[..<900], y.sliced(0..<900), validationData: (x[900...], y.sliced(900..<1000)))
    /// ```
    ///
    /// - Parameter validationData: the samples and their targets, `Labels` or `Tensor`.
    @discardableResult
    public func fit(
        _ x: Tensor,
        _ y: some TargetArray,
        batchSize: Int = 32,
        epochs: Int = 1,
        verbose: Verbosity = .automatic,
        callbacks: [any Callback] = [],
        validationData: (x: Tensor, y: some TargetArray),
        shuffle: Shuffle = true,
        classWeight: [Int: Float]? = nil,
        sampleWeight: [Float]? = nil,
        initialEpoch: Int = 0,
        stepsPerEpoch: Int? = nil,
        validationSteps: Int? = nil,
        validationBatchSize: Int? = nil,
        validationFrequency: ValidationFrequency = 1,
        nonFinite: NonFinitePolicy = .stop(),
        checkpoint: CheckpointInterval? = nil,
        at folder: String? = nil,
        resume: Bool = false
    ) throws -> History {
        try fit(
            ArrayDataset(x, y),
            batchSize: batchSize,
            epochs: epochs,
            verbose: verbose,
            callbacks: callbacks,
            validationData: ArrayDataset(validationData.x, validationData.y),
            shuffle: shuffle,
            classWeight: classWeight,
            sampleWeight: sampleWeight,
            initialEpoch: initialEpoch,
            stepsPerEpoch: stepsPerEpoch,
            validationSteps: validationSteps,
            validationBatchSize: validationBatchSize,
            validationFrequency: validationFrequency,
            nonFinite: nonFinite,
            checkpoint: checkpoint,
            at: folder,
            resume: resume
        )
    }

    /// Trains on samples and targets, and validates each epoch on others that have weights; as `fit` with a dataset.
    ///
    /// - Parameter validationData: the samples, their targets, and how much each sample counts in `val_loss`.
    @discardableResult
    public func fit(
        _ x: Tensor,
        _ y: some TargetArray,
        batchSize: Int = 32,
        epochs: Int = 1,
        verbose: Verbosity = .automatic,
        callbacks: [any Callback] = [],
        validationData: (x: Tensor, y: some TargetArray, sampleWeight: [Float]),
        shuffle: Shuffle = true,
        classWeight: [Int: Float]? = nil,
        sampleWeight: [Float]? = nil,
        initialEpoch: Int = 0,
        stepsPerEpoch: Int? = nil,
        validationSteps: Int? = nil,
        validationBatchSize: Int? = nil,
        validationFrequency: ValidationFrequency = 1,
        nonFinite: NonFinitePolicy = .stop(),
        checkpoint: CheckpointInterval? = nil,
        at folder: String? = nil,
        resume: Bool = false
    ) throws -> History {
        try fit(
            ArrayDataset(x, y),
            batchSize: batchSize,
            epochs: epochs,
            verbose: verbose,
            callbacks: callbacks,
            validationData: ArrayDataset(validationData.x, validationData.y),
            shuffle: shuffle,
            classWeight: classWeight,
            sampleWeight: sampleWeight,
            initialEpoch: initialEpoch,
            stepsPerEpoch: stepsPerEpoch,
            validationSteps: validationSteps,
            validationBatchSize: validationBatchSize,
            validationFrequency: validationFrequency,
            validationSampleWeight: validationData.sampleWeight,
            nonFinite: nonFinite,
            checkpoint: checkpoint,
            at: folder,
            resume: resume
        )
    }

    /// Trains on samples and targets, and validates each epoch on others; as the form without `async`.
    @discardableResult
    public nonisolated(nonsending) func fit(
        _ x: Tensor,
        _ y: some TargetArray,
        batchSize: Int = 32,
        epochs: Int = 1,
        verbose: Verbosity = .automatic,
        callbacks: [any Callback] = [],
        validationData: (x: Tensor, y: some TargetArray),
        shuffle: Shuffle = true,
        classWeight: [Int: Float]? = nil,
        sampleWeight: [Float]? = nil,
        initialEpoch: Int = 0,
        stepsPerEpoch: Int? = nil,
        validationSteps: Int? = nil,
        validationBatchSize: Int? = nil,
        validationFrequency: ValidationFrequency = 1,
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
            validationData: ArrayDataset(validationData.x, validationData.y),
            shuffle: shuffle,
            classWeight: classWeight,
            sampleWeight: sampleWeight,
            initialEpoch: initialEpoch,
            stepsPerEpoch: stepsPerEpoch,
            validationSteps: validationSteps,
            validationBatchSize: validationBatchSize,
            validationFrequency: validationFrequency,
            nonFinite: nonFinite,
            checkpoint: checkpoint,
            at: folder,
            resume: resume
        )
    }

    /// Trains on samples and targets, and validates each epoch on others that have weights; as the form without `async`.
    @discardableResult
    public nonisolated(nonsending) func fit(
        _ x: Tensor,
        _ y: some TargetArray,
        batchSize: Int = 32,
        epochs: Int = 1,
        verbose: Verbosity = .automatic,
        callbacks: [any Callback] = [],
        validationData: (x: Tensor, y: some TargetArray, sampleWeight: [Float]),
        shuffle: Shuffle = true,
        classWeight: [Int: Float]? = nil,
        sampleWeight: [Float]? = nil,
        initialEpoch: Int = 0,
        stepsPerEpoch: Int? = nil,
        validationSteps: Int? = nil,
        validationBatchSize: Int? = nil,
        validationFrequency: ValidationFrequency = 1,
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
            validationData: ArrayDataset(validationData.x, validationData.y),
            shuffle: shuffle,
            classWeight: classWeight,
            sampleWeight: sampleWeight,
            initialEpoch: initialEpoch,
            stepsPerEpoch: stepsPerEpoch,
            validationSteps: validationSteps,
            validationBatchSize: validationBatchSize,
            validationFrequency: validationFrequency,
            validationSampleWeight: validationData.sampleWeight,
            nonFinite: nonFinite,
            checkpoint: checkpoint,
            at: folder,
            resume: resume
        )
    }
}
