extension Model {
    /// Trains on a dataset.
    ///
    /// Each epoch sees every sample once; the figures of an epoch are those of its samples as they were seen, before
    /// the step that each batch brought about. The last batch of an epoch may be smaller than the others.
    ///
    /// - Parameters:
    ///   - data: the samples and their targets.
    ///   - batchSize: the samples of one step.
    ///   - epochs: after which epoch to end; nothing is trained if `initialEpoch` is not below it, as in Keras.
    ///   - verbose: what is printed to standard error.
    ///   - callbacks: what watches training, in the order in which they are called.
    ///   - validationSplit: without `validationData`, the share of `data`, 0..<1, whose last samples are set aside for
    ///     validation.
    ///   - validationData: on which each epoch is validated.
    ///   - shuffle: whether, and how far, each epoch sees the samples in an order of its own, made from seed and epoch: `true`,
    ///     `false`, or `.windows(of: 4096)` for data that are larger than memory.
    ///   - classWeight: how much each class counts in the loss of training; a class that is not named counts 1. The
    ///     class of a one-hot target is the index of its largest value. Both weights given, they multiply, where Keras
    ///     refuses them.
    ///   - sampleWeight: how much each sample counts in the loss, besides a field of the dataset whose role is `.weight`;
    ///     those of the samples that `validationSplit` sets aside count in `val_loss`. Metrics are unweighted, as Keras' `metrics`.
    ///   - initialEpoch: the epochs done before.
    ///   - stepsPerEpoch: the steps of an epoch, at least 1; unless given, as many as the data have batches. An epoch goes on in the
    ///     data where the one before has ended. The last epoch of a pass over the data ends with the data.
    ///   - validationSteps: how many batches of the validation data count, the first ones; all unless given.
    ///   - validationBatchSize: how many samples of validation run at once; `batchSize` unless given.
    ///   - validationFrequency: after which epochs there is validation: every so many, or those of a list. Default: each.
    ///   - validationSampleWeight: how much each sample of `validationData` counts in `val_loss`.
    ///   - nonFinite: what to do with a batch whose loss, or a gradient, is NaN or infinite.
    ///   - checkpoint: how often everything that determines the future of the run is written into `folder`, besides once
    ///     at its end; `nil` for never.
    ///   - folder: the folder for the checkpoints of this run alone, made if it is not there. The last two are kept.
    ///   - resume: whether to go on from the newest checkpoint in `folder` that is whole, in the middle of an epoch if it
    ///     is from there; if there is none, the run starts from the beginning. The run ends in the bits that it would have
    ///     ended in without the interruption. Model, data and settings have to be those that the run began with, save that
    ///     `epochs` may be another, and so have the callbacks that keep a state (`ResumableCallback`).
    /// - Returns: the figures of every epoch, those before an interruption included.
    /// - Throws: `ConvNetError` if the model is not compiled, an argument is out of range, or the data does not fit the
    ///   model, is empty or not finite (all targets that are in memory are checked before the first step); of kind
    ///   `numeric` if a loss or a gradient is not finite; if a checkpoint cannot be written, is of another run, or none of those that are there is whole; what a callback throws;
    ///   `CancellationError` if the `Task` that calls it is cancelled. The model keeps the weights of the last step done.
    @discardableResult
    public func fit(
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
    ) throws -> History {
        defer { for callback in callbacks { callback.fitEnded() } }
        try use.begin("fit")
        defer { use.end() }
        let wasTraining = isTraining
        isTraining = true
        defer { isTraining = wasTraining }
        let compilation = try compiled(for: "fit")
        let weights = SampleWeights(samples: sampleWeight, classes: classWeight)
        try weights.validate(for: data)
        let (trainingData, validation) = try divide(
            data,
            validation: validationData,
            split: validationSplit,
            weights: weights,
            validationWeight: validationSampleWeight,
            schedule: ValidationSet.Schedule(
                batchSize: validationBatchSize ?? batchSize,
                steps: validationSteps,
                frequency: validationFrequency
            )
        )
        try requireSteps(stepsPerEpoch, as: "stepsPerEpoch")
        let training = try feed(trainingData, batchSize: batchSize, for: "fit")
        try check(weights, for: training)
        _ = try EpochFigures(compilation.criteria, of: graph, training)
        let validationFeed = try validation?.locatingErrors {
            let feed = try feed($0.dataset, batchSize: $0.batchSize, for: "validation")
            _ = try EpochFigures(compilation.criteria, of: graph, feed)
            return feed
        }
        guard (0..<Int.max).contains(initialEpoch), epochs >= 0 else {
            throw ConvNetError(
                .argument,
                "Not a number of epochs",
                at: "epochs, initialEpoch",
                expected: "at least 0 each, and initialEpoch less than \(Int.max)",
                received: "\(epochs), \(initialEpoch)"
            )
        }
        try check(checkpoint, folder, resume: resume)
        try shuffle.validate()
        try checkTargets(of: 0..<trainingData.count, in: training)
        try validation?.locatingErrors {
            if let validationFeed { try checkTargets(of: $0.samples, in: validationFeed) }
        }
        if verbose != .silent { OpenBLAS.warnIfWeak() }
        if classNames == nil { classNames = data.classNames }
        let run = TrainingRun(
            epochs: epochs,
            validationSampleCount: validation?.samples.count ?? 0,
            validationFrequency: validationFrequency,
            metricNames: compilation.criteria.names(outputs: graph.outputNames),
            loggedNames: callbacks.flatMap(\.loggedNames),
            slices: EpochSlices(
                sampleCount: trainingData.count,
                batchSize: batchSize,
                steps: stepsPerEpoch,
                initialEpoch: initialEpoch
            )
        )
        var checkpointer: Checkpointer?
        if let checkpoint, let folder {
            checkpointer = try Checkpointer(
                model: self,
                run: run,
                interval: checkpoint,
                folder: folder,
                resumes: resume,
                identity: RunIdentity(
                    run,
                    model: self,
                    training: trainingData,
                    validation: validation,
                    shuffle: shuffle,
                    weights: weights,
                    nonFinite: nonFinite
                ),
                callbacks: callbacks
            )
        }
        let loop = TrainingLoop(
            model: self,
            run: run,
            training: training,
            validation: both(validation, validationFeed),
            shuffle: shuffle,
            weights: weights,
            nonFinite: nonFinite,
            callbacks: callbacks + verbose.callbacks,
            checkpointer: checkpointer
        )
        return try loop()
    }

