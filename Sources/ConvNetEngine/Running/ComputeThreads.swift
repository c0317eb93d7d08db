import Foundation

/// The threads on which the calls of tasks compute: as many as there are turns, made when they are first needed and kept.
/// `DispatchQueue.global()` would not do, for on Linux it shares its threads with Swift's tasks.
package final class ComputeThreads: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var threadCount = 0
        /// Threads that wait for a job, less the jobs that wait for a thread.
        var spare = 0
    }

    private let limit: Int
    private let state = Lock(State())
    private let signal = DispatchSemaphore(value: 0)

    package init(limit: Int) { self.limit = limit }

    /// Runs a job on one of the threads; on the calling thread, if the machine refuses even the first one.
    package func run(_ job: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            state.spare -= 1
            guard state.spare < 0, state.threadCount < limit else { return false }
            state.threadCount += 1
            state.spare += 1
            return true
        }
        if needsThread, !startThread() {
            let isOnly = state.withLock { state in
                state.threadCount -= 1
                state.spare -= 1
                return state.threadCount == 0
            }
            if isOnly { return perform() }
        }
        signal.signal()
    }

    private func serve() {
        while true {
            signal.wait()
            perform()
            state.withLock { $0.spare += 1 }
        }
    }

    private func perform() {
        let job = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
        job?()
    }

    private func startThread() -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // Kernels need 128 KiB; readers of a user's dataset may need more.
        pthread_attr_setstacksize(&attributes, 1 << 20)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread,
            &attributes,
            { argument in
                if let argument { Unmanaged<ComputeThreads>.fromOpaque(argument).takeRetainedValue().serve() }
                return nil
            },
            argument.toOpaque()
        )
        if code != 0 { argument.release() }
        return code == 0
    }
}
