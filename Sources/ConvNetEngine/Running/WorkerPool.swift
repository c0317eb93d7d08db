import CKernels
import Foundation
import Synchronization

/// What a pool runs: `units` pieces of work, each by one call from one worker.
package protocol WorkerJob: AnyObject {
    func perform(unit: Int, worker: Int)
}

/// A few threads that share the units of one job after another with the thread that asks for them.
///
/// Handing over a job costs under a microsecond while the workers spin; after some ten microseconds without work they
/// park, and use no processor time. A worker that wakes too late finds nothing left and is not waited for.
package final class WorkerPool: @unchecked Sendable {
    // Sendable: `shared` is made for it; `dispatch` is called by one thread at a time, which the engine sees to.

    /// The number of workers, the calling thread among them.
    package let workerCount: Int
    private let shared: SharedState
    private var threads: [pthread_t] = []

    /// Starts `workerCount - 1` threads; the calling thread is worker 0. `prepare` runs first on each thread.
    package init(workerCount: Int, prepare: @escaping @Sendable () -> Void = {}) {
        shared = SharedState(spins: workerCount > 1 && workerCount <= availableProcessorCount() ? 2_000 : 0)
        for worker in 1..<max(workerCount, 1) {
            let start = ThreadStart(shared: shared, worker: worker, prepare: prepare)
            let argument = Unmanaged.passRetained(start)
            var thread = pthread_t()
            let code = pthread_create(&thread, nil, threadMain, argument.toOpaque())
            // Fewer threads are slower, not wrong: the others take their units.
            guard code == 0 else {
                argument.release()
                break
            }
            threads.append(thread)
        }
        self.workerCount = threads.count + 1
    }

    deinit {
        shared.stop()
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Runs `units` units of `job` and returns when all are done.
    package func dispatch(_ job: some WorkerJob, units: Int) {
        if workerCount == 1 || units == 1 {
            for unit in 0..<units { job.perform(unit: unit, worker: 0) }
        } else if units > 1 {
            shared.dispatch(job, units: units)
        }
    }
}

private final class ThreadStart: Sendable {
    let shared: SharedState
    let worker: Int
    let prepare: @Sendable () -> Void

    init(shared: SharedState, worker: Int, prepare: @escaping @Sendable () -> Void) {
        self.shared = shared
        self.worker = worker
        self.prepare = prepare
    }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
    start.prepare()
    start.shared.serve(worker: start.worker)
    return nil
}

/// One word says all about the job at hand: generation, number of units, next unit. A worker claims a unit by
/// adding one to the word; since what it gets back names the generation and the number of units too, a worker
/// that comes late can neither take a unit twice nor mistake one job for another.
private struct Ticket {
    static let unitBits: UInt64 = 20
    static let mask: UInt64 = (1 << unitBits) - 1
    let word: UInt64

    init(word: UInt64) { self.word = word }
    init(generation: UInt64, units: Int) {
        word = generation << (2 * Self.unitBits) | UInt64(units) << Self.unitBits
    }

    var generation: UInt64 { word >> (2 * Self.unitBits) }
    var units: Int { Int(word >> Self.unitBits & Self.mask) }
    var next: Int { Int(word & Self.mask) }
    var isOpen: Bool { next < units }
}

private final class SharedState: @unchecked Sendable {
    // Sendable: `job` is written before the ticket that announces it and read only under a claim of that ticket,
    // and a job is not replaced before every claimed unit is done.

    private let ticket = Atomic<UInt64>(0)
    private let done = Atomic<Int>(0)
    /// Whether workers have parked since they were last woken; changed under the mutex.
    private let anyoneSleeps = Atomic<Bool>(false)
    private let callerWaits = Atomic<Bool>(false)
    private let stopped = Atomic<Bool>(false)
    private unowned(unsafe) var job: (any WorkerJob)?
    private let spins: Int
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let work: UnsafeMutablePointer<pthread_cond_t>
    private let finished: UnsafeMutablePointer<pthread_cond_t>

    init(spins: Int) {
        self.spins = spins
        mutex = .allocate(capacity: 1)
        work = .allocate(capacity: 1)
        finished = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(work, nil)
        pthread_cond_init(finished, nil)
    }

    deinit {
        pthread_cond_destroy(finished)
        pthread_cond_destroy(work)
        pthread_mutex_destroy(mutex)
        finished.deallocate()
        work.deallocate()
        mutex.deallocate()
    }

    package func dispatch(_ job: any WorkerJob, units: Int) {
        // More units than a ticket can count are run as several jobs.
        var first = 0
        while first < units {
            let count = min(units - first, Int(Ticket.mask) / 2)
            if first == 0 && count == units {
                dispatchOnce(job, units: count)
            } else {
                dispatchOnce(OffsetJob(job, first), units: count)
            }
            first += count
        }
    }

    private func dispatchOnce(_ job: any WorkerJob, units: Int) {
        self.job = job
        done.store(0, ordering: .relaxed)
        let generation = Ticket(word: ticket.load(ordering: .relaxed)).generation &+ 1
        ticket.store(Ticket(generation: generation, units: units).word, ordering: .sequentiallyConsistent)
        if anyoneSleeps.load(ordering: .sequentiallyConsistent) {
            pthread_mutex_lock(mutex)
            anyoneSleeps.store(false, ordering: .relaxed)
            pthread_cond_broadcast(work)
            pthread_mutex_unlock(mutex)
        }
        while claim(worker: 0) {}
        for _ in 0..<spins {
            if done.load(ordering: .acquiring) == units { return }
            ck_pause()
        }
        pthread_mutex_lock(mutex)
        callerWaits.store(true, ordering: .sequentiallyConsistent)
        while done.load(ordering: .sequentiallyConsistent) != units { pthread_cond_wait(finished, mutex) }
        callerWaits.store(false, ordering: .relaxed)
        pthread_mutex_unlock(mutex)
    }

    /// Runs one unit if there is one.
    private func claim(worker: Int) -> Bool {
        guard Ticket(word: ticket.load(ordering: .acquiring)).isOpen else { return false }
        let claimed = Ticket(word: ticket.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue)
        guard claimed.isOpen else { return false }
        job?.perform(unit: claimed.next, worker: worker)
        let before = done.add(1, ordering: .sequentiallyConsistent).oldValue
        if before + 1 == claimed.units, callerWaits.load(ordering: .sequentiallyConsistent) {
            pthread_mutex_lock(mutex)
            pthread_cond_signal(finished)
            pthread_mutex_unlock(mutex)
        }
        return true
    }

    func serve(worker: Int) {
        while !stopped.load(ordering: .relaxed) {
            if claim(worker: worker) { continue }
            var left = spins
            while left > 0, !isReady { ck_pause(); left -= 1 }
            if !isReady { park() }
        }
    }

    private var isReady: Bool {
        Ticket(word: ticket.load(ordering: .sequentiallyConsistent)).isOpen
            || stopped.load(ordering: .relaxed)
    }

    /// Sleeps until a job is announced. Waking takes so long that the job may be done by then; the worker spins again
    /// before it parks again, so that the jobs that follow are not paid for in wake-ups.
    private func park() {
        pthread_mutex_lock(mutex)
        anyoneSleeps.store(true, ordering: .sequentiallyConsistent)
        if !isReady { pthread_cond_wait(work, mutex) }
        pthread_mutex_unlock(mutex)
    }

    func stop() {
        pthread_mutex_lock(mutex)
        stopped.store(true, ordering: .sequentiallyConsistent)
        pthread_cond_broadcast(work)
        pthread_mutex_unlock(mutex)
    }
}

/// A job whose units are counted from `first`.
private final class OffsetJob: WorkerJob {
    private let base: any WorkerJob
    private let first: Int

    init(_ base: any WorkerJob, _ first: Int) {
        self.base = base
        self.first = first
    }

    func perform(unit: Int, worker: Int) { base.perform(unit: first + unit, worker: worker) }
}
