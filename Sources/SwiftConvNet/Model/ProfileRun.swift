/// A copy of a model that is timed, part by part, on one batch of random samples.
struct ProfileRun {
    /// The seconds of each part of one pass.
    struct Pass {
        var seconds: [Schedule.Part: Double] = [:]
        var optimizer = 0.0
    }

    private let model: Model
    private let twin: Model
    private let compilation: Compilation?
    private let feed: Feed
    private let plan: Plan

    /// - Parameter compilation: what the model is compiled with, to time a step of training; else `nil`.
    init(of model: Model, batchSize: Int, compilation: Compilation?) throws {
        self.model = model
        self.compilation = compilation
        let criteria = compilation?.criteria.withoutMetrics
        feed = try model.graph.feed(
            randomBatch(batchSize, for: model.graph, criteria),
            batchSize: batchSize,
            criteria: criteria,
            for: "profile"
        )
        twin = try model.twin(compiledAs: compilation)
        twin.store.copyValues(from: model.store)
        plan = try twin.engine.plan(
            for: Engine.Work(
                batch: batchSize,
                of: feed,
                mode: criteria == nil ? .inference : .training,
                usesLoss: criteria != nil,
                needsSampleGradient: false,
                isolatesStages: true
            )
        )
    }

    func workerCount() throws -> Int { try twin.engine.workerCount() }

    /// Runs once, from the model's parameters.
    func callAsFunction() throws -> Pass {
        let engine = twin.engine
        // Inference leaves them as they are, and keeps what it has prepared from them.
        if compilation != nil { twin.store.copyValues(from: model.store) }
        var pass = Pass()
        let count = feed.dataset.count
        try engine.batch.reserve(
            capacity: count,
            for: feed,
            termCount: compilation?.criteria.objective.terms.count ?? 0
        )
        try MemoryCheck.indices(0..<count).withUnsafeBufferPointer {
            engine.batch.take($0, of: feed, weights: SampleWeights(), in: .plain)
        }
        defer { engine.batch.release() }
        engine.batchesDone = compilation?.optimizer.batchesDone ?? 0
        try engine.execute(plan) { group, time in pass.seconds[group.part, default: 0] += time.seconds }
        if let state = twin.compilation?.optimizer, let original = compilation?.optimizer {
            state.step = original.step
            state.learningRateOverride = original.learningRateOverride
            state.slots.floats.update(
                from: original.slots.floats,
                count: original.slots.byteCount / MemoryLayout<Float>.stride
            )
            pass.optimizer = try ContinuousClock().measure { try state.apply(on: engine) }.seconds
        }
        return pass
    }

    /// The table of some passes.
    func rows(of passes: [Pass]) -> [Profile.Row] {
        func median(_ parts: Set<Schedule.Part>) -> Double? {
            let sums = passes.map { pass in
                parts.reduce(nil as Double?) { sum, part in
                    pass.seconds[part].map { (sum ?? 0) + $0 } ?? sum
                }
            }.compactMap { $0 }
            return sums.isEmpty ? nil : Self.median(sums)
        }
        func row(_ part: Profile.Row.Part, _ name: String, _ kind: String, forward: Double, backward: Double?)
            -> Profile.Row
        {
            .init(
                part: part,
                name: name,
                kind: kind,
                implementation: "",
                outputShape: nil,
                forwardSeconds: forward,
                backwardSeconds: backward
            )
        }
        let implementations = model.implementations(of: plan)
        let operations = plan.graph.operations
        var rows = [row(.gather, "gather", "", forward: median([.gather]) ?? 0, backward: nil)]
        for (place, node) in model.graph.nodes.enumerated() where !model.graph.inputs.contains(place) {
            let own = operations.indices.filter { operations[$0].node == place }
            rows.append(
                .init(
                    part: .layer,
                    name: node.name,
                    kind: type(of: model.graph.layer(of: node).layer).kind,
                    implementation: implementations[place],
                    outputShape: node.outputShapes[0],
                    forwardSeconds: median(Set(own.map { .forward($0) })) ?? 0,
                    backwardSeconds: median(Set(own.map { .backward($0) }))
                )
            )
        }
        guard let compilation else { return rows }
        let losses = compilation.criteria.objective.terms.map { type(of: $0.loss).kind }
        let ofLosses = operations.indices.filter { operations[$0].node == nil }
        rows.append(
            row(
                .loss,
                "loss",
                losses.joined(separator: ", "),
                forward: median(Set([.loss] + ofLosses.map { .forward($0) })) ?? 0,
                backward: ofLosses.isEmpty ? nil : median(Set(ofLosses.map { .backward($0) }))
            )
        )
        if let sums = median([.gradientSum]) {
            rows.append(row(.gradientSums, "gradient sums", "", forward: 0, backward: sums))
        }
        let optimizer = Self.median(passes.map(\.optimizer))
        let rule = type(of: compilation.optimizer.optimizer).kind
        return rows + [row(.optimizer, "optimizer", rule, forward: 0, backward: optimizer)]
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

/// Random samples, and with criteria random targets that the losses accept.
private func randomBatch(_ count: Int, for graph: Graph, _ criteria: Criteria?) throws -> TensorDataset {
    var random = RandomStream(seed: 0, purpose: .user)
    var parts = try zip(graph.inputNames, graph.inputShapes).map { name, shape in
        let samples = try Tensor(shape: shape.batched(count)) { values in
            for place in values.indices { values[place] = random.nextUniform() }
        }
        return (name: name, role: Field.Role.input, content: Targets.values(samples))
    }
    for term in criteria?.objective.terms ?? [] {
        let output = graph.outputShapes[term.output]
        let targets = try randomTargets(count, output: output, loss: term.loss, &random)
        parts.append((graph.outputNames[term.output], .target, targets))
    }
    return try TensorDataset(parts)
}

/// Random targets that a loss accepts.
private func randomTargets(
    _ count: Int,
    output: Shape,
    loss: any Loss,
    _ random: inout RandomStream
) throws -> Targets {
    let kind = try loss.acceptedTargets(for: output)
    let classes = loss.classCount(output: output, targets: kind)
    guard case .values(let shape) = kind else {
        return .labels(Labels((0..<count).map { _ in Int32(random.integer(below: classes ?? 2)) }))
    }
    return .values(
        try Tensor(shape: shape.batched(count)) { values in
            for place in values.indices {
                values[place] = classes.map { Float(random.integer(below: $0)) } ?? random.nextUniform()
            }
        }
    )
}
