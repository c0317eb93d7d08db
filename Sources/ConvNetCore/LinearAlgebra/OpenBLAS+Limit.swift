import Foundation
import Synchronization

extension OpenBLAS {
    /// How many threads may be inside OpenBLAS at once.
    ///
    /// A build has a table of 2 × `MAX_THREADS` buffers, of which every call takes one: Debian's has 128. Beyond
    /// them 0.3.21 warns of an "auxiliary array" and then writes to memory that is not there. Half of the table is left to
    /// calls that this library does not make. A serial build, which several threads must not call at once, gets 1.
    static let concurrentCallLimit = supportsConcurrentCalls ? maximumThreads : 1

    private static let limiter = CallLimiter(limit: concurrentCallLimit)

    /// Calls OpenBLAS, or LAPACK, once fewer than `concurrentCallLimit` threads are inside it.
    @inline(__always)
    static func call<Result>(_ body: () throws -> Result) rethrows -> Result {
        let limiter = limiter
        limiter.enter()
        defer { limiter.leave() }
        return try body()
    }
}

/// Lets a number of threads pass at once. Two atomic additions while there is room: some 10 ns for each product, the
/// smallest of which takes microseconds.
private final class CallLimiter: @unchecked Sendable {
    // Sendable: a POSIX semaphore is made to be shared; it is never changed otherwise.

    /// How many more may pass; below zero, how many wait.
    private let free: Atomic<Int>
    private let semaphore: UnsafeMutablePointer<sem_t>

    init(limit: Int) {
        free = Atomic(limit)
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func enter() {
        guard free.subtract(1, ordering: .acquiring).newValue < 0 else { return }
        while sem_wait(semaphore) != 0 {}  // a signal handler may have interrupted it
    }

    func leave() {
        if free.add(1, ordering: .releasing).oldValue < 0 { sem_post(semaphore) }
    }
}
