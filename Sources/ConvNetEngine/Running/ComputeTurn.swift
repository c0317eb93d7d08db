import Foundation

/// The right to compute. The process has twice as many turns as processors; other callers wait for one, in the order in
/// which they came. More of them at once would gain nothing: each would take memory of its own, and OpenBLAS ends the
/// process when too many threads call it at once.
///
/// A thread that computes already never waits, for whoever holds the turns may be waiting for it: a dataset may ask a
/// predictor while a batch of another model is read. It must ask on the thread that reads, not on threads of its own.
package enum ComputeTurn {
    private static let turns = FairSemaphore(count: count)
    private static let threads = ComputeThreads(limit: count)

    /// How many callers may compute at once.
    package static let count = 2 * availableProcessorCount()

    /// Runs `body` in a turn of its own, on the calling thread.
    package static func take<Result>(_ body: () throws -> Result) rethrows -> Result {
        if isComputing { return try body() }
        turns.wait()
        defer { turns.signal() }
        isComputing = true
        defer { isComputing = false }
        return try body()
    }

    /// Runs `body` in a turn of its own, on a thread outside the pool of Swift's tasks. The task is suspended until
    /// `body` is done.
    ///
    /// - Throws: what `body` throws; `CancellationError` if the task is cancelled before its turn.
    package static func take<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        let id = turns.makeID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                turns.wait(id) { hasTurn in
                    guard hasTurn else { return continuation.resume(throwing: CancellationError()) }
                    threads.run {
                        isComputing = true
                        let result = Swift.Result { try body() }
                        isComputing = false
                        // Before the task goes on, for which it may have to wait.
                        turns.signal()
                        continuation.resume(with: result)
                    }
                }
            }
        } onCancel: {
            turns.cancel(id)
        }
    }

    /// Whether the calling thread computes: it has taken a turn, or is a worker of someone who has.
    package static var isComputing: Bool {
        get { pthread_getspecific(key) != nil }
        set { pthread_setspecific(key, newValue ? UnsafeRawPointer(bitPattern: 1) : nil) }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key, nil)
        precondition(status == 0, "no more thread-specific keys")
        return key
    }()
}
