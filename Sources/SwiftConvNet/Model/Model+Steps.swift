extension Model {
    /// Runs the forward pass, and for training the backward pass, on some samples of a dataset.
    ///
    /// - Parameters:
    ///   - reading: what the samples are read for. Default: not for training.
    ///   - ahead: what reads them ahead.
    ///   - usesLoss: whether the losses are computed, too.
    func run(
        _ samples: UnsafeBufferPointer<Int>,
        of feed: Feed,
        mode: Site.Mode,
        usesLoss: Bool = true,
        weights: SampleWeights = SampleWeights(),
        in reading: Reading = .plain,
        ahead: ReadAhead? = nil,
        needsSampleGradient: Bool = false
    ) throws -> Plan {
        let termCount = usesLoss ? engine.objective?.terms.count ?? 0 : 0
        try engine.batch.reserve(capacity: samples.count, for: feed, termCount: termCount)
        engine.batch.take(samples, of: feed, weights: weights, in: reading, ahead: ahead)
        defer { engine.batch.release() }
        let plan = try engine.plan(
            for: Engine.Work(
                batch: samples.count,
                of: feed,
                mode: mode,
                usesLoss: usesLoss,
                needsSampleGradient: needsSampleGradient
            )
        )
        engine.batchesDone = compilation?.optimizer.batchesDone ?? 0
        try engine.execute(plan)
        return plan
    }

    /// One step of training on some samples: forward, backward, update.
    ///
    /// - Returns: whether it has passed the check; if not, there was no update.
    func trainStep(
        _ samples: UnsafeBufferPointer<Int>,
        of feed: Feed,
        weights: SampleWeights,
        in reading: Reading,
        ahead: ReadAhead? = nil,
        figures: inout EpochFigures,
        check: StepCheck? = nil
    ) throws -> Bool {
        let compilation = try compiled(for: "fit")
        let plan = try run(samples, of: feed, mode: .training, weights: weights, in: reading, ahead: ahead)
        let penalty = try compilation.penalties?(on: engine, addingGradients: true) ?? 0
        if let check, try !check.passes() {
            figures.skippedBatches += 1
            return false
        }
        figures.update(engine.batch, penalty: penalty) { engine.prediction(of: plan, output: $0) }
        engine.commitStates()
        try compilation.optimizer.apply(on: engine)
        return true
    }

    /// Losses and metrics over a dataset, or some of its samples, batch by batch, in its order.
    ///
    /// - Parameters:
    ///   - purpose: what callbacks are told that it is.
    ///   - callbacks: those that ask for it watch.
    func judge(
        _ feed: Feed,
        samples: Range<Int>? = nil,
        batchSize: Int,
        weights: SampleWeights = SampleWeights(),
        purpose: InferenceRun.Purpose = .evaluation,
        callbacks: [any Callback] = []
    ) throws -> MetricValues {
        let compilation = try compiled(for: "evaluate")
        var figures = try EpochFigures(compilation.criteria, of: graph, feed)
        let penalty = try compilation.penalties?(on: engine, addingGradients: false) ?? 0
        let samples = samples ?? 0..<feed.dataset.count
        var watch = InferenceWatch(
            purpose,
            self,
            sampleCount: samples.count,
            batchSize: batchSize,
            callbacks: callbacks
        )
        try watch?.began()
        let reading = Reading(seed: seed, epoch: 0, isTraining: false)
        try engine.forEachBatch(MemoryCheck.indices(samples), of: feed, in: reading, batchSize: batchSize) {
            samples,
            ahead in
            try Cancellation.current?.check()
            let plan = try run(
                samples,
                of: feed,
                mode: .inference,
                weights: weights,
                in: reading,
                ahead: ahead
            )
            figures.update(engine.batch, penalty: penalty) { engine.prediction(of: plan, output: $0) }
            try watch?.batchEnded(samples.count, figures.values)
        }
        let values = figures.values
        try watch?.ended(values)
        return values
    }

    /// Checks all targets that are in memory: what is wrong with the last of them is to be known before the first step.
    ///
    /// - Throws: `ConvNetError` of kind `data` that names the first sample whose target cannot be.
    func checkTargets(of samples: Range<Int>, in feed: Feed) throws {
        guard feed.dataset.hasTargetsInMemory else { return }
        try engine.batch.checkTargets(
            of: samples,
            in: feed,
            termCount: engine.objective?.terms.count ?? 0
        )
    }

    /// How a dataset feeds the model for training or evaluation.
    ///
    /// - Throws: `ConvNetError` of kind `state` if the model is not compiled; else as `Graph.feed` throws it.
    func feed(_ dataset: any Dataset, batchSize: Int, for call: String) throws -> Feed {
        try graph.feed(dataset, batchSize: batchSize, criteria: compiled(for: call).criteria, for: call)
    }

    /// Checks the weights of classes, which a model with one output takes.
    func check(_ weights: SampleWeights, for feed: Feed) throws {
        guard weights.classes != nil else { return }
        let terms = try compiled(for: "classWeight").criteria.objective.terms
        guard graph.outputs.count == 1 else {
            throw ConvNetError(
                .argument,
                "Class weights are for a model with one output",
                at: "classWeight",
                expected: "1 output",
                received: "\(graph.outputs.count)",
                remedy: "Give sampleWeight"
            )
        }
        try weights.validateClasses(
            for: feed.targets[0].kind,
            output: feed.outputShapes[0],
            loss: terms[0].loss
        )
    }
}
