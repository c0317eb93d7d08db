/// Writes files that TensorBoard shows: loss, metrics and the learning rate of every epoch, and if wanted of batches, and histograms of the
/// parameters. `tensorboard --logdir logs` opens them.
///
/// Folders and tags are Keras': `train/` and `validation/` with `epoch_loss`, `epoch_accuracy`, `epoch_learning_rate`, `batch_loss`,
/// `conv2d/kernel/histogram`. Epochs are counted from 0 there. The file grows with each epoch; a run that is resumed begins a
/// new one, and TensorBoard forgets what was written after the checkpoint.
///
/// ```swift
/// TensorBoard("logs", histogramFrequency: 1)
/// ```
public final class TensorBoard: Callback {
    /// When the values of batches are written.
    public enum UpdateFrequency: Sendable, Hashable {
        /// Never: those of epochs alone.
        case epoch
        /// After every batch.
        case batch
        /// After every so many batches.
        case batches(Int)
    }

    public var receivesBatches: Bool { updateFrequency != .epoch }

    private let folder: String
    private let histogramFrequency: Int
    private let updateFrequency: UpdateFrequency
    private var training: EventFile?
    private var validation: EventFile?

    /// A callback that writes files for TensorBoard.
    ///
    /// - Parameters:
    ///   - folder: the folder of the files, made if it is not there. Default `logs`.
    ///   - histogramFrequency: after how many epochs, each time, histograms of all parameters are written; 0, the default, for never.
    ///   - updateFrequency: when the values of batches are written. Default `.epoch`: never.
    public init(
        _ folder: String = "logs",
        histogramFrequency: Int = 0,
        updateFrequency: UpdateFrequency = .epoch
    ) {
        self.folder = folder
        self.histogramFrequency = histogramFrequency
        self.updateFrequency = updateFrequency
    }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        case .trainingBegan(let run): try begin(run)
        case .epochBegan: break
        case .batchEnded(let record): try add(record, step: session.model.stepCount)
        case .epochEnded(let record): try add(record, of: session.model)
        case .trainingEnded:
            try training?.flush()
            try validation?.flush()
        }
    }

    public func fitEnded() {
        // Where fit has thrown, what was written since the last epoch is worth having, and its error is the one that counts.
        try? training?.flush()
        try? validation?.flush()
        (training, validation) = (nil, nil)
    }

    private func begin(_ run: TrainingRun) throws {
        if case .batches(let count) = updateFrequency, count < 1 {
            throw outOfRange("updateFrequency", "at least 1 batch", count)
        }
        guard histogramFrequency >= 0 else {
            throw outOfRange("histogramFrequency", "at least 0", histogramFrequency)
        }
        let training = try EventFile(in: "\(folder)/train")
        let validation = run.validationSampleCount > 0 ? try EventFile(in: "\(folder)/validation") : nil
        if let resumption = run.resumption {
            for file in [training, validation] { try file?.startAgain(at: resumption.epoch - 1) }
        }
        (self.training, self.validation) = (training, validation)
    }

    private func outOfRange(_ name: String, _ expected: String, _ received: Int) -> ConvNetError {
        ConvNetError(
            .argument,
            "A setting of the callback is out of its range",
            at: "TensorBoard, \(name)",
            expected: expected,
            received: "\(received)"
        )
    }

    private func add(_ record: BatchRecord, step: Int) throws {
        let every = if case .batches(let count) = updateFrequency { count } else { 1 }
        guard record.batch.isMultiple(of: every) else { return }
        try training?.add(
            zip(record.values.names, record.values.values).map { ("batch_\($0)", $1) },
            step: step
        )
    }

    private func add(_ record: EpochRecord, of model: Model) throws {
        let step = record.epoch - 1
        let values = zip(record.values.names, record.values.values)
        let own = values.filter { !$0.0.hasPrefix("val_") && $0.0 != "learning_rate" }
        let rate = [("epoch_learning_rate", Double(record.learningRate))]
        try training?.add(own.map { ("epoch_\($0)", $1) } + rate, step: step)
        let judged = values.filter { $0.0.hasPrefix("val_") }
        try validation?.add(judged.map { ("epoch_\($0.dropFirst(4))", $1) }, step: step)
        if histogramFrequency > 0, step.isMultiple(of: histogramFrequency) {
            for entry in model.store.entries {
                try training?.add(entry.parameter.values, tag: "\(entry.name)/histogram", step: step)
            }
        }
        // After each epoch, so that TensorBoard shows it while training goes on.
        try training?.flush()
        try validation?.flush()
    }
}