    /// Trains on samples `[samples, …]` and their targets, `Labels` or `Tensor`; as `fit` with a dataset.
    @discardableResult
    public func fit(
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
    ) throws -> History {
        try fit(
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

    private func both<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
        first.flatMap { first in second.map { (first, $0) } }
    }

    /// Checks that what belongs to checkpoints is given together.
    private func check(_ interval: CheckpointInterval?, _ folder: String?, resume: Bool) throws {
        try interval?.validate()
        guard (interval == nil) == (folder == nil), folder != nil || !resume, folder?.isEmpty != true else {
            throw ConvNetError(
                .argument,
                "Checkpoints need an interval and a folder",
                at: "checkpoint, at, resume",
                expected: "both, or neither and no resume",
                received: "\(interval == nil ? "no interval" : "an interval"), "
                    + "\((folder ?? "").isEmpty ? "no folder" : "a folder"), resume: \(resume)",
                remedy: "For example checkpoint: .every(steps: 500), at: \"checkpoints\""
            )
        }
    }

    /// The samples to train and to validate on: of a split the last ones are set aside, as Keras does.
    private func divide(
        _ data: any Dataset,
        validation: (any Dataset)?,
        split: Double,
        weights: SampleWeights,
        validationWeight: [Float]?,
        schedule: ValidationSet.Schedule
    ) throws -> (training: any Dataset, validation: ValidationSet?) {
        guard (0..<1).contains(split) else {
            throw ConvNetError(
                .argument,
                "Not a share of the data",
                at: "validationSplit",
                expected: "0..<1",
                received: "\(split)"
            )
        }
        if let validation {
            return (data, try ValidationSet(validation, sampleWeight: validationWeight, schedule: schedule))
        }
        guard validationWeight == nil else {
            throw ConvNetError(
                .argument,
                "There are weights of validation data, but no such data",
                at: "validationSampleWeight",
                expected: "validationData beside it",
                remedy: "With validationSplit, the samples keep the weights that sampleWeight gives them"
            )
        }
        guard split > 0 else { return (data, nil) }
        let first = Int((Double(data.count) * (1 - split)).rounded(.down))
        guard first > 0, first < data.count else {
            throw ConvNetError(
                .argument,
                "The split leaves no samples for training or for validation",
                at: "validationSplit",
                expected: "a share that gives each at least 1 of \(data.count) samples",
                received: "\(split)"
            )
        }
        return (
            try Subset(data, 0..<first),
            ValidationSet(lastOf: data, from: first, sampleWeight: weights.samples, schedule: schedule)
        )
    }
}
