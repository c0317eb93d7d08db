import Foundation

/// Ends training once a figure no longer improves, and if wanted puts back the weights of its best epoch.
///
/// ```swift
/// try model.fit(
///     data, epochs: 100, callbacks: [EarlyStopping(patience: 3, restoreBestWeights: true)],
///     validationData: validation)
/// ```
///
/// As in Keras: the best weights, if wanted, are put back at the end of training even if all epochs were done; the
/// first epoch never ends training; the callback may be used again. Unlike Keras, a value that is NaN never counts
/// as the best. A metric that this run cannot have is an error before the first step, where Keras warns after every
/// epoch and never stops, or raises an error after the first; in an epoch without it, for a callback has not logged it,
/// nothing is counted, as in Keras.
public final class EarlyStopping: ResumableCallback {
    /// What the callback keeps from epoch to epoch.
    public struct State: Sendable, Hashable, Codable {
        /// Epochs since the last improvement.
        public internal(set) var wait = 0
        /// The best figure so far.
        public internal(set) var best: Double?
        /// The epoch of the best figure; the first is 1, and 0 stands for none.
        public internal(set) var bestEpoch = 0
        /// The epoch that ended training; 0 if none did.
        public internal(set) var stoppedEpoch = 0
        /// The values of all parameters after the best epoch, if they are to be put back.
        var bestWeights: [Float]?
    }

    /// What the callback keeps from epoch to epoch.
    public private(set) var state = State()
    public var receivesBatches: Bool { false }

    private let monitor: Monitor
    private let patience: Int
    private let baseline: Double?
    private let restoreBestWeights: Bool
    private let startFromEpoch: Int

    /// A callback that watches a figure.
    ///
    /// - Parameters:
    ///   - monitor: the figure's name.
    ///   - minDelta: a change has to be larger than this to count as an improvement.
    ///   - patience: after how many epochs without improvement training ends.
    ///   - mode: which way the figure gets better.
    ///   - baseline: what the figure has to beat as well; while it does not, epochs count as without improvement.
    ///   - restoreBestWeights: whether the model ends with the weights of its best epoch rather than its last.
    ///   - startFromEpoch: the epochs at the beginning that are not watched.
    public init(
        monitor: String = "val_loss",
        minDelta: Double = 0,
        patience: Int = 0,
        mode: MonitorMode = .automatic,
        baseline: Double? = nil,
        restoreBestWeights: Bool = false,
        startFromEpoch: Int = 0
    ) {
        self.monitor = Monitor(monitor, mode: mode, minDelta: minDelta, owner: "EarlyStopping")
        self.patience = patience
        self.baseline = baseline
        self.restoreBestWeights = restoreBestWeights
        self.startFromEpoch = startFromEpoch
    }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        case .trainingBegan(let run):
            try monitor.check(run.epochMetricNames, in: session)
            state = State()
        case .epochEnded(let record): try judge(record, in: session)
        case .trainingEnded:
            if let weights = state.bestWeights { try putBack(weights, in: session.model) }
        case .epochBegan, .batchEnded: break
        }
    }

    private func judge(_ record: EpochRecord, in session: TrainingSession) throws {
        guard let value = monitor.value(in: record.values, of: session), record.epoch > startFromEpoch else {
            return
        }
        if restoreBestWeights, state.bestWeights == nil { try keepWeights(of: record.epoch, in: session) }
        state.wait += 1
        if try monitor.isImprovement(value, over: state.best, in: session) {
            state.best = value
            state.bestEpoch = record.epoch
            if restoreBestWeights { try keepWeights(of: record.epoch, in: session) }
            if try baseline == nil || monitor.isImprovement(value, over: baseline, in: session) {
                state.wait = 0
            }
        } else if state.wait >= patience, record.epoch > 1 {
            state.stoppedEpoch = record.epoch
            let best =
                state.best.map { " (best: \(MetricValues.text($0)) in epoch \(state.bestEpoch))" } ?? ""
            session.stop(because: "\(monitor.name) has not improved for \(state.wait) epochs\(best)")
        }
    }

    /// Weights that come from a checkpoint may be of another model.
    private func putBack(_ weights: [Float], in model: Model) throws {
        guard weights.count == model.store.totalCount else {
            throw ConvNetError(
                .format,
                "The best weights of the checkpoint are another model's",
                at: "EarlyStopping",
                expected: "\(model.store.totalCount) values",
                received: "\(weights.count)"
            )
        }
        model.restore(weights)
    }

    private func keepWeights(of epoch: Int, in session: TrainingSession) throws {
        state.bestWeights = try session.model.snapshot()
        state.bestEpoch = epoch
    }
}

extension EarlyStopping {
    /// The state in a checkpoint.
    private struct Saved: Codable {
        let wait: Int
        let best: ExactNumber?
        let bestEpoch: Int
        let stoppedEpoch: Int
        /// The bits of the weights, little-endian.
        let bestWeights: Data?
    }

    public func saveState() throws -> Data {
        let weights = state.bestWeights.map { weights in weights.withUnsafeBytes { Data($0) } }
        return try StableJSON.encoder().encode(
            Saved(
                wait: state.wait,
                best: state.best.map { ExactNumber($0) },
                bestEpoch: state.bestEpoch,
                stoppedEpoch: state.stoppedEpoch,
                bestWeights: weights
            )
        )
    }

    public func restoreState(_ saved: Data) throws {
        let saved = try StableJSON.decode(Saved.self, from: saved, at: "EarlyStopping")
        state = State(
            wait: saved.wait,
            best: saved.best?.value,
            bestEpoch: saved.bestEpoch,
            stoppedEpoch: saved.stoppedEpoch,
            bestWeights: saved.bestWeights.map { data in
                [Float](unsafeUninitializedCapacity: data.count / MemoryLayout<Float>.stride) {
                    $1 = data.copyBytes(to: $0) / MemoryLayout<Float>.stride
                }
            }
        )
    }
}

extension Model {
    /// The values of all parameters, trainable or not, as the parameter store lays them out.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    func snapshot() throws -> [Float] {
        try MemoryCheck.require(
            store.totalCount * MemoryLayout<Float>.stride,
            for: "a copy of the model's parameters"
        )
        return [Float](unsafeUninitializedCapacity: store.totalCount) { values, count in
            values.update(repeating: 0)
            if let first = values.baseAddress { store.copyValues(to: first) }
            count = values.count
        }
    }

    /// Puts back the values of a snapshot of this model.
    func restore(_ snapshot: [Float]) {
        precondition(snapshot.count == store.totalCount, "the snapshot is another model's")
        snapshot.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            store.setValues(from: first)
        }
    }
}
