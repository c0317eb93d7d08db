/// A callback made of closures, one for each kind of event.
///
/// ```swift
/// LambdaCallback(onEpochEnd: { epoch, _ in print(epoch.epoch, epoch.values) })
/// ```
public final class LambdaCallback: Callback {
    private let onTrainBegin: ((TrainingRun, TrainingSession) throws -> Void)?
    private let onEpochBegin: ((Int, TrainingSession) throws -> Void)?
    private let onBatchEnd: ((BatchRecord, TrainingSession) throws -> Void)?
    private let onEpochEnd: ((EpochRecord, TrainingSession) throws -> Void)?
    private let onTrainEnd: ((History, TrainingSession) throws -> Void)?
    private let onInference: ((InferenceEvent, Model) throws -> Void)?

    /// Batches are received only if there is a closure for them.
    public var receivesBatches: Bool { onBatchEnd != nil }

    /// Evaluations and predictions are received only if there is a closure for them.
    public var receivesInference: Bool { onInference != nil }

    /// A callback that calls closures.
    ///
    /// - Parameters:
    ///   - onTrainBegin: called before the first epoch.
    ///   - onEpochBegin: called before each epoch; the first is 1.
    ///   - onBatchEnd: called after each step.
    ///   - onEpochEnd: called after each epoch and its validation.
    ///   - onTrainEnd: called after the last epoch.
    ///   - onInference: called at the beginning of an evaluation or a prediction, after each of its batches, and at its end; Keras'
    ///     `on_test_…` and `on_predict_…`.
    public init(
        onTrainBegin: ((TrainingRun, TrainingSession) throws -> Void)? = nil,
        onEpochBegin: ((Int, TrainingSession) throws -> Void)? = nil,
        onBatchEnd: ((BatchRecord, TrainingSession) throws -> Void)? = nil,
        onEpochEnd: ((EpochRecord, TrainingSession) throws -> Void)? = nil,
        onTrainEnd: ((History, TrainingSession) throws -> Void)? = nil,
        onInference: ((InferenceEvent, Model) throws -> Void)? = nil
    ) {
        self.onTrainBegin = onTrainBegin
        self.onEpochBegin = onEpochBegin
        self.onBatchEnd = onBatchEnd
        self.onEpochEnd = onEpochEnd
        self.onTrainEnd = onTrainEnd
        self.onInference = onInference
    }

    public func receive(_ event: InferenceEvent, by model: Model) throws { try onInference?(event, model) }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        case .trainingBegan(let run): try onTrainBegin?(run, session)
        case .epochBegan(let epoch): try onEpochBegin?(epoch, session)
        case .batchEnded(let record): try onBatchEnd?(record, session)
        case .epochEnded(let record): try onEpochEnd?(record, session)
        case .trainingEnded(let history): try onTrainEnd?(history, session)
        }
    }
}
