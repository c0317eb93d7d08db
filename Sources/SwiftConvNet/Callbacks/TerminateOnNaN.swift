/// Ends training as soon as the loss is NaN or infinite: Keras' callback.
///
/// It looks at the loss after the update, which has made the weights useless by then. `fit` itself does better unless
/// told otherwise, so this callback has something to do only with `nonFinite: .ignore`; both together are Keras'
/// behaviour.
public final class TerminateOnNaN: Callback {
    private let raisesError: Bool

    /// A callback that ends training.
    ///
    /// - Parameter raisesError: whether `fit` then throws a `ConvNetError` of kind `numeric`, rather than return the
    ///   history so far with its `stopReason`.
    public init(raisesError: Bool = false) { self.raisesError = raisesError }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        guard case .batchEnded(let record) = event, let loss = record.values.loss, !loss.isFinite else {
            return
        }
        let place = "epoch \(record.epoch), batch \(record.batch)"
        guard raisesError else { return session.stop(because: "the loss is not finite (\(place)): \(loss)") }
        throw ConvNetError(
            .numeric,
            "The loss is not finite",
            at: place,
            expected: "a finite number",
            received: "\(loss)",
            remedy: "Try a smaller learning rate, or clipping"
        )
    }
}
