import SwiftConvNet
import Synchronization
import Testing

@Suite("Worker pool")
struct WorkerPoolTests {
    @Test("Every unit of every job runs exactly once", arguments: [1, 2, 3, 8])
    func everyUnitOnce(workers: Int) {
        let pool = WorkerPool(workerCount: workers)
        let job = Tally(units: 257)
        for _ in 0..<2_000 { pool.dispatch(job, units: 257) }
        #expect(job.counts == Array(repeating: 2_000, count: 257))
    }

    @Test("A job is done when run returns, whatever the pause before it", arguments: [2, 5])
    func doneOnReturn(workers: Int) async throws {
        let pool = WorkerPool(workerCount: workers)
        for round in 1...50 {
            // Long enough for the workers to park in some rounds, and to spin in others.
            if round.isMultiple(of: 3) { try await Task.sleep(for: .milliseconds(2)) }
            let job = Tally(units: 16)
            pool.dispatch(job, units: 16)
            #expect(job.counts == Array(repeating: 1, count: 16))
        }
    }

    @Test("No unit, one unit")
    func fewUnits() {
        let pool = WorkerPool(workerCount: 3)
        let job = Tally(units: 1)
        pool.dispatch(job, units: 0)
        #expect(job.counts == [0])
        pool.dispatch(job, units: 1)
        #expect(job.counts == [1])
    }

    @Test("More units than one ticket can count")
    func manyUnits() {
        let pool = WorkerPool(workerCount: 2)
        let job = Sum()
        let units = 1_200_000
        pool.dispatch(job, units: units)
        #expect(job.total.load(ordering: .relaxed) == units * (units - 1) / 2)
    }

    @Test("Pools come and go a thousand times")
    func comeAndGo() {
        for _ in 0..<1_000 {
            let pool = WorkerPool(workerCount: 3)
            let job = Tally(units: 5)
            pool.dispatch(job, units: 5)
            #expect(job.counts == [1, 1, 1, 1, 1])
        }
    }
}

/// Counts how often each unit runs.
private final class Tally: WorkerJob {
    private let cells: UnsafeMutableBufferPointer<Int>

    init(units: Int) {
        cells = .allocate(capacity: units)
        cells.initialize(repeating: 0)
    }

    deinit { cells.deallocate() }

    // Not atomic: two workers that ran one unit at once would be seen by the thread sanitizer, and lose counts.
    func perform(unit: Int, worker: Int) { cells[unit] += 1 }

    var counts: [Int] { Array(cells) }
}

private final class Sum: WorkerJob {
    let total = Atomic<Int>(0)
    func perform(unit: Int, worker: Int) { total.add(unit, ordering: .relaxed) }
}
