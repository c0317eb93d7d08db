import Foundation

/// Saves the model while it trains: after every epoch, after every so many batches, or whenever a figure is better
/// than ever.
///
/// ```swift
/// ModelCheckpoint("checkpoints/{epoch:02d}-{val_loss:.4f}.safetensors")
/// ModelCheckpoint("best.safetensors", monitor: "val_accuracy", saveBestOnly: true)
/// ```
///
/// A path may name `{epoch}` (the first is 1), `{batch}` and any metric; folders on the way to it are made. A name, of
/// `monitor` or in the path, that this run cannot have is an error before the first step, where Keras warns and saves
/// every time, or raises an error after an epoch; without the monitored metric, for a callback has not logged it, the
/// model is saved, as in Keras. Files are in the safetensors format; a path whose ending belongs to another format
/// (`.keras`, `.h5`) is an error of kind `argument` before the first step. Files are
/// replaced as a whole: a crash leaves the old one or the new one. To go on with a run as if nothing had happened,
/// `fit(checkpoint:at:resume:)` writes checkpoints of another kind.
public final class ModelCheckpoint: ResumableCallback {
    /// When the model is saved.
    public enum Frequency: Sendable, Hashable, Codable {
        /// After each epoch.
        case epoch
        /// After this many batches, counted on through the epochs; figures are those of the epoch so far.
        case batches(Int)
    }

    /// What the callback keeps from one time to the next.
    public struct State: Sendable, Hashable, Codable {
        /// The best figure so far.
        public internal(set) var best: Double?
        /// Batches since the last time.
        public internal(set) var batches = 0
        /// The path of the last file.
        public internal(set) var lastPath: String?
    }

    /// What the callback keeps from one time to the next.
    public private(set) var state: State
    public var receivesBatches: Bool { frequency != .epoch }

    private let template: PathTemplate
    private let monitor: Monitor
    private let saveBestOnly: Bool
    private let saveWeightsOnly: Bool
    private let frequency: Frequency

    /// A callback that saves.
    ///
    /// - Parameters:
    ///   - path: where; see above for what it may name.
    ///   - monitor: the metric that decides if only the best is saved.
    ///   - saveBestOnly: whether the model is saved only if the figure is better than before.
    ///   - saveWeightsOnly: whether the parameters alone are saved, as by `saveWeights(to:)`.
    ///   - mode: which way the figure gets better.
    ///   - frequency: when the model is saved.
    ///   - initialValueThreshold: what the figure must beat the first time.
    public init(
        _ path: String,
        monitor: String = "val_loss",
        saveBestOnly: Bool = false,
        saveWeightsOnly: Bool = false,
        mode: MonitorMode = .automatic,
        frequency: Frequency = .epoch,
        initialValueThreshold: Double? = nil
    ) {
        template = PathTemplate(text: path)
        self.monitor = Monitor(monitor, mode: mode, owner: "ModelCheckpoint")
        self.saveBestOnly = saveBestOnly
        self.saveWeightsOnly = saveWeightsOnly
        self.frequency = frequency
        state = State(best: initialValueThreshold)
    }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch (event, frequency) {
        case (.trainingBegan(let run), _): try check(run, in: session)
        case (.epochEnded(let record), .epoch):
            try saveIfWanted(epoch: record.epoch, batch: nil, values: record.values, in: session)
        case (.batchEnded(let record), .batches(let count)):
            state.batches += 1
            guard state.batches >= count else { return }
            state.batches = 0
            try saveIfWanted(epoch: record.epoch, batch: record.batch, values: record.values, in: session)
        default: break
        }
    }

    /// Looks for what would else be wrong when the model is first saved, after an epoch.
    private func check(_ run: TrainingRun, in session: TrainingSession) throws {
        try FileKind.checkNameOfSafeTensors(template.text)
        var names = run.epochMetricNames
        var batch: Int?
        if case .batches(let count) = frequency {
            guard count >= 1 else {
                throw ConvNetError(
                    .argument,
                    "Not a number of batches",
                    at: "ModelCheckpoint, frequency",
                    expected: "at least 1",
                    received: "\(count)"
                )
            }
            names = run.metricNames
            batch = 1
        }
        if saveBestOnly { try monitor.check(names, in: session) }
        let values = MetricValues(names: names, values: names.map { _ in 0 })
        _ = try template.path(epoch: 1, batch: batch, values: values)
    }

    private func saveIfWanted(epoch: Int, batch: Int?, values: MetricValues, in session: TrainingSession)
        throws
    {
        let path = try template.path(epoch: epoch, batch: batch, values: values)
        if saveBestOnly, let value = monitor.value(in: values, of: session) {
            guard try monitor.isImprovement(value, over: state.best, in: session) else { return }
            state.best = value
        }
        try Folders.make(forFile: path)
        if saveWeightsOnly {
            try session.model.saveWeights(to: path)
        } else {
            try session.model.save(to: path)
        }
        state.lastPath = path
    }
}

extension ModelCheckpoint {
    /// The state in a checkpoint.
    private struct Saved: Codable {
        let best: ExactNumber?
        let batches: Int
        let lastPath: String?
    }

    public func saveState() throws -> Data {
        try StableJSON.encoder().encode(
            Saved(
                best: state.best.map { ExactNumber($0) },
                batches: state.batches,
                lastPath: state.lastPath
            )
        )
    }

    public func restoreState(_ saved: Data) throws {
        let saved = try StableJSON.decode(Saved.self, from: saved, at: "ModelCheckpoint")
        state = State(best: saved.best?.value, batches: saved.batches, lastPath: saved.lastPath)
    }
}
