/// The memory that a plan needs while it runs, in bytes, besides parameters, gradients and optimizer slots.
public struct PlannedMemory: Sendable, Hashable {
    /// What all workers share: activations, their gradients, and the shards of weight gradients.
    public let arena: Int
    /// What is made from parameters once they have changed: transformed weights.
    public let prepared: Int
    /// What each worker keeps of the samples at hand, in its cache.
    public let tile: Int
    /// What each worker needs for the matrices of a layer.
    public let scratch: Int
    /// The number of workers.
    public let workerCount: Int
    /// All together.
    public var total: Int { arena + prepared + workerCount * (tile + scratch) }
}

extension Model {
    /// The memory that a batch needs.
    ///
    /// - Parameters:
    ///   - batchSize: the number of samples in the batch.
    ///   - mode: what the batch is for; training needs the loss that `compile` sets.
    /// - Throws: `ConvNetError` of kind `argument` if `batchSize` is not positive, of kind `state` for training if the
    ///   model is not compiled.
    public func plannedMemory(batchSize: Int, for mode: Site.Mode) throws -> PlannedMemory {
        let plan = try plan(batchSize: batchSize, for: mode)
        return PlannedMemory(
            arena: plan.arenaByteCount,
            prepared: plan.preparedByteCount,
            tile: plan.tileByteCount,
            scratch: plan.scratchByteCount,
            workerCount: try engine.plannedWorkerCount()
        )
    }

    /// What each output could be compared with by a loss that is made of operators: no data is at hand.
    private func targetsForLosses() throws -> [TargetKind] {
        var kinds = [TargetKind](repeating: .none, count: graph.outputs.count)
        for term in engine.objective?.terms ?? [] where term.loss is any OperatorLoss {
            kinds[term.output] = try term.loss.acceptedTargets(for: graph.outputShapes[term.output])
        }
        return kinds
    }

    /// The plan of a batch, for what it says of itself.
    func plan(batchSize: Int, for mode: Site.Mode) throws -> Plan {
        try use.begin("the plan of a batch")
        defer { use.end() }
        let isTraining = mode == .training
        if isTraining { _ = try compiled(for: "the plan of training") }
        return try engine.plan(
            for: Engine.Work(
                batch: batchSize,
                inputShapes: graph.inputShapes,
                targets: isTraining ? targetsForLosses() : [],
                mode: mode,
                usesLoss: isTraining,
                needsSampleGradient: false
            )
        )
    }
}
