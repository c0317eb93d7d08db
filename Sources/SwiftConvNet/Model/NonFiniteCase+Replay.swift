extension NonFiniteCase {
    /// Runs the batch again, and looks at every value on the way.
    ///
    /// What runs is what ran in training, layers that were fused and tiles of samples included, with the dropout of the
    /// same step: on the same kind of processor the values have the same bits. It runs on a copy of the model, which
    /// stays as it is.
    ///
    /// - Throws: `ConvNetError` of kind `state` if the model is not compiled.
    public func replay() throws -> Replay {
        let compilation = try model.compiled(for: "replay")
        let twin = try model.twin(compiledAs: compilation)
        twin.store.copyValues(from: model.store)
        let engine = twin.engine
        let feed = try twin.feed(data, batchSize: data.count, for: "replay")
        engine.batchesDone = compilation.optimizer.batchesDone
        try engine.batch.reserve(
            capacity: data.count,
            for: feed,
            termCount: compilation.criteria.objective.terms.count
        )
        try MemoryCheck.indices(0..<data.count).withUnsafeBufferPointer {
            engine.batch.take($0, of: feed, weights: SampleWeights(samples: weights), in: .plain)
        }
        defer { engine.batch.release() }
        let plan = try engine.plan(
            for: Engine.Work(
                batch: data.count,
                of: feed,
                mode: .training,
                usesLoss: true,
                needsSampleGradient: false,
                isolatesStages: true
            )
        )

        var rows = ReplayRows(twin, plan.graph)
        try engine.execute(plan) { group, _ in
            for (value, offset, count) in group.completes {
                rows.add(value, engine.values(at: offset, count: count))
            }
        }
        rows.addLosses(compilation.criteria.objective)
        let losses = Array(UnsafeBufferPointer(start: engine.batch.losses, count: data.count))
        return Replay(rows: try rows.list(), losses: losses)
    }
}

/// The rows of a replay while its plan runs.
private struct ReplayRows {
    private let model: Model
    private let graph: OpGraph
    /// Of each parameter.
    private let parameters: [ValueRange]
    private var forward: [Replay.Row] = []
    private var gradients: [(value: Schedule.Completion, row: Replay.Row)] = []

    init(_ model: Model, _ graph: OpGraph) {
        self.model = model
        self.graph = graph
        parameters = model.store.entries.map { ValueRange($0.parameter.values) }
    }

    /// Takes in a value that has just been computed.
    mutating func add(_ value: Schedule.Completion, _ numbers: UnsafeBufferPointer<Float>) {
        let layer = layer(value.operation)
        if value.isGradient {
            // What several readers have made is seen again once it is added up.
            gradients.removeAll { $0.value == value }
            gradients.append((value, row(layer, .outputGradient, numbers)))
        } else {
            forward += graph.entries(of: graph.operations[value.operation]).map {
                row(layer, .parameter(name($0)), parameters[$0])
            }
            forward.append(row(layer, .output, numbers))
        }
    }

    /// Takes in the losses of the samples: of several terms first each, with its output.
    mutating func addLosses(_ objective: Objective) {
        let batch = model.engine.batch
        if objective.terms.count > 1 {
            for (index, term) in objective.terms.enumerated() {
                forward.append(row(model.outputNames[term.output], .loss, batch.losses(ofTerm: index)))
            }
        }
        forward.append(row("", .loss, UnsafeBufferPointer(start: batch.losses, count: batch.count)))
    }

    /// All rows; gradients of parameters, which shards add up in the end, stand where they were begun.
    func list() throws -> [Replay.Row] {
        let buffer = try model.engine.gradients
        return forward
            + gradients.enumerated().flatMap { place, gradient in
                let operation = gradient.value.operation
                // Behind the last of the operation's outputs.
                let isLast = !gradients[(place + 1)...].contains { $0.value.operation == operation }
                let parameters = graph.entries(of: graph.operations[operation]).filter {
                    isLast && graph.parameters[$0].learns
                }
                return [gradient.row]
                    + parameters.map { parameter in
                        row(
                            layer(operation),
                            .parameterGradient(name(parameter)),
                            Self.range(of: model.store.entries[parameter], in: buffer)
                        )
                    }
            }
    }

    /// The layers that an operation does the work of; which piece it is of a layer that runs as several.
    private func layer(_ operation: Int) -> String {
        let own = graph.operations[operation]
        let names =
            own.nodes.isEmpty
            ? own.path : own.nodes.map { model.graph.nodes[$0].name }.joined(separator: " + ")
        let isPiece = graph.operations.count { $0.node == own.node } > 1
        return isPiece ? "\(names) (\(own.kind))" : names
    }

    /// A row of numbers that belong to no sample.
    private func row(_ layer: String, _ value: Replay.Row.Value, _ range: ValueRange) -> Replay.Row {
        Replay.Row(layer: layer, value: value, range: range, samples: [])
    }

    /// A row of as many numbers for each sample.
    private func row(_ layer: String, _ value: Replay.Row.Value, _ numbers: UnsafeBufferPointer<Float>)
        -> Replay.Row
    {
        let range = ValueRange(numbers)
        let batch = model.engine.batch.count
        let stride = numbers.count / batch
        let samples = (0..<batch).filter { sample in
            !range.isFinite
                && numbers[(sample * stride)..<((sample + 1) * stride)].contains { !$0.isFinite }
        }
        return Replay.Row(layer: layer, value: value, range: range, samples: samples)
    }

    private func name(_ parameter: Int) -> String { model.store.entries[parameter].spec.name }

    private static func range(of entry: ParameterStore.Entry, in buffer: AlignedBuffer) -> ValueRange {
        ValueRange(UnsafeBufferPointer(start: buffer.floats + entry.offset, count: entry.count))
    }
}
