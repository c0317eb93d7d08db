import Foundation

/// A counting semaphore that serves those who wait in the order in which they came: threads, which it blocks, and
/// continuations of tasks.
package final class FairSemaphore: Sendable {
    /// Told whether it has its turn: if not, the waiting was cancelled.
    package typealias Continuation = @Sendable (_ hasTurn: Bool) -> Void

    private enum Waiter {
        case thread(DispatchSemaphore)
        case continuation(id: Int, Continuation)
    }

    private struct State {
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

        /// Takes a continuation out of the line.
        mutating func remove(_ wanted: Int) -> Continuation? {
            for place in first..<waiters.count {
                if case .continuation(wanted, let continuation) = waiters[place] {
                    waiters.remove(at: place)
                    return continuation
                }
            }
            return nil
        }
    }

    private let state: Lock<State>

    /// A semaphore that `count` callers may pass before one has to wait.
    package init(count: Int) { state = Lock(State(free: count)) }

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

    /// A number by which a place in the line can be given up.
    package func makeID() -> Int {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    /// Calls `continuation` when it is its turn: at once, or later on the thread that gives a turn back. For tasks, which
    /// must not go on with a turn on a thread of Swift's tasks: those may all be waiting for that turn.
    ///
    /// - Parameter id: from `makeID`, for `cancel`.
    package func wait(_ id: Int, _ continuation: @escaping Continuation) {
        // A cancellation comes either before this, and is seen here, or finds the continuation in the line.
        let hasTurn: Bool? = state.withLock { state in
            if Task.isCancelled { return false }
            if state.isOpen {
                state.free -= 1
                return true
            }
            state.waiters.append(.continuation(id: id, continuation))
            return nil
        }
        if let hasTurn { continuation(hasTurn) }
    }

    /// Gives up a place in the line, unless its turn has come.
    package func cancel(_ id: Int) { state.withLock { $0.remove(id) }?(false) }

    /// Lets the next caller pass.
    package func signal() {
        let next = state.withLock { state in
            let next = state.next()
            if next == nil { state.free += 1 }
            return next
        }
        switch next {
        case .thread(let signal): signal.signal()
        case .continuation(_, let continuation): continuation(true)
        case nil: break
        }
    }
}
