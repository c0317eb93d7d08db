import Foundation

/// Saves the model while it trains: after every epoch, after every so many batches, or whenever a figure is better
/// than ever.
///
/// ```swift
/// ModelCheckpoint("checkpoints/{epoch:02d}-{val_loss:.4f}.safetensors")
/// ModelCheckpoint("best.safetensors", monitor: "val_accuracy", saveBestOnly: true)
/// ```
///
/// Files are in the safetensors format; a path whose ending belongs to another format (`.keras`, `.h5`) is an error of
/// kind `argument` when training begins. A path may name `{epoch}` (the first is 1), `{batch}` and any figure; folders on the way to it are made. Files are
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
    ///   - monitor: the figure that decides if only the best is saved.
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
        case (.trainingBegan, .batches(let count)) where count < 1:
            throw ConvNetError(
                .argument, "Not a number of batches", at: "ModelCheckpoint, frequency",
                expected: "at least 1",
                received: "\(count)")
        // A night's training must not end in a path that cannot be written.
        case (.trainingBegan, _): try FileKind.checkNameOfSafeTensors(template.text)
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

    private func saveIfWanted(epoch: Int, batch: Int?, values: MetricValues, in session: TrainingSession)
        throws
    {
        let path = try template.path(epoch: epoch, batch: batch, values: values)
        if saveBestOnly {
            let value = try monitor.value(in: values)
            guard try monitor.isImprovement(value, over: state.best, in: session) else { return }
            state.best = value
        }
        try Self.makeFolder(of: path)
        if saveWeightsOnly {
            try session.model.saveWeights(to: path)
        } else {
            try session.model.save(to: path)
        }
        state.lastPath = path
    }

    private static func makeFolder(of path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try Folders.make(folder, as: "the folder of the file")
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
                best: state.best.map { ExactNumber($0) }, batches: state.batches, lastPath: state.lastPath))
    }

    public func restoreState(_ saved: Data) throws {
        let saved = try StableJSON.decode(Saved.self, from: saved, at: "ModelCheckpoint")
        state = State(best: saved.best?.value, batches: saved.batches, lastPath: saved.lastPath)
    }
}
