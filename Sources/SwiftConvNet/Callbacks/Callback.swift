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

    /// The names of the values that the callback adds to epochs by `TrainingSession.log`, so that other callbacks may
    /// monitor them: a name that nothing announces is taken for a misspelt one. The default is none.
    var loggedNames: [String] { get }

    /// Called for each event, on the thread that called `fit`.
    ///
    /// - Throws: whatever is to end training at once; `fit` throws it on.
    func receive(_ event: TrainingEvent, in session: TrainingSession) throws

    /// Whether `receive(_:by:)` is called for evaluations and predictions, too. The default is no.
    var receivesInference: Bool { get }

    /// Called while `evaluate` and `predict` run that the callback was given to, and while `fit` validates, on the thread that
    /// called them. The default does nothing.
    ///
    /// - Throws: whatever is to end the call at once; it throws it on.
    func receive(_ event: InferenceEvent, by model: Model) throws

    /// Called when `fit` ends, whether it returns or throws: the last of all calls. The default does nothing.
    func fitEnded()
}

extension Callback {
    public var receivesBatches: Bool { true }
    public var loggedNames: [String] { [] }
    public var receivesInference: Bool { false }
    public func receive(_ event: InferenceEvent, by model: Model) throws {}
    public func fitEnded() {}
}

/// The training that a callback belongs to: what it may look at and change.
public final class TrainingSession {
    /// The model that is trained.
    public let model: Model
    /// The epochs so far; at `.epochEnded` the one at hand is the last.
    public internal(set) var history = History()
    /// Whether training ends after the epoch at hand, or the batch at hand if a batch's event asked for it.
    public var isStopping: Bool { history.stopReason != nil }

    /// Whether callbacks are receiving `.epochEnded`.
    private var isEndingEpoch = false

    init(model: Model) { self.model = model }

    /// Sends the last epoch of the history to callbacks; each receives what those before it have logged.
    func sendEpoch(to callbacks: [any Callback]) throws {
        isEndingEpoch = true
        defer { isEndingEpoch = false }
        for callback in callbacks {
            guard let record = history.epochs.last else { return }
            try callback.receive(.epochEnded(record), in: self)
        }
    }

    /// Adds a value to the record of the epoch that has ended, as Keras' callbacks do that write into `logs`: callbacks
    /// that come later in the list receive the record with it, and so do the progress on the terminal and the history.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - name: its name; a value that the record has under this name is replaced.
    /// - Throws: `ConvNetError` of kind `state` unless it is called while `.epochEnded` is received.
    public func log(_ value: Double, as name: String) throws {
        guard isEndingEpoch, let last = history.epochs.indices.last else {
            throw ConvNetError(
                .state,
                "There is no epoch to add a value to",
                at: "log, \(name)",
                remedy: "Call it while .epochEnded is received"
            )
        }
        history.epochs[last].values.set(value, for: name)
    }

    /// Tells people something that does not end training: into `History.warnings`, and on standard error unless `fit`
    /// is silent. What has been told already is not told again.
    ///
    /// - Parameter text: a sentence or two.
    public func warn(_ text: String) {
        if !history.warnings.contains(text) { history.warnings.append(text) }
    }

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
        model.compilation?.criteria.metric(named: plain(name), outputs: model.graph.outputNames)
    }

    /// Whether a loss has the name, with `val_` or without.
    func isLoss(_ name: String) -> Bool {
        model.compilation?.criteria.isLoss(plain(name), outputs: model.graph.outputNames) ?? false
    }

    private func plain(_ name: String) -> String {
        name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
    }
}
