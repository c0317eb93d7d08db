import Synchronization

/// Whether the task is cancelled for which a thread works.
package final class Cancellation: Sendable {
    /// Of the thread, if it works for a task.
    @TaskLocal package static var current: Cancellation?

    private let isCancelled = Atomic(false)

    package func cancel() { isCancelled.store(true, ordering: .relaxed) }

    /// - Throws: `CancellationError` if the task is.
    package func check() throws {
        if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
    }
}
