/// Which way a watched figure gets better.
public enum MonitorMode: String, Sendable, Hashable, Codable {
    /// Losses: lower; metrics: as they say themselves.
    case automatic
    /// Lower is better.
    case minimum
    /// Higher is better.
    case maximum
}

/// A metric that a callback monitors, and the rule by which one value is better than another.
struct Monitor: Sendable, Hashable {
    /// The callback's name, for messages.
    let owner: String
    /// The metric's name, such as `val_loss`.
    let name: String
    let mode: MonitorMode
    /// Changes up to this size are no improvement.
    let minDelta: Double

    init(_ name: String, mode: MonitorMode, minDelta: Double = 0, owner: String) {
        self.owner = owner
        self.name = name
        self.mode = mode
        self.minDelta = abs(minDelta)
    }

    /// Checks, before the first step, that there will be such a metric and that something says which way it gets better.
    /// A name that is misspelt would else come to light after an epoch, or, as in Keras where `mode` is given, never.
    ///
    /// - Parameter names: the values that there will be.
    /// - Throws: `ConvNetError` of kind `argument` that names them.
    func check(_ names: [String], in session: TrainingSession) throws {
        guard names.contains(name) else {
            let needsValidation = name.hasPrefix("val_") && !names.contains { $0.hasPrefix("val_") }
            throw ConvNetError(
                .argument,
                "There is no metric \"\(name)\" to monitor",
                at: "\(owner), monitor",
                expected: "one of \(names.joined(separator: ", "))",
                received: name,
                remedy: needsValidation
                    ? "Give fit validationData or validationSplit"
                    : "A callback that adds a value by TrainingSession.log names it in loggedNames"
            )
        }
        _ = try isBetterWhenHigher(in: session)
    }

    /// The metric among the values of an epoch or a batch; `nil`, with a warning as in Keras, if a callback was to log it
    /// and has not.
    func value(in values: MetricValues, of session: TrainingSession) -> Double? {
        if let value = values[name] { return value }
        session.warn(
            "\(owner) monitors \"\(name)\", which was missing at least once. There were "
                + values.names.joined(separator: ", ") + "."
        )
        return nil
    }

    /// Whether `value` is better than `reference` by more than the least change; NaN is never better, and every
    /// other value is better than none.
    ///
    /// In single precision, as Keras compares: a change from 0.8 to 0.7 is not larger than 0.1.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if nothing says which way the figure gets better.
    func isImprovement(_ value: Double, over reference: Double?, in session: TrainingSession) throws -> Bool {
        let higher = try isBetterWhenHigher(in: session)
        guard !value.isNaN else { return false }
        guard let reference, !reference.isNaN else { return true }
        return higher
            ? Float(value - minDelta) > Float(reference) : Float(value + minDelta) < Float(reference)
    }

    private func isBetterWhenHigher(in session: TrainingSession) throws -> Bool {
        switch mode {
        case .minimum: return false
        case .maximum: return true
        case .automatic:
            if session.isLoss(name) { return false }
            if let metric = session.metric(named: name) { return metric.isBetterWhenHigher }
            throw ConvNetError(
                .argument,
                "Nothing says which way \"\(name)\" gets better",
                at: "\(owner), mode",
                remedy: "Give mode: .minimum or .maximum"
            )
        }
    }
}
