import CKernels
import Foundation

/// Runs plans: owns the workers, the memory that plans lay out, and the plans themselves.
///
/// One thread at a time calls it. What it computes does not depend on the number of workers.
package final class Engine {
    /// What to run: the key under which a plan is kept.
    package struct Work: Hashable {
        package let batch: Int
        /// The shapes of the inputs, without the batch axis.
        let inputShapes: [Shape]
        let mode: Site.Mode
        let usesLoss: Bool
        let needsSampleGradient: Bool
        /// Whether every stage runs alone, as `Model.profile` and `NonFiniteCase.replay` need it; the bits are the same.
        var isolatesStages = false
        /// What each output is compared with, for the losses that are made of operators.
        let targets: [TargetKind]

        /// Work on samples as a feed has them.
        package init(
            batch: Int,
            of feed: Feed,
            mode: Site.Mode,
            usesLoss: Bool,
            needsSampleGradient: Bool,
            isolatesStages: Bool = false
        ) {
            self.init(
                batch: batch,
                inputShapes: feed.inputShapes,
                targets: usesLoss ? feed.targetKinds : [],
                mode: mode,
                usesLoss: usesLoss,
                needsSampleGradient: needsSampleGradient,
                isolatesStages: isolatesStages
            )
        }

        package init(
            batch: Int,
            inputShapes: [Shape],
            targets: [TargetKind] = [],
            mode: Site.Mode,
            usesLoss: Bool,
            needsSampleGradient: Bool,
            isolatesStages: Bool = false
        ) {
            self.batch = batch
            self.inputShapes = inputShapes
            self.targets = targets
            self.mode = mode
            self.usesLoss = usesLoss
            self.needsSampleGradient = needsSampleGradient
            self.isolatesStages = isolatesStages
        }
    }

    /// The network that plans are made of.
    package let network: LowerableNetwork
    package let store: ParameterStore
    let options: ComputeOptions
    let seed: UInt64
    package let batch: BatchBuffers
    /// The losses that plans with `usesLoss` compute; changing them forgets the plans.
    package var objective: Objective? {
        didSet { plans.removeAll(where: \.usesLoss) }
    }
    /// The layers that do not learn, by their index; changing them forgets the plans of training.
    package var frozen: Set<Int> = [] {
        didSet { if frozen != oldValue { plans.removeAll { $0.mode == .training } } }
    }
    /// The number of batches that training has seen before the next one: from which random numbers come.
    package var batchesDone = 0

    private var plans = RecentlyUsed<Work, Plan>(limit: 128)
    private var arena = AlignedBuffer.empty
    private var gradientBuffer: AlignedBuffer?
    private var pending: PendingStates?
    private var runner: PlanRunner?

    package init(_ network: LowerableNetwork, store: ParameterStore, options: ComputeOptions, seed: UInt64)
        throws
    {
        _ = try options.workerCount()
        self.network = network
        self.store = store
        self.options = options
        self.seed = seed
        batch = BatchBuffers()
    }

    /// The gradients of the trainable parameters, laid out as they are; made at first use.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    package var gradients: AlignedBuffer {
        get throws {
            if let gradientBuffer { return gradientBuffer }
            let buffer = try AlignedBuffer(count: store.trainableCount, for: "the gradients of the model")
            gradientBuffer = buffer
            return buffer
        }
    }

    /// The number of workers, the calling thread among them.
    package func workerCount() throws -> Int { try makeRunner().pool.workerCount }

    /// The number of workers that there will be, without starting them.
    package func plannedWorkerCount() throws -> Int { try runner?.pool.workerCount ?? usableWorkerCount() }

    /// The plan for some work.
    package func plan(for work: Work) throws -> Plan {
        if let plan = plans[work] { return plan }
        guard work.batch > 0 else {
            throw ConvNetError(
                .argument,
                "A batch needs samples",
                at: "batchSize",
                expected: "at least 1",
                received: "\(work.batch)"
            )
        }
        let objective = work.usesLoss ? objective : nil
        let graph = try network.lower(
            work.batch,
            work.inputShapes,
            work.mode,
            objective,
            work.targets,
            work.mode == .training ? frozen : []
        )
        try graph.checkSize(batch: work.batch)
        let plan = try Plan(
            graph,
            store: store,
            batch: batch,
            for: Schedule.Purpose(
                batch: work.batch,
                mode: work.mode,
                options: options,
                objective: objective,
                needsSampleGradient: work.needsSampleGradient,
                isolatesStages: work.isolatesStages
            )
        )
        plans[work] = plan
        return plan
    }

    /// Runs a plan on the batch at hand.
    ///
    /// - Parameter observer: called after each group, with the time since the barrier before it.
    /// - Throws: what went wrong while samples were read.
    package func execute(_ plan: Plan, observer: PlanObserver? = nil) throws {
        try ComputeTurn.take { try executeInTurn(plan, observer) }
    }

    private func executeInTurn(_ plan: Plan, _ observer: PlanObserver?) throws {
        let runner = try makeRunner()
        if arena.byteCount < plan.arenaByteCount {
            // First, so that the new one may take its place.
            arena = AlignedBuffer.empty
            arena = try AlignedBuffer(lasting: plan.arenaByteCount, for: "a batch of \(plan.batch) samples")
        }
        try runner.reserve(tile: plan.tileByteCount, scratch: plan.scratchByteCount)
        let key = RandomStream.key(seed)
        // Without a backward pass nothing looks there.
        let gradients = plan.hasBackward ? try gradients.base : arena.base
        let pending = plan.hasBackward ? try makePending() : nil
        pending?.begin()
        let leased = options.gemmPath == .openBLAS ? runner.pool.workerCount : 0
        try OpenBLAS.Buffers.lease(leased)
        defer { OpenBLAS.Buffers.release(leased) }
        try runner.execute(
            plan,
            memory: MemoryMap(
                arena: arena.base,
                parameters: UnsafePointer(pending?.addresses ?? store.addresses),
                gradients: gradients,
                constants: plan.constants.base,
                randomKey: key,
                batchesDone: batchesDone
            ),
            store: store,
            hasFailed: { batch.hasFailed },
            observer: observer
        )
        try batch.check()
    }

    /// Has layers keep what the last training pass has made of their moving statistics.
    package func commitStates() { pending?.commit() }

    /// What the last training pass has made of what layers keep, by name.
    package func pendingStates() throws -> [String: Tensor] { try pending?.tensors() ?? [:] }

    private func makePending() throws -> PendingStates {
        let pending = try pending ?? PendingStates(of: store)
        self.pending = pending
        return pending
    }

    /// Runs `units` units of a job on the workers.
    package func dispatch(_ job: some WorkerJob, units: Int) throws {
        try makeRunner().dispatch(job, units: units)
    }

    /// Reads values that a group of the plan at hand has just completed.
    package func values(at offset: Int, count: Int) -> UnsafeBufferPointer<Float> {
        let first = (arena.base + offset).assumingMemoryBound(to: Float.self)
        return UnsafeBufferPointer(start: first, count: count)
    }

    /// Reads the predictions of one output that a plan has left.
    package func prediction(of plan: Plan, output: Int = 0) -> UnsafeBufferPointer<Float> {
        let value = plan.graph.outputs[output]
        return values(
            at: plan.outputOffsets[output],
            count: plan.batch * plan.graph.types[value].shape.elementCount
        )
    }

    /// Reads the gradient of one input that a plan has left; `nil` if it depends on nothing that the losses read.
    package func inputGradient(of plan: Plan, input: Int = 0) -> UnsafeBufferPointer<Float>? {
        guard input < plan.inputGradientOffsets.count, let offset = plan.inputGradientOffsets[input] else {
            return nil
        }
        let value = plan.graph.inputs[input]
        return values(at: offset, count: plan.batch * plan.graph.types[value].shape.elementCount)
    }

    /// How many parts of stages each worker has run.
    package var unitsPerWorker: [Int] { runner?.unitsPerWorker ?? [] }

    private func makeRunner() throws -> PlanRunner {
        if let runner { return runner }
        var count = try usableWorkerCount()
        if options.gemmPath == .openBLAS { count = try OpenBLAS.Buffers.affordableThreads(of: count) }
        let made = PlanRunner(pool: WorkerPool(workerCount: count, prepare: prepareThread))
        runner = made
        return made
    }

    private func usableWorkerCount() throws -> Int {
        OpenBLAS.useOneThread()
        let count = try options.workerCount()
        return OpenBLAS.supportsConcurrentCalls || options.gemmPath != .openBLAS ? count : 1
    }
}

/// Told after each group of a plan which it was, and the time that it took.
package typealias PlanObserver = (Plan.Group, Duration) -> Void

/// What every thread that computes does first.
@Sendable private func prepareThread() {
    ComputeTurn.isComputing = true
    _ = ck_flush_denormals()
    OpenBLAS.useOneOpenMPThread()
}

/// Runs the groups of a plan, one after the other, on a pool of workers.
private final class PlanRunner: WorkerJob {
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
