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
    private let data: ArrayDataset
    private let plan: Plan

    /// - Parameter compilation: what the model is compiled with, to time a step of training; else `nil`.
    init(of model: Model, batchSize: Int, compilation: Compilation?) throws {
        self.model = model
        self.compilation = compilation
        let loss = compilation?.loss
        data = try randomBatch(batchSize, of: model.inputShape, output: model.outputShape, loss: loss)
        twin = try model.twin(compiledAs: compilation)
        plan = try twin.engine.plan(
            for: Engine.Work(
                batch: batchSize, mode: loss == nil ? .inference : .training, usesLoss: loss != nil,
                needsSampleGradient: false, isolatesStages: true))
    }

    func workerCount() throws -> Int { try twin.engine.workerCount() }

    /// Runs once, from the model's parameters.
    func callAsFunction() throws -> Pass {
        let engine = twin.engine
        twin.store.copyValues(from: model.store)
        var pass = Pass()
        let targets = compilation == nil ? TargetKind.none : data.targetKind
        let classes = compilation?.loss.classCount(output: model.outputShape, targets: targets)
        try engine.batch.reserve(capacity: data.count, targets: targets)
        try MemoryCheck.indices(0..<data.count).withUnsafeBufferPointer {
            try engine.batch.take($0, of: data, classCount: classes, weights: SampleWeights())
        }
        defer { engine.batch.release() }
        engine.batchesDone = compilation?.optimizer.batchesDone ?? 0
        try engine.execute(plan) { group, time in pass.seconds[group.part, default: 0] += time.seconds }
        if let state = twin.compilation?.optimizer, let original = compilation?.optimizer {
            state.step = original.step
            state.learningRateOverride = original.learningRateOverride
            state.slots.floats.update(
                from: original.slots.floats, count: original.slots.byteCount / MemoryLayout<Float>.stride)
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
                part: part, name: name, kind: kind, implementation: "", outputShape: nil,
                forwardSeconds: forward,
                backwardSeconds: backward)
        }
        let implementations = model.implementations(of: plan)
        let operations = plan.graph.operations
        var rows = [row(.gather, "gather", "", forward: median([.gather]) ?? 0, backward: nil)]
        for (place, node) in model.graph.nodes.enumerated() where place != model.graph.input {
            let own = operations.indices.filter { operations[$0].node == place }
            rows.append(
                .init(
                    part: .layer, name: node.name, kind: type(of: model.graph.layer(of: node).layer).kind,
                    implementation: implementations[place],
                    outputShape: node.outputShapes[0],
                    forwardSeconds: median(Set(own.map { .forward($0) })) ?? 0,
                    backwardSeconds: median(Set(own.map { .backward($0) }))))
        }
        guard let compilation else { return rows }
        let loss = type(of: compilation.loss).kind
        rows.append(row(.loss, "loss", loss, forward: median([.loss]) ?? 0, backward: nil))
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

/// Random samples, and for a loss random targets that it accepts.
private func randomBatch(_ count: Int, of sample: Shape, output: Shape, loss: (any Loss)?) throws
    -> ArrayDataset
{
    var random = RandomStream(seed: 0, purpose: .user)
    let samples = try Tensor(shape: sample.batched(count)) { values in
        for place in values.indices { values[place] = random.nextUniform() }
    }
    guard let loss else { return try ArrayDataset(.values(samples), nil) }
    let places = Array(output.dropLast())
    let shapes = [output, Shape(places), Shape(places + [1])]
    var refusal: (any Error)?
    for kind in [.labels] + shapes.map(TargetKind.values) {
        do { try loss.validate(output: output, targets: kind) } catch {
            // What is wrong with values of the output's shape says most.
            if refusal == nil || kind == .values(output) { refusal = error }
            continue
        }
        let classes = loss.classCount(output: output, targets: kind)
        guard case .values(let shape) = kind else {
            let labels = (0..<count).map { _ in Int32(random.integer(below: classes ?? 2)) }
            return try ArrayDataset(samples, Labels(labels))
        }
        let targets = try Tensor(shape: shape.batched(count)) { values in
            for place in values.indices {
                values[place] = classes.map { Float(random.integer(below: $0)) } ?? random.nextUniform()
            }
        }
        return try ArrayDataset(samples, targets)
    }
    throw refusal ?? ConvNetError(.data, "The loss takes no targets", at: "profile")
}
