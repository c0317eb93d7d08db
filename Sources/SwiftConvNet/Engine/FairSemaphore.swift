import Foundation
import Synchronization

/// A counting semaphore that serves those who wait in the order in which they came, threads and tasks alike. A waiting
/// task blocks no thread.
package final class FairSemaphore: Sendable {
    private enum Waiter {
        case thread(DispatchSemaphore)
        case task(id: Int, CheckedContinuation<Void, any Error>)
    }

    private struct State: ~Copyable {
        var free: Int
        /// Those who wait are `waiters[first...]`; those before have been served.
        var waiters: [Waiter] = []
        var first = 0
        var nextID = 0

        init(free: Int) { self.free = free }

        var isOpen: Bool { free > 0 && first == waiters.count }

        mutating func next() -> Waiter? {
            guard first < waiters.count else { return nil }
            let next = waiters[first]
            first += 1
            // Before most of the array has been served, for the line of a busy server never ends.
            if first == waiters.count || first >= 64 && 2 * first > waiters.count {
                waiters.removeFirst(first)
                first = 0
            }
            return next
        }

        /// Takes a task out of the line.
        mutating func remove(_ wanted: Int) -> CheckedContinuation<Void, any Error>? {
            for place in first..<waiters.count {
                if case .task(wanted, let continuation) = waiters[place] {
                    waiters.remove(at: place)
                    return continuation
                }
            }
            return nil
        }
    }

    private let state: Mutex<State>

    /// A semaphore that `count` callers may pass before one has to wait.
    package init(count: Int) { state = Mutex(State(free: count)) }

    /// The number of callers that wait.
    package var waitingCount: Int { state.withLock { $0.waiters.count - $0.first } }

    /// Waits until it is the caller's turn, on the calling thread.
    package func wait() {
        let signal: DispatchSemaphore? = state.withLock { state in
            if state.isOpen {
                state.free -= 1
                return nil
            }
            let signal = DispatchSemaphore(value: 0)
            state.waiters.append(.thread(signal))
            return signal
        }
        signal?.wait()
    }

    /// Waits until it is the caller's turn; the task is suspended meanwhile.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before its turn.
    package func wait() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // A cancellation comes either before this, and is seen here, or finds the task in the line.
                let result: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.isOpen {
                        state.free -= 1
                        return .success(())
                    }
                    state.waiters.append(.task(id: id, continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.remove(id) }?.resume(throwing: CancellationError())
        }
    }

    /// Lets the next caller pass.
    package func signal() {
        let next = state.withLock { state in
            let next = state.next()
            if next == nil { state.free += 1 }
            return next
        }
        switch next {
        case .thread(let signal): signal.signal()
        case .task(_, let continuation): continuation.resume()
        case nil: break
        }
    }
}
