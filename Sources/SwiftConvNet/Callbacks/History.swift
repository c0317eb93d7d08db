/// The figures of every epoch: what `fit` returns.
public struct History: Sendable, Hashable {
    /// One record per epoch, in order.
    public internal(set) var epochs: [EpochRecord] = []
    /// Why training ended before its last epoch, if it did.
    public internal(set) var stopReason: String?

    /// What people should know although training went on: a metric that a callback monitors and an epoch did not have,
    /// a schedule that a file could not keep.
    public internal(set) var warnings: [String] = []

    /// Whether it was `TrainingSession.interrupt` that ended training, so that a resumed run goes on.
    public internal(set) var isInterrupted = false

    /// A history of no epochs.
    public init() {}

    /// The figure of a name over the epochs: `history["val_accuracy"]`. Empty if there is none.
    public subscript(name: String) -> [Double] { epochs.compactMap { $0.values[name] } }
}

extension History: CustomStringConvertible {
    /// A line for each epoch, `Epoch 1: loss: 0.3120 - accuracy: 0.9050`, and why training ended early, if it did.
    public var description: String {
        let lines =
            epochs.map { "Epoch \($0.epoch): \($0.values)" } + (stopReason.map { ["Stopped: \($0)"] } ?? [])
        return lines.isEmpty ? "No epochs" : lines.joined(separator: "\n")
    }

    /// The names of all figures, in the order in which they appear: `loss`, `accuracy`, `val_loss`.
    public var names: [String] {
        var names: [String] = []
        for epoch in epochs { names += epoch.values.names.filter { !names.contains($0) } }
        return names
    }
}
