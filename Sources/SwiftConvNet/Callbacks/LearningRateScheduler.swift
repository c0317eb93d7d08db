/// Sets the learning rate at the beginning of each epoch.
///
/// ```swift
/// LearningRateScheduler { epoch, rate in epoch < 10 ? rate : rate * 0.9 }
/// ```
///
/// As in Keras, it adds `learning_rate` to each epoch. For a rate that changes from step to step give the optimizer
/// `LearningRate.schedule`.
public final class LearningRateScheduler: Callback {
    public var receivesBatches: Bool { false }
    public var loggedNames: [String] { ["learning_rate"] }
    private let schedule: (Int, Float) throws -> Float

    /// A callback that asks a function for the learning rate.
    ///
    /// - Parameter schedule: receives the number of epochs before the one that begins, 0 at the first as in Keras, and
    ///   the learning rate so far; returns the one of the epoch.
    public init(_ schedule: @escaping (_ epoch: Int, _ learningRate: Float) throws -> Float) {
        self.schedule = schedule
    }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        if case .epochEnded = event {
            try session.log(Double(session.learningRate), as: "learning_rate")
        }
        guard case .epochBegan(let epoch) = event else { return }
        let rate = try schedule(epoch - 1, session.learningRate)
        guard rate >= 0, rate.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a learning rate",
                at: "LearningRateScheduler, epoch \(epoch)",
                expected: "a finite number of at least 0",
                received: "\(rate)"
            )
        }
        session.learningRate = rate
    }
}
