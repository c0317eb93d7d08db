/// Which way a watched figure gets better.
public enum MonitorMode: String, Sendable, Hashable, Codable {
    /// Losses: lower; metrics: as they say themselves.
    case automatic
    /// Lower is better.
    case minimum
    /// Higher is better.
    case maximum
}

/// A figure that a callback watches, and the rule by which one value is better than another.
struct Monitor: Sendable, Hashable {
    /// The callback's name, for messages.
    let owner: String
    /// The figure's name, such as `val_loss`.
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

    /// The figure among those of an epoch or a batch.
    ///
    /// - Throws: `ConvNetError` of kind `argument` that names the figures there are.
    func value(in values: MetricValues) throws -> Double {
        if let value = values[name] { return value }
        let needsValidation = name.hasPrefix("val_") && !values.names.contains { $0.hasPrefix("val_") }
        throw ConvNetError(
            .argument, "There is no figure \"\(name)\" to watch", at: "\(owner), monitor",
            expected: "one of \(values.names.joined(separator: ", "))", received: name,
            remedy: needsValidation ? "Give fit validationData or validationSplit" : nil)
    }

    /// Whether `value` is better than `reference` by more than the least change; NaN is never better, and every
    /// other value is better than none.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if nothing says which way the figure gets better.
    func isImprovement(_ value: Double, over reference: Double?, in session: TrainingSession) throws -> Bool {
        let higher = try isBetterWhenHigher(in: session)
        guard !value.isNaN else { return false }
        guard let reference, !reference.isNaN else { return true }
        return higher ? value - minDelta > reference : value + minDelta < reference
    }

    private func isBetterWhenHigher(in session: TrainingSession) throws -> Bool {
        switch mode {
        case .minimum: return false
        case .maximum: return true
        case .automatic:
            if name == "loss" || name == "val_loss" { return false }
            if let metric = session.metric(named: name) { return metric.isBetterWhenHigher }
            throw ConvNetError(
                .argument, "Nothing says which way \"\(name)\" gets better", at: "\(owner), mode",
                remedy: "Give mode: .minimum or .maximum")
        }
    }
}
