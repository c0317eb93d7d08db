/// The stages of a plan in the order in which they run, and the memory that each touches.
///
/// This is the middle of planning: kernels are made and their stages put in order here; `Plan` then joins
/// stages into groups, and gives every buffer its place.
package struct Schedule {
    /// What runs before the first of `entries` if parameters have changed, for each kernel that prepares memory.
    var preparations: [Preparation] = []
    var entries: [Entry] = []
    var views: [View] = []
    var buffers: [PlannedBuffer] = []
    /// For each value whose gradient is added up in shards: the buffer of all its copies.
    var shardBuffers: [Int: Int] = [:]
    /// The buffers of the predictions, and of the gradients of the inputs.
    var outputBuffers: [Int] = [], inputGradientBuffers: [Int?] = []
    /// The implementation of each operation's kernel.
    var implementations: [String] = []

    /// The parts into which the batch is cut for the gradients of small whole operands.
    var shardCount: Int { purpose.shardCount }

    let graph: OpGraph
    let purpose: Purpose
    var kernels: [any Kernel] = []
    /// For each operation, whether it passes its input on.
    var isAlias: [Bool] = []
    /// For each value, the value whose memory holds it: itself, unless an operation passes it on.
    var roots: [Int]
    /// For each root: where it is, whether its gradient is needed, and what its readers have made of that.
    var homes: [Operand.Home?]
    var needsGradient: [Bool]
    var contributions: [[Contribution]]
    /// For each buffer of a gradient that values share, how many of them have not read it yet; those that are missing have one.
    var gradientReaders: [Int: Int] = [:]
    /// For each root, how many operands it is.
    var useCounts: [Int]
    /// The first and the last stage that touch the shards of a value.
    var shardUses: [Int: ClosedRange<Int>] = [:]

    init(_ graph: OpGraph, batch: BatchBuffers, for purpose: Purpose) throws {
        self.graph = graph
        self.purpose = purpose
        roots = Array(graph.types.indices)
        homes = Array(repeating: nil, count: roots.count)
        needsGradient = Array(repeating: false, count: roots.count)
        contributions = Array(repeating: [], count: roots.count)
        useCounts = Array(repeating: 0, count: roots.count)
        placeParametersAndConstants()
        for index in graph.operations.indices { try makeKernel(of: index) }
        gather(into: batch)
        for index in graph.operations.indices { scheduleForward(index, batch: batch) }
        if let objective = purpose.objective {
            let backward = purpose.mode == .training
            for index in objective.terms.indices {
                scheduleLoss(objective.terms[index], index, batch: batch, backward: backward)
            }
            for value in graph.losses { scheduleAddedLoss(value, batch: batch, backward: backward) }
            if backward {
                for index in graph.operations.indices.reversed() { try scheduleBackward(index) }
                scheduleParameterSums()
            }
        }
        outputBuffers = try graph.outputs.map(buffer)
        if purpose.needsSampleGradient {
            for input in graph.inputs { inputGradientBuffers.append(sumGradients(of: roots[input])) }
        }
        for buffer in outputBuffers + inputGradientBuffers.compactMap({ $0 }) {
            buffers[buffer].isPinned = true
        }
        makeShardBuffers()
    }

    // MARK: Kernels and values

    private mutating func placeParametersAndConstants() {
        for parameter in graph.parameters {
            homes[parameter.value] = .parameter(parameter.entry)
            needsGradient[parameter.value] = purpose.mode == .training && parameter.learns
        }
        for (index, item) in graph.constants.enumerated() { homes[item.value] = .constant(index) }
    }

    private mutating func makeKernel(of index: Int) throws {
        let operation = graph.operations[index]
        let inputTypes = operation.inputs.map { graph.types[$0] }
        let inputsNeed = operation.inputs.map { needsGradient[roots[$0]] }
        for (place, type) in inputTypes.enumerated()
        where inputsNeed[place] && !operation.op.isDifferentiable(place, of: type) {
            throw noGradient(operation)
        }
        let kernel = try operation.op.kernel(
            at: Site(
                inputs: inputTypes,
                outputs: operation.outputs.map { graph.types[$0] },
                batch: isWhole(operation) ? 1 : purpose.batch,
                mode: purpose.mode,
                needsGradient: inputsNeed,
                options: purpose.options
            )
        )
        kernels.append(kernel)
        implementations.append(kernel.implementation)
        for input in operation.inputs { useCounts[roots[input]] += 1 }
        let needs = inputsNeed.contains(true) || (operation.isInput && purpose.needsSampleGradient)
        let isAlias = kernel.isIdentity && operation.inputs.count == 1 && operation.outputs.count == 1
        self.isAlias.append(isAlias)
        var view = View(scratch: kernel.scratch)
        if isAlias {
            roots[operation.outputs[0]] = roots[operation.inputs[0]]
        } else {
            view.inputs = operation.inputs.map(operand)
            if kernel.prepared > 0 {
                view.prepared = preparations.count
                preparations.append(preparation(of: kernel, index))
            }
            for output in operation.outputs {
                homes[output] = .buffer(add(plannedBuffer(of: graph.types[output])))
                needsGradient[output] = needs && graph.types[output].element == .float32
            }
            view.outputs = operation.outputs.map(operand)
            view.saved = kernel.saved.map { spec in
                add(
                    spec.extent == .sample && !isWhole(operation)
                        ? PlannedBuffer(perSample: spec.byteCount) : PlannedBuffer(perBatch: spec.byteCount)
                )
            }
        }
        views.append(view)
    }

    func noGradient(_ operation: OpGraph.Operation) -> ConvNetError {
        ConvNetError(
            .argument,
            "A gradient is needed that the \(operation.nodes.isEmpty ? "loss" : "layer") cannot make",
            at: operation.location,
            expected: operation.nodes.isEmpty
                ? "operators with a backward pass"
                : "a layer with a backward pass after the first one that learns",
            received: "\(operation.kind), which has none",
            remedy: operation.nodes.isEmpty
                ? "Apply it to targets alone, or give its kernel a backward pass"
                : "Put it before all layers with parameters, or give its kernel a backward pass"
        )
    }

    func isWhole(_ operation: OpGraph.Operation) -> Bool {
        (operation.inputs + operation.outputs).allSatisfy { !graph.types[$0].isBatched }
    }

    func plannedBuffer(of type: ValueType) -> PlannedBuffer {
        type.isBatched ? PlannedBuffer(perSample: type.byteCount) : PlannedBuffer(perBatch: type.byteCount)
    }

    func operand(_ value: Int) -> Operand? {
        homes[roots[value]].map { Operand(home: $0, stride: stride(of: value)) }
    }

    /// The elements of a value, of all samples: those of its gradient as one tensor.
    func elementCount(_ value: Int) -> Int {
        graph.types[value].shape.elementCount * (graph.types[value].isBatched ? purpose.batch : 1)
    }

    /// Bytes from one sample of a value to the next.
    func stride(of value: Int) -> Int {
        graph.types[value].isBatched ? graph.types[value].byteCount : 0
    }

    /// The buffer of a value that an operation makes.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if none does: it is a parameter, or a constant.
    private func buffer(of value: Int) throws -> Int {
        guard case .buffer(let buffer)? = homes[roots[value]] else {
            throw ConvNetError(
                .argument,
                "The prediction depends on no sample",
                at: "the last layer",
                expected: "what an operator has computed",
                received: "a parameter, or a constant"
            )
        }
        return buffer
    }

    private func preparation(of kernel: any Kernel, _ index: Int) -> Preparation {
        let operation = graph.operations[index]
        let byteCount = AlignedBuffer.rounded(kernel.prepared)
        let entries = kernel.prepare().map {
            Entry(stage: $0, view: index, isWhole: true, part: .forward(index))
        }
        var sources: [PreparedKey.Source] = []
        for input in operation.inputs where !graph.types[input].isBatched {
            switch homes[roots[input]] {
            case .parameter(let entry): sources.append(.parameter(entry))
            case .constant(let constant): sources.append(.constant(graph.constants[constant].constant))
            default: return Preparation(key: nil, byteCount: byteCount, entries: entries)
            }
        }
        let key = PreparedKey(
            op: ObjectIdentifier(type(of: operation.op as Any)),
            sources: sources,
            layout: kernel.preparedLayout,
            byteCount: byteCount
        )
        return Preparation(key: key, byteCount: byteCount, entries: entries)
    }

    mutating func add(_ buffer: PlannedBuffer) -> Int {
        buffers.append(buffer)
        return buffers.count - 1
    }

    mutating func append(
        _ stage: Stage,
        _ part: Part,
        view: Int,
        touching operands: [Operand?],
        buffers touched: [Int?] = [],
        usesShards: Bool = false,
        isWhole: Bool = false
    ) {
        let index = entries.count
        for operand in operands {
            switch operand?.home {
            case .buffer(let buffer): buffers[buffer].use(at: index)
            case .shards(let value):
                shardUses[value] = (shardUses[value]?.lowerBound ?? index)...index
            default: break
            }
        }
        for buffer in touched { if let buffer { buffers[buffer].use(at: index) } }
        let standsAlone = operands.contains {
            if case .buffer(let buffer)? = $0?.home {
                $0?.stride == 0 && !buffers[buffer].isBatchWide
            } else {
                false
            }
        }
        entries.append(
            Entry(
                stage: stage,
                view: view,
                usesShards: usesShards,
                isWhole: isWhole,
                standsAlone: standsAlone,
                part: part
            )
        )
    }

    /// Says that the last stage has completed a value, or its gradient.
    mutating func complete(_ completion: Completion, in operand: Operand?) {
        guard case .buffer(let buffer)? = operand?.home else { return }
        entries[entries.count - 1].completes.append((completion, buffer))
    }
}
