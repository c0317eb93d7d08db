/// Runs work that takes long for a task, on a thread that is not one of those that run Swift's tasks.
package enum TaskThread {
    /// As many models as anybody trains at once in one process; others wait.
    private static let threads = ComputeThreads(limit: 512)

    /// Runs `body`. The task, and whatever isolates it, is suspended until `body` is done, so `body` may use what is not
    /// `Sendable`.
    ///
    /// - Throws: what `body` throws; `CancellationError` if the task is cancelled before.
    package nonisolated(nonsending) static func run<Result>(
        _ body: @escaping () throws -> Result
    ) async throws -> Result {
        try Task.checkCancellation()
        let cancellation = Cancellation(), work = Lent(body)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                threads.run {
                    let result = Cancellation.$current.withValue(cancellation) {
                        Swift.Result { Lent(try work.value()) }
                    }
                    continuation.resume(with: result)
                }
            }.value
        } onCancel: {
            cancellation.cancel()
        }
    }

    /// What a suspended task lends to a thread, and gets back from it.
    private struct Lent<Value>: @unchecked Sendable {
        // Sendable: the task does nothing meanwhile.
        let value: Value
        init(_ value: Value) { self.value = value }
    }
}
