/// Something that watches training, and may steer it.
///
/// ```swift
/// final class LossPrinter: Callback {
///     func receive(_ event: TrainingEvent, in session: TrainingSession) {
///         if case .epochEnded(let epoch) = event { print(epoch.epoch, epoch.values) }
///     }
/// }
/// ```
public protocol Callback: AnyObject {
    /// Whether `receive` is called for `.batchEnded` too, which costs a little in every step. The default is yes.
    var receivesBatches: Bool { get }

    /// Called for each event, on the thread that called `fit`.
    ///
    /// - Throws: whatever is to end training at once; `fit` throws it on.
    func receive(_ event: TrainingEvent, in session: TrainingSession) throws
}

extension Callback {
    public var receivesBatches: Bool { true }
}

/// The training that a callback belongs to: what it may look at and change.
public final class TrainingSession {
    /// The model that is trained.
    public let model: Model
    /// The epochs so far; at `.epochEnded` the one at hand is the last.
    public internal(set) var history = History()
    /// Whether training ends after the epoch at hand, or the batch at hand if a batch's event asked for it.
    public var isStopping: Bool { history.stopReason != nil }

    init(model: Model) { self.model = model }

    /// Ends training: after a batch's event at once, with that epoch unrecorded; after an epoch's event with it.
    ///
    /// - Parameter reason: why, for people.
    public func stop(because reason: String) { history.stopReason = history.stopReason ?? reason }

    /// Ends training as `stop` does, but only for now: if `fit` writes checkpoints, it writes one where training stands,
    /// and a resumed run goes on from there as if nothing had happened.
    ///
    /// - Parameter reason: why, for people.
    public func interrupt(because reason: String) {
        guard !isStopping else { return }
        stop(because: reason)
        history.isInterrupted = true
    }

    /// How far the next step goes.
    public var learningRate: Float {
        get { model.learningRate ?? 0 }
        set { model.learningRate = newValue }
    }

    /// The metric of a name as `compile` was given it, without `val_`; `nil` for the loss and for unknown names.
    public func metric(named name: String) -> (any Metric)? {
        let plain = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
        return model.compilation?.metrics.first { $0.name == plain }
    }
}
