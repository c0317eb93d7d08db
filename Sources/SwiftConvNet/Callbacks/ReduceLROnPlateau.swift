import Foundation

/// Lowers the learning rate once a figure no longer improves.
///
/// As in Keras, it adds `learning_rate` to each epoch: the rate before a reduction. A metric that this run cannot have is
/// an error before the first step, where Keras warns after every epoch and never reduces the rate; in an epoch without
/// it, for a callback has not logged it, nothing is counted, as in Keras. A schedule is replaced by the rate at hand, which
/// Keras refuses.
public final class ReduceLROnPlateau: ResumableCallback {
    /// What the callback keeps from epoch to epoch.
    public struct State: Sendable, Hashable, Codable {
        /// Epochs since the last improvement or reduction.
        public internal(set) var wait = 0
        /// The best figure so far.
        public internal(set) var best: Double?
        /// Epochs after a reduction for which nothing is counted.
        public internal(set) var cooldown = 0
    }

    /// What the callback keeps from epoch to epoch.
    public private(set) var state = State()
    public var receivesBatches: Bool { false }
    public var loggedNames: [String] { ["learning_rate"] }

    private let monitor: Monitor
    private let factor: Double
    private let patience: Int
    private let cooldown: Int
    private let minLearningRate: Float

    /// A callback that watches a figure.
    ///
    /// - Parameters:
    ///   - monitor: the figure's name.
    ///   - factor: what the learning rate is multiplied with, below 1.
    ///   - patience: after how many epochs without improvement.
    ///   - mode: which way the figure gets better.
    ///   - minDelta: a change has to be larger than this to count as an improvement.
    ///   - cooldown: for how many epochs after a reduction nothing is counted.
    ///   - minLearningRate: what the rate does not fall below.
    public init(
        monitor: String = "val_loss",
        factor: Double = 0.1,
        patience: Int = 10,
        mode: MonitorMode = .automatic,
        minDelta: Double = 1e-4,
        cooldown: Int = 0,
        minLearningRate: Float = 0
    ) {
        self.monitor = Monitor(monitor, mode: mode, minDelta: minDelta, owner: "ReduceLROnPlateau")
        self.factor = factor
        self.patience = patience
        self.cooldown = cooldown
        self.minLearningRate = minLearningRate
    }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        case .trainingBegan(let run):
            try monitor.check(run.epochMetricNames, in: session)
            guard (0..<1).contains(factor), minLearningRate >= 0 else {
                throw ConvNetError(
                    .argument,
                    "A setting is out of its range",
                    at: "ReduceLROnPlateau, factor, minLearningRate",
                    expected: "a factor in 0..<1, a rate of at least 0",
                    received: "\(factor), \(minLearningRate)"
                )
            }
            state = State()
        case .epochEnded(let record): try judge(record, in: session)
        case .epochBegan, .batchEnded, .trainingEnded: break
        }
    }

    private func judge(_ record: EpochRecord, in session: TrainingSession) throws {
        try session.log(Double(session.learningRate), as: "learning_rate")
        guard let value = monitor.value(in: record.values, of: session) else { return }
        if state.cooldown > 0 {
            state.cooldown -= 1
            state.wait = 0
        }
        if try monitor.isImprovement(value, over: state.best, in: session) {
            state.best = value
            state.wait = 0
        } else if state.cooldown == 0 {
            state.wait += 1
            guard state.wait >= patience, session.learningRate > minLearningRate else { return }
            // In double precision, as Keras: the rates of both are then the same floats.
            session.learningRate = max(Float(Double(session.learningRate) * factor), minLearningRate)
            state.cooldown = cooldown
            state.wait = 0
        }
    }
}

extension ReduceLROnPlateau {
    /// The state in a checkpoint; the learning rate is in the optimizer's.
    private struct Saved: Codable {
        let wait: Int
        let best: ExactNumber?
        let cooldown: Int
    }

    public func saveState() throws -> Data {
        try StableJSON.encoder().encode(
            Saved(wait: state.wait, best: state.best.map { ExactNumber($0) }, cooldown: state.cooldown)
        )
    }

    public func restoreState(_ saved: Data) throws {
        let saved = try StableJSON.decode(Saved.self, from: saved, at: "ReduceLROnPlateau")
        state = State(wait: saved.wait, best: saved.best?.value, cooldown: saved.cooldown)
    }
}
