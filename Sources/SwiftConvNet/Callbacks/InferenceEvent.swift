/// What happens in `evaluate` and `predict`, and while `fit` validates, as callbacks receive it that ask for it
/// (`Callback.receivesInference`): Keras' `on_test_begin`, `on_predict_batch_end` and the like.
public enum InferenceEvent: Sendable {
    /// An evaluation or a prediction begins.
    case began(InferenceRun)
    /// A batch is done.
    case batchEnded(InferenceBatch, of: InferenceRun)
    /// All batches are done. An evaluation has its losses and metrics.
    case ended(InferenceRun, MetricValues?)
}

/// What an evaluation or a prediction is about to do.
public struct InferenceRun: Sendable, Hashable {
    /// What it is for.
    public enum Purpose: Sendable, Hashable {
        /// `evaluate`: samples are compared with their targets.
        case evaluation
        /// The same, as part of `fit`.
        case validation
        /// `predict`.
        case prediction
    }

    /// What it is for.
    public let purpose: Purpose
    /// The samples.
    public let sampleCount: Int
    /// How many samples run at once; the last batch may be smaller.
    public let batchSize: Int

    /// The number of batches.
    public var steps: Int { sampleCount / batchSize + (sampleCount.isMultiple(of: batchSize) ? 0 : 1) }
}

/// A batch of an evaluation or a prediction.
public struct InferenceBatch: Sendable, Hashable {
    /// The batch; the first is 1.
    public let batch: Int
    /// The samples that are done.
    public let samplesSeen: Int
    /// Losses and metrics so far, of an evaluation.
    public let values: MetricValues?
    /// Seconds since the beginning.
    public let seconds: Double
}
