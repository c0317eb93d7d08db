/// What happens in `fit`, as one stream that callbacks receive.
public enum TrainingEvent: Sendable {
    /// Training begins.
    case trainingBegan(TrainingRun)
    /// An epoch begins; the first is 1.
    case epochBegan(Int)
    /// A step is done.
    case batchEnded(BatchRecord)
    /// An epoch is done, validation and all.
    case epochEnded(EpochRecord)
    /// Training is done: all epochs, or stopped before.
    case trainingEnded(History)
}

/// What `fit` is about to do.
public struct TrainingRun: Sendable, Hashable {
    /// The number of epochs after which training ends.
    public let epochs: Int
    /// The epochs done before; 0 unless `initialEpoch` was given.
    public var initialEpoch: Int { slices.initialEpoch }
    /// The samples of one step; the last of an epoch may have fewer.
    public var batchSize: Int { slices.batchSize }
    /// The samples on which an epoch is validated; 0 without validation.
    public let validationSampleCount: Int
    /// The epochs after which there is validation, if there is any.
    public let validationFrequency: ValidationFrequency
    /// The names of the values of each batch and epoch: the loss, then the metrics.
    public let metricNames: [String]
    /// The names of the values that callbacks add to epochs: see `Callback.loggedNames`.
    public let loggedNames: [String]
    /// Where a run that was interrupted goes on; `nil` for one that starts from the beginning.
    public internal(set) var resumption: Resumption?
    /// Which samples each epoch sees.
    let slices: EpochSlices

    /// The names of all values that an epoch of this run may have, those of validation and of callbacks included.
    public var epochMetricNames: [String] {
        let validation = validationSampleCount > 0 ? metricNames.map { "val_" + $0 } : []
        return metricNames + validation + loggedNames
    }

    /// The samples of one epoch; with `stepsPerEpoch`, the last of a pass over the data may have fewer.
    public var sampleCount: Int { slices.epochCount }

    /// The steps of one epoch; with `fit(stepsPerEpoch:)`, the last of a pass over the data may have fewer.
    public var stepsPerEpoch: Int { slices.epochSteps }
}

/// Where a run that was interrupted goes on. Of what happened before, events are not sent again: not the beginning of an
/// epoch of which some batches are done.
public struct Resumption: Sendable, Hashable {
    /// The epoch; the first is 1. One more than the last epoch if all are done.
    public let epoch: Int
    /// The batches of the epoch that are done.
    public let batch: Int
    /// What people should know, a sentence each: a checkpoint that could not be used, another environment.
    public let notices: [String]
}

/// One step of training.
public struct BatchRecord: Sendable, Hashable {
    /// The epoch; the first is 1.
    public let epoch: Int
    /// The step within the epoch; the first is 1.
    public let batch: Int
    /// The samples of the epoch that have been seen.
    public let samplesSeen: Int
    /// The figures of the epoch so far.
    public let values: MetricValues
    /// Seconds since the epoch began.
    public let seconds: Double
    /// Whether the batch was left out, for its loss or a gradient was not finite: see `NonFinitePolicy.skipBatch`.
    public let isSkipped: Bool
}

/// One epoch of training.
public struct EpochRecord: Sendable, Hashable {
    /// The epoch; the first is 1.
    public let epoch: Int
    /// Loss and metrics over the epoch's samples as they were seen, then those of validation, `val_…`, then what
    /// callbacks have logged.
    public internal(set) var values: MetricValues
    /// Seconds of training, validation aside.
    public let seconds: Double
    /// Samples per second of training.
    public let samplesPerSecond: Double
    /// The learning rate of the epoch's last step.
    public let learningRate: Float
    /// The batches that were left out: see `NonFinitePolicy.skipBatch`. The figures do not count them.
    public let skippedBatches: Int
}
