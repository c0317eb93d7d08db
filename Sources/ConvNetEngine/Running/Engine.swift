import CKernels

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

/// What every thread that computes, or reads samples, does first.
@Sendable func prepareThread() {
    ComputeTurn.isComputing = true
    _ = ck_flush_denormals()
    OpenBLAS.useOneOpenMPThread()
}
