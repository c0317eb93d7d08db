import CKernels
import Foundation

/// Runs the groups of a plan, one after the other, on a pool of workers.
final class PlanRunner: WorkerJob {
    let pool: WorkerPool
    private var workers: [AlignedBuffer]
    private let memories: UnsafeMutablePointer<WorkerMemory>
    private let memory: UnsafeMutablePointer<MemoryMap>
    private let counts: UnsafeMutablePointer<Int>
    private var tileByteCount = 0, scratchByteCount = 0
    private var group: Plan.Group
    private var batch = 0
    /// Worker counts stand a cache line apart, so that counting costs nothing.
    private static let countStride = 8

    init(pool: WorkerPool) {
        self.pool = pool
        group = Plan.Group(work: .tasks, units: 0, steps: [], part: .gather)
        let empty = AlignedBuffer.empty
        let nowhere = empty.base.assumingMemoryBound(to: UnsafeMutableRawPointer.self)
        workers = Array(repeating: empty, count: pool.workerCount)
        memories = .allocate(capacity: pool.workerCount)
        memories.initialize(
            repeating: WorkerMemory(tile: empty.base, scratch: empty.base),
            count: pool.workerCount
        )
        memory = .allocate(capacity: 1)
        memory.initialize(
            to: MemoryMap(
                arena: empty.base,
                parameters: UnsafePointer(nowhere),
                gradients: empty.base,
                constants: empty.base,
                randomKey: (0, 0),
                batchesDone: 0
            )
        )
        counts = .allocate(capacity: pool.workerCount * Self.countStride)
        counts.initialize(repeating: 0, count: pool.workerCount * Self.countStride)
    }

    deinit {
        memories.deallocate()
        memory.deallocate()
        counts.deallocate()
    }

    var unitsPerWorker: [Int] { (0..<pool.workerCount).map { counts[$0 * Self.countStride] } }

    /// Gives every worker memory of its own for a tile and for scratch.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough.
    package func reserve(tile: Int, scratch: Int) throws {
        guard tile > tileByteCount || scratch > scratchByteCount else { return }
        let tileSize = max(tile, tileByteCount), scratchSize = max(scratch, scratchByteCount)
        // After an error the next batch asks again.
        (tileByteCount, scratchByteCount) = (0, 0)
        for worker in workers.indices {
            workers[worker] = AlignedBuffer.empty
            workers[worker] = try AlignedBuffer(
                lasting: tileSize + scratchSize,
                for: "a worker's part of a batch"
            )
            let base = workers[worker].base
            memories[worker] = WorkerMemory(tile: base, scratch: base + tileSize)
        }
        (tileByteCount, scratchByteCount) = (tileSize, scratchSize)
    }

    /// Stops between two groups once `hasFailed`.
    package func execute(
        _ plan: Plan,
        memory: MemoryMap,
        store: ParameterStore,
        hasFailed: () -> Bool,
        observer: PlanObserver?
    ) throws {
        self.memory.pointee = memory
        batch = plan.batch
        // The calling thread may be another than last time, and in OpenMP builds each has a setting of its own.
        OpenBLAS.useOneOpenMPThread()
        let denormals = ck_flush_denormals()
        defer { ck_restore_denormals(denormals) }
        try plan.prepare(from: store) { runGroup($0, observer) }
        for group in plan.groups {
            runGroup(group, observer)
            if hasFailed() { return }
        }
    }

    private func runGroup(_ group: Plan.Group, _ observer: PlanObserver?) {
        self.group = group
        guard let observer else { return pool.dispatch(self, units: group.units) }
        observer(group, ContinuousClock().measure { pool.dispatch(self, units: group.units) })
    }

    package func dispatch(_ job: some WorkerJob, units: Int) {
        let denormals = ck_flush_denormals()
        defer { ck_restore_denormals(denormals) }
        pool.dispatch(job, units: units)
    }

    func perform(unit: Int, worker: Int) {
        counts[worker * Self.countStride] += 1
        switch group.work {
        case .tasks:
            for step in group.steps {
                let samples = 0..<(step.isWhole ? 1 : batch)
                step.body(context(step, samples, task: unit, worker: worker))
            }
        case .samples(let tile, nil):
            runTile((unit * tile)..<min((unit + 1) * tile, batch), shard: 0, worker: worker)
        case .samples(let tile, let shards?):
            for cleared in shards.toClear {
                memset(memory.pointee.arena + cleared.offset + unit * cleared.stride, 0, cleared.stride)
            }
            let end = (unit + 1) * batch / group.units
            var start = unit * batch / group.units
            while start < end {
                let next = min(start + tile, end)
                runTile(start..<next, shard: unit, worker: worker)
                start = next
            }
        }
    }

    private func runTile(_ samples: Range<Int>, shard: Int, worker: Int) {
        for step in group.steps { step.body(context(step, samples, shard: shard, worker: worker)) }
    }

    private func context(
        _ step: Plan.Group.Step,
        _ samples: Range<Int>,
        task: Int = 0,
        shard: Int = 0,
        worker: Int
    ) -> StageContext {
        StageContext(
            samples: samples,
            task: task,
            shard: shard,
            bindings: step.bindings,
            memory: memory,
            worker: memories + worker
        )
    }
}
