/// The epochs of a run as they are done, for tasks: a callback that is an `AsyncSequence`.
///
/// ```swift
/// let epochs = EpochStream()
/// let watching = Task { for await epoch in epochs { print(epoch.epoch, epoch.values) } }
/// try await model.fit(data, epochs: 10, callbacks: [epochs])
/// await watching.value
/// ```
///
/// Epochs wait until they are asked for. The sequence ends with the run, however that ends; it is for one run, and for one task
/// that iterates.
public final class EpochStream: Callback, AsyncSequence, Sendable {
    private let stream: AsyncStream<EpochRecord>
    private let continuation: AsyncStream<EpochRecord>.Continuation

    /// A stream for one call of `fit`.
    public init() { (stream, continuation) = AsyncStream.makeStream() }

    deinit { continuation.finish() }

    /// No: epochs are enough.
    public var receivesBatches: Bool { false }

    /// Takes the records of epochs.
    public func receive(_ event: TrainingEvent, in session: TrainingSession) {
        if case .epochEnded(let record) = event { continuation.yield(record) }
    }

    /// Ends the sequence.
    public func fitEnded() { continuation.finish() }

    /// An iterator over the epochs.
    public func makeAsyncIterator() -> AsyncStream<EpochRecord>.AsyncIterator { stream.makeAsyncIterator() }
}
