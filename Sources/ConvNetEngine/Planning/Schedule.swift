/// The stages of a plan in the order in which they run, and the memory that each touches.
///
/// This is the middle of planning: kernels are made and their stages put in order here; `Plan` then joins
/// stages into groups, and gives every buffer its place.
package struct Schedule {
    /// One stage, and the tables of buffers that its kernel sees.
    struct Entry {
        let stage: Stage
        /// Its index in `views`.
        let view: Int
        /// Whether its samples must run shard by shard, for it adds to the shards' gradients.
        var usesShards = false
        /// Whether its operator has whole operands only, and runs as for a batch of one sample.
        var isWhole = false
        /// Whether it reads a batch as one tensor, or makes the gradient of one: all samples are done before and after it.
        var standsAlone = false
        /// What it is a part of.
        let part: Part
        /// The values that are complete once it has run, and the buffers that hold them.
        var completes: [(completion: Completion, buffer: Int)] = []

        /// Whether it may run tile by tile with its neighbours.
        var joinsOthers: Bool { stage.split == .samples && !standsAlone }
    }

    /// What a stage is a part of, for those who ask where the time goes. Operations are named by their index.
    package enum Part: Hashable {
        case gather, forward(Int), loss, backward(Int), gradientSum
    }

    /// What an operation puts out, or the gradient of the loss with respect to that; for those who look at numbers.
    package struct Completion: Hashable {
        package let operation: Int
        package let output: Int
        package let isGradient: Bool
    }

    /// Where a kernel finds a tensor.
    struct Operand {
        enum Home {
            /// A buffer of the plan, by its index.
            case buffer(Int)
            /// A parameter, or the place of its gradient, by its entry in the store.
            case parameter(Int), gradient(Int)
            /// A constant of the graph, by its index.
            case constant(Int)
            /// The shards' copies of the gradient of a value.
            case shards(value: Int)
        }

        let home: Home
        /// Bytes from one sample to the next; 0 for what is whole.
        let stride: Int
    }

    /// What one kernel touches.
    struct View {
        var inputs: [Operand?] = []
        var outputs: [Operand?] = []
        var inputGradients: [Operand?] = []
        var outputGradients: [Operand?] = []
        /// Indices in `buffers`.
        var saved: [Int] = []
        var workspace: Int?
        /// The kernel's prepared memory: an index in `preparations`.
        var prepared: Int?
        var scratch = 0
    }

    /// Memory that one kernel prepares, and the stages that fill it.
    struct Preparation {
        /// Names it among the memory that is kept from batch to batch; `nil` if it is filled in every pass, for it
        /// depends on what the pass computes. Then the stages are among those of the pass.
        let key: PreparedKey?
        let byteCount: Int
        let entries: [Entry]
    }

    /// What a schedule is made for.
    struct Purpose {
        let batch: Int
        let mode: Site.Mode
        let options: ComputeOptions
        /// The losses to compute.
        let objective: Objective?
        /// Whether the backward pass goes on to the inputs themselves.
        let needsSampleGradient: Bool
        /// Whether every stage runs alone, from one barrier to the next, so that it can be timed.
        var isolatesStages = false

        var shardCount: Int { min(Plan.maximumShardCount, batch) }
    }

    /// What runs before the first of `entries` if parameters have changed, for each kernel that prepares memory.
    private(set) var preparations: [Preparation] = []
    private(set) var entries: [Entry] = []
    private(set) var views: [View] = []
    private(set) var buffers: [PlannedBuffer] = []
    /// For each value whose gradient is added up in shards: the buffer of all its copies.
    private(set) var shardBuffers: [Int: Int] = [:]
    /// The buffers of the predictions, and of the gradients of the inputs.
    private(set) var outputBuffers: [Int] = [], inputGradientBuffers: [Int?] = []
    /// The implementation of each operation's kernel.
    private(set) var implementations: [String] = []

    /// The parts into which the batch is cut for the gradients of small whole operands.
    var shardCount: Int { purpose.shardCount }

    private let graph: OpGraph
    private let purpose: Purpose
    private var kernels: [any Kernel] = []
    /// For each operation, whether it passes its input on.
    private var isAlias: [Bool] = []
    /// For each value, the value whose memory holds it: itself, unless an operation passes it on.
    private var roots: [Int]
    /// For each root: where it is, whether its gradient is needed, and what its readers have made of that.
    private var homes: [Operand.Home?]
    private var needsGradient: [Bool]
    private var contributions: [[Contribution]]
    /// For each root, how many operands it is.
    private var useCounts: [Int]
    /// The first and the last stage that touch the shards of a value.
    private var shardUses: [Int: ClosedRange<Int>] = [:]

    /// What a reader of a value has made of its gradient.
    private enum Contribution {
        /// A buffer that it has stored it in.
        case buffer(Int)
        /// The shards that it has added it to.
        case shards
        /// The place of the gradient itself: it is the only reader.
        case final
    }

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
        for index in graph.operations.indices { scheduleForward(index) }
        if let objective = purpose.objective {
            let backward = purpose.mode == .training
            for index in objective.terms.indices {
                scheduleLoss(objective.terms[index], index, batch: batch, backward: backward)
            }
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
                inputs: inputTypes, outputs: operation.outputs.map { graph.types[$0] },
                batch: isWhole(operation) ? 1 : purpose.batch, mode: purpose.mode,
                needsGradient: inputsNeed, options: purpose.options))
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
                        ? PlannedBuffer(perSample: spec.byteCount) : PlannedBuffer(perBatch: spec.byteCount))
            }
        }
        views.append(view)
    }

    private func noGradient(_ operation: OpGraph.Operation) -> ConvNetError {
        ConvNetError(
            .argument, "A gradient is needed that the layer cannot make", at: "layer \(operation.path)",
            expected: "a layer with a backward pass after the first one that learns",
            received: "\(operation.kind), which has none",
            remedy: "Put it before all layers with parameters, or give its kernel a backward pass")
    }

    private func isWhole(_ operation: OpGraph.Operation) -> Bool {
        (operation.inputs + operation.outputs).allSatisfy { !graph.types[$0].isBatched }
    }

    private func plannedBuffer(of type: ValueType) -> PlannedBuffer {
        type.isBatched ? PlannedBuffer(perSample: type.byteCount) : PlannedBuffer(perBatch: type.byteCount)
    }

    private func operand(_ value: Int) -> Operand? {
        homes[roots[value]].map { Operand(home: $0, stride: stride(of: value)) }
    }

    /// The elements of a value, of all samples: those of its gradient as one tensor.
    private func elementCount(_ value: Int) -> Int {
        graph.types[value].shape.elementCount * (graph.types[value].isBatched ? purpose.batch : 1)
    }

    /// Bytes from one sample of a value to the next.
    private func stride(of value: Int) -> Int {
        graph.types[value].isBatched ? graph.types[value].byteCount : 0
    }

    /// The buffer of a value that an operation makes.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if none does: it is a parameter, or a constant.
    private func buffer(of value: Int) throws -> Int {
        guard case .buffer(let buffer)? = homes[roots[value]] else {
            throw ConvNetError(
                .argument, "The prediction depends on no sample", at: "the last layer",
                expected: "what an operator has computed", received: "a parameter, or a constant")
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
            op: ObjectIdentifier(type(of: operation.op as Any)), sources: sources,
            layout: kernel.preparedLayout, byteCount: byteCount)
        return Preparation(key: key, byteCount: byteCount, entries: entries)
    }

    private mutating func add(_ buffer: PlannedBuffer) -> Int {
        buffers.append(buffer)
        return buffers.count - 1
    }

    private mutating func append(
        _ stage: Stage, _ part: Part, view: Int, touching operands: [Operand?], buffers touched: [Int?] = [],
        usesShards: Bool = false, isWhole: Bool = false
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
                stage: stage, view: view, usesShards: usesShards, isWhole: isWhole, standsAlone: standsAlone,
                part: part))
    }

    /// Says that the last stage has completed a value, or its gradient.
    private mutating func complete(_ completion: Completion, in operand: Operand?) {
        guard case .buffer(let buffer)? = operand?.home else { return }
        entries[entries.count - 1].completes.append((completion, buffer))
    }

    // MARK: Forward

    private mutating func gather(into batch: BatchBuffers) {
        let inputs = graph.inputs.map(operand)
        let stage = Stage(.samples) { context in batch.gather(context.samples) { context.output($0) } }
        views.append(View(outputs: inputs))
        append(stage, .gather, view: views.count - 1, touching: inputs)
        for index in graph.operations.indices where graph.operations[index].isInput {
            completeOutputs(of: index)
        }
    }

    private mutating func scheduleForward(_ index: Int) {
        let operation = graph.operations[index]
        guard !isAlias[index], !operation.isInput else { return }
        let isWhole = isWhole(operation)
        if let prepared = views[index].prepared, preparations[prepared].key == nil {
            for entry in preparations[prepared].entries {
                append(entry.stage, entry.part, view: index, touching: views[index].inputs, isWhole: true)
            }
        }
        views[index].workspace = addWorkspace(of: kernels[index])
        let view = views[index]
        for stage in kernels[index].forward() {
            append(
                isWhole ? stage.once : stage, .forward(index), view: index,
                touching: view.inputs + view.outputs,
                buffers: view.saved + [view.workspace], isWhole: isWhole)
        }
        completeOutputs(of: index)
    }

    private mutating func completeOutputs(of index: Int) {
        for (place, output) in views[index].outputs.enumerated() {
            complete(Completion(operation: index, output: place, isGradient: false), in: output)
        }
    }

    private mutating func addWorkspace(of kernel: any Kernel) -> Int? {
        kernel.workspace > 0 ? add(PlannedBuffer(perBatch: kernel.workspace)) : nil
    }

    // MARK: Loss

    /// Computes a term of the objective for each sample and, for a backward pass, the gradient that the pass starts from: that of
    /// the prediction, or of the logits before a final activation, which the backward pass then skips.
    private mutating func scheduleLoss(
        _ term: Objective.Term, _ index: Int, batch: BatchBuffers, backward: Bool
    ) {
        let output = graph.outputs[term.output], logits = graph.logits[index]
        let type = graph.types[output]
        let start = roots[logits ?? output]
        var view = View(inputs: [operand(output), logits.flatMap(operand)])
        if backward {
            let gradient = add(PlannedBuffer(perSample: type.byteCount))
            contributions[start].append(.buffer(gradient))
            view.inputGradients = [Operand(home: .buffer(gradient), stride: type.byteCount)]
        }
        let kernel = LossKernel(
            term: term, index: index, shape: type.shape, startsFromLogits: logits != nil,
            backward: backward, batch: batch)
        views.append(view)
        append(kernel.stage, .loss, view: views.count - 1, touching: view.inputs + view.inputGradients)
        if let gradient = view.inputGradients.first ?? nil { complete(gradientOf: start, in: gradient) }
    }

    // MARK: Backward

    private mutating func scheduleBackward(_ index: Int) throws {
        let operation = graph.operations[index]
        let outputs = operation.outputs
        let needs = operation.inputs.map { needsGradient[roots[$0]] }
        guard !isAlias[index], !operation.isInput, needs.contains(true),
            outputs.contains(where: { !contributions[$0].isEmpty })
        else { return }
        let kernel = kernels[index], isWhole = isWhole(operation)
        var view = views[index]
        view.outputGradients = outputs.map { output in
            gradientOperand(sumGradients(of: output) ?? addZeros(output), of: output)
        }
        view.workspace = addWorkspace(of: kernel)
        for (place, input) in operation.inputs.enumerated() {
            view.inputGradients.append(
                needs[place]
                    ? addContribution(to: input, route: kernel.gradientRoute, isWhole: isWhole) : nil)
        }
        if isWhole { clear(view.inputGradients, of: operation.inputs) }
        views.append(view)
        var touched = view.inputGradients + view.outputGradients
        for (input, operand) in zip(operation.inputs, view.inputs)
        where kernel.backwardReads.contains(.inputs) || !graph.types[input].isBatched {
            touched.append(operand)
        }
        if kernel.backwardReads.contains(.output) { touched += view.outputs }
        let usesShards = view.inputGradients.contains {
            if case .shards? = $0?.home { true } else { false }
        }
        let stages = kernel.backward()
        guard !stages.isEmpty else { throw noGradient(operation) }
        for stage in stages {
            append(
                isWhole ? stage.once : stage, .backward(index), view: views.count - 1, touching: touched,
                buffers: view.saved + [view.workspace],
                usesShards: usesShards && stage.split == .samples, isWhole: isWhole)
        }
        for (input, gradient) in zip(operation.inputs, view.inputGradients) {
            if let gradient { complete(gradientOf: roots[input], in: gradient) }
        }
    }

    /// A place for what one more reader makes of a value's gradient.
    private mutating func addContribution(to input: Int, route: GradientRoute, isWhole: Bool) -> Operand {
        let root = roots[input]
        if !graph.types[input].isBatched, !isWhole, route == .shards {
            contributions[root].append(.shards)
            return Operand(home: .shards(value: root), stride: 0)
        }
        if case .parameter(let entry)? = homes[root], useCounts[root] == 1, !isWhole {
            contributions[root].append(.final)
            return Operand(home: .gradient(entry), stride: 0)
        }
        let buffer = add(plannedBuffer(of: graph.types[root]))
        contributions[root].append(.buffer(buffer))
        return gradientOperand(buffer, of: input)
    }

    private func gradientOperand(_ buffer: Int, of value: Int) -> Operand {
        Operand(home: .buffer(buffer), stride: stride(of: value))
    }

    /// A buffer of zeros: the gradient of an output that nobody has read.
    private mutating func addZeros(_ output: Int) -> Int {
        let buffer = add(plannedBuffer(of: graph.types[output]))
        clear([gradientOperand(buffer, of: output)], of: [output])
        return buffer
    }

    /// Sets gradients to zero.
    private mutating func clear(_ operands: [Operand?], of values: [Int]) {
        for (value, operand) in zip(values, operands) {
            guard let operand else { continue }
            let type = graph.types[value]
            let stage = Stage(type.isBatched ? .samples : .once) { context in
                context.output.update(repeating: 0, count: context.count * type.shape.elementCount)
            }
            views.append(View(outputs: [operand]))
            append(
                stage, .gradientSum, view: views.count - 1, touching: [operand], isWhole: !type.isBatched)
        }
    }

    /// Says that the last stage has completed the gradient of a root, or one reader's part of it.
    private mutating func complete(gradientOf root: Int, in operand: Operand) {
        for (index, operation) in graph.operations.enumerated() {
            guard let output = operation.outputs.firstIndex(of: root) else { continue }
            complete(Completion(operation: index, output: output, isGradient: true), in: operand)
        }
    }

    /// Adds up what the readers of a value have made of its gradient.
    ///
    /// - Returns: the buffer of the sum; `nil` if there was no reader.
    private mutating func sumGradients(of root: Int) -> Int? {
        let parts = contributions[root]
        let stored = parts.compactMap { if case .buffer(let buffer) = $0 { buffer } else { nil } }
        guard !parts.isEmpty else { return nil }
        guard parts.count > 1 || stored.isEmpty else { return stored[0] }
        let sum: Int
        if graph.types[root].isBatched, stored.count == parts.count {
            sum = stored[0]
            let kernel = GradientSum(
                count: graph.types[root].shape.elementCount, parts: stored.count - 1)
            let operands = stored.map { gradientOperand($0, of: root) }
            views.append(View(inputs: Array(operands.dropFirst()), outputGradients: [operands[0]]))
            append(kernel.stage, .gradientSum, view: views.count - 1, touching: operands)
        } else {
            sum = add(plannedBuffer(of: graph.types[root]))
            reduce([(root, Operand(home: .buffer(sum), stride: 0))])
        }
        complete(gradientOf: root, in: gradientOperand(sum, of: root))
        contributions[root] = [.buffer(sum)]
        return sum
    }

    /// Adds up the gradients of all parameters that have not been stored in their place.
    private mutating func scheduleParameterSums() {
        let parameters = graph.parameters.filter { parameter in
            contributions[parameter.value].contains { if case .final = $0 { false } else { true } }
        }
        let targets = parameters.sorted { $0.entry < $1.entry }.map {
            (value: $0.value, target: Operand(home: .gradient($0.entry), stride: 0))
        }
        if !targets.isEmpty { reduce(targets) }
        // What no loss depends on has a gradient of zero, and not that of a batch before.
        for parameter in graph.parameters
        where needsGradient[parameter.value] && contributions[parameter.value].isEmpty {
            clear([Operand(home: .gradient(parameter.entry), stride: 0)], of: [parameter.value])
        }
    }

    /// Stores sums of shards and of what readers have stored at their targets; a batched value, which somebody has read as
    /// one tensor, is added up as one.
    private mutating func reduce(_ targets: [(value: Int, target: Operand)]) {
        var inputs: [Operand?] = []
        let sums = targets.enumerated().map { index, item in
            let parts = contributions[item.value]
            var sum = GradientReduction.Sum(
                output: index, count: elementCount(item.value))
            if parts.contains(where: { if case .shards = $0 { true } else { false } }) {
                sum.shards = inputs.count
                inputs.append(Operand(home: .shards(value: item.value), stride: 0))
            }
            for case .buffer(let buffer) in parts {
                sum.parts.append(inputs.count)
                inputs.append(Operand(home: .buffer(buffer), stride: 0))
            }
            return sum
        }
        let reduction = GradientReduction(sums, shardCount: purpose.shardCount)
        let view = View(inputs: inputs, outputs: targets.map { $0.target })
        views.append(view)
        append(
            reduction.stage, .gradientSum, view: views.count - 1, touching: inputs + view.outputs,
            isWhole: true)
    }

    /// The shards' copies come after all other buffers.
    private mutating func makeShardBuffers() {
        let entries = Dictionary(uniqueKeysWithValues: graph.parameters.map { ($0.value, $0.entry) })
        for (value, use) in shardUses.sorted(by: {
            (entries[$0.key] ?? .max, $0.key) < (entries[$1.key] ?? .max, $1.key)
        }) {
            let stride = GradientReduction.shardStride(elements: elementCount(value))
            var buffer = PlannedBuffer(perBatch: stride * purpose.shardCount)
            buffer.use(at: use.lowerBound)
            buffer.use(at: use.upperBound)
            shardBuffers[value] = add(buffer)
        }
    }
}

extension Stage {
    /// The same work as one part, for an operator that runs once.
    fileprivate var once: Stage { split == .samples ? Stage(.once, body) : self }
}
