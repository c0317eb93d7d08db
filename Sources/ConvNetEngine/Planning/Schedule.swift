/// The stages of a plan in the order in which they run, and the memory that each touches.
///
/// This is the middle of planning: kernels are made and their stages put in order here; `Plan` then joins
/// stages into groups, and gives every buffer its place.
package struct Schedule {
    /// One stage, and the tables of buffers that its kernel sees.
    struct Entry {
        let stage: Stage
        /// A place in `views`.
        let view: Int
        /// Whether its samples must run shard by shard, for it adds to the shards' gradients.
        var usesShards = false
        /// What it is a part of.
        package let part: Part
        /// The values that are whole once it has run, and the buffers that hold them.
        package var completes: [(value: Value, buffer: Int)] = []
    }

    /// What a stage is a part of, for those who ask where the time goes. Operations are named by their place.
    package enum Part: Hashable {
        case gather, forward(Int), loss, backward(Int), gradientSum
    }

    /// What an operation puts out, or the gradient of the loss with respect to that; for those who look at numbers.
    package struct Value: Hashable {
        package let operation: Int
        package let isGradient: Bool
    }

    /// The buffers that one kernel touches, by their places in `buffers`.
    struct View {
        var inputs: [Int?] = []
        var output: Int?
        var outputGradient: Int?
        var inputGradients: [Int?] = []
        var saved: [Int] = []
        var workspace: Int?
        /// The kernel's prepared memory: a place in `preparations`.
        var prepared: Int?
        /// Places in the parameter store's entries.
        package var parameters: [Int] = []
        var gradientRoute = GradientRoute.direct
        var scratch = 0
    }

    /// The memory that one kernel prepares, and the stages that fill it.
    struct Preparation {
        let key: PreparedKey
        let entries: [Entry]
    }

    /// What a schedule is made for.
    struct Purpose {
        package let batch: Int
        let mode: Site.Mode
        let options: ComputeOptions
        /// The loss to compute, and whether the backward pass follows.
        package let loss: (any Loss)?
        /// Whether the backward pass goes on to the samples themselves.
        let needsSampleGradient: Bool
        /// Whether every stage runs alone, from one barrier to the next, so that it can be timed.
        var isolatesStages = false
    }

    /// What runs before the first of `entries` if parameters have changed, for each kernel that prepares memory.
    private(set) var preparations: [Preparation] = []
    private(set) var entries: [Entry] = []
    private(set) var views: [View] = []
    private(set) var buffers: [PlannedBuffer] = []
    /// The buffers of the prediction and of the gradient of the samples.
    private(set) var outputBuffer = 0, sampleGradientBuffer: Int?
    /// The implementation of each operation's kernel.
    private(set) var implementations: [String] = []

    private let operations: Operations
    private let purpose: Purpose
    private var kernels: [any Kernel] = []
    /// For each operation, the operation whose output buffer holds its value: itself, unless it passes its input on.
    private var roots: [Int] = []
    /// For each root operation: its value, and a gradient from each of its readers.
    private var values: [Int] = []
    private var gradients: [[Int]] = []
    private var needsGradient: [Bool] = []

    init(
        _ operations: Operations, entries parameters: [ParameterStore.Entry], batch: BatchBuffers,
        for purpose: Purpose
    ) throws {
        self.operations = operations
        self.purpose = purpose
        try makeKernels(parameters)
        gather(into: batch)
        for index in operations.list.indices { scheduleForward(index) }
        if let loss = purpose.loss {
            let backward = purpose.mode == .training
            scheduleLoss(loss, batch: batch, backward: backward)
            if backward {
                for index in operations.list.indices.reversed() { scheduleBackward(index) }
            }
        }
        outputBuffer = values[roots[operations.output]]
        buffers[outputBuffer].isPinned = true
        if purpose.needsSampleGradient, let first = gradients[operations.input].first {
            sumGradients(of: operations.input)
            sampleGradientBuffer = first
            buffers[first].isPinned = true
        }
    }

    // MARK: Kernels and values

    private mutating func makeKernels(_ parameters: [ParameterStore.Entry]) throws {
        for (index, operation) in operations.list.enumerated() {
            let inputsNeed = operation.inputs.map { needsGradient[roots[$0]] }
            let site = Site(
                node: operation.place, batch: purpose.batch, inputs: operation.inputShapes,
                output: operation.outputShape,
                mode: purpose.mode, needsInputGradient: inputsNeed, options: purpose.options)
            let kernel = try operation.layer.kernel(at: site)
            kernels.append(kernel)
            implementations.append(kernel.implementation)
            let isAlias = kernel.isIdentity && operation.inputs.count == 1
            roots.append(isAlias ? roots[operation.inputs[0]] : index)
            let learns =
                purpose.mode == .training
                && operation.parameters.contains { parameters[$0].spec.isTrainable }
            needsGradient.append(
                inputsNeed.contains(true) || learns
                    || (index == operations.input && purpose.needsSampleGradient))
            gradients.append([])
            let view = View(
                inputs: operation.inputs.map { values[roots[$0]] },
                saved: [], prepared: kernel.prepared > 0 ? preparations.count : nil,
                parameters: operation.parameters,
                gradientRoute: kernel.gradientRoute,
                scratch: kernel.scratch)
            views.append(view)
            if kernel.prepared > 0 {
                let key = PreparedKey(
                    operation: operation.place, parameters: operation.parameters,
                    layout: kernel.preparedLayout,
                    byteCount: AlignedBuffer.rounded(kernel.prepared))
                let entries = kernel.prepare().map { Entry(stage: $0, view: index, part: .forward(index)) }
                preparations.append(Preparation(key: key, entries: entries))
            }
            values.append(
                isAlias ? -1 : add(PlannedBuffer(perSample: operation.outputShape.elementCount * 4)))
            if !isAlias { views[index].output = values[index] }
            views[index].saved = kernel.saved.map { spec in
                add(
                    spec.extent == .sample
                        ? PlannedBuffer(perSample: spec.byteCount) : PlannedBuffer(perBatch: spec.byteCount))
            }
        }
    }

    private mutating func add(_ buffer: PlannedBuffer) -> Int {
        buffers.append(buffer)
        return buffers.count - 1
    }

    private mutating func append(
        _ stage: Stage, _ part: Part, view: Int, touching touched: [Int?], usesShards: Bool = false
    ) {
        for buffer in touched { if let buffer { buffers[buffer].use(at: entries.count) } }
        entries.append(Entry(stage: stage, view: view, usesShards: usesShards, part: part))
    }

    // MARK: Forward

    private mutating func gather(into batch: BatchBuffers) {
        let view = operations.input
        let stage = Stage(.samples) { context in batch.gather(context.samples, into: context.output) }
        append(stage, .gather, view: view, touching: [views[view].output])
        completed(outputOf: view)
    }

    private mutating func scheduleForward(_ index: Int) {
        guard roots[index] == index else { return }
        views[index].workspace = addWorkspace(of: kernels[index])
        let view = views[index]
        let stages = kernels[index].forward()
        for stage in stages {
            append(
                stage, .forward(index), view: index,
                touching: view.inputs + [view.output, view.workspace] + view.saved)
        }
        // The input's values are gathered, and need no stage.
        if !stages.isEmpty { completed(outputOf: index) }
    }

    /// Says that the last stage has made an operation's output whole.
    private mutating func completed(outputOf index: Int) {
        guard let output = views[index].output else { return }
        entries[entries.count - 1].completes.append((Value(operation: index, isGradient: false), output))
    }

    /// Says that the last stage has made the gradient of an operation's output whole, or one reader's part of it.
    private mutating func completed(gradientOf index: Int, in buffer: Int?) {
        guard let buffer else { return }
        entries[entries.count - 1].completes.append((Value(operation: index, isGradient: true), buffer))
    }

    private mutating func addWorkspace(of kernel: any Kernel) -> Int? {
        kernel.workspace > 0 ? add(PlannedBuffer(perBatch: kernel.workspace)) : nil
    }

    // MARK: Loss

    /// Computes the loss of each sample and, for a backward pass, the gradient that the pass starts from: that of
    /// the prediction, or of the logits before a final activation, which the backward pass then skips.
    private mutating func scheduleLoss(_ loss: any Loss, batch: BatchBuffers, backward: Bool) {
        let output = operations.list[operations.output]
        let fuses =
            output.inputs.count == 1 && roots[operations.output] == operations.output
            && loss.startsBefore(output.layer)
        let start = fuses ? roots[output.inputs[0]] : roots[operations.output]
        var view = View(inputs: [values[roots[operations.output]], fuses ? values[start] : nil])
        if backward {
            let gradient = add(PlannedBuffer(perSample: output.outputShape.elementCount * 4))
            gradients[start].append(gradient)
            view.inputGradients = [gradient]
        }
        let kernel = LossKernel(
            loss: loss, shape: output.outputShape, startsFromLogits: fuses, backward: backward, batch: batch)
        views.append(view)
        append(kernel.stage, .loss, view: views.count - 1, touching: view.inputs + view.inputGradients)
        completed(gradientOf: start, in: view.inputGradients.first ?? nil)
    }

    // MARK: Backward

    private mutating func scheduleBackward(_ index: Int) {
        guard roots[index] == index, index != operations.input, needsGradient[index],
            !gradients[index].isEmpty
        else { return }
        sumGradients(of: index)
        let operation = operations.list[index]
        let kernel = kernels[index]
        var view = views[index]
        view.workspace = addWorkspace(of: kernel)
        view.outputGradient = gradients[index][0]
        view.inputGradients = operation.inputs.map { input in
            guard needsGradient[roots[input]] else { return nil }
            let gradient = add(PlannedBuffer(perSample: operations.list[input].outputShape.elementCount * 4))
            gradients[roots[input]].append(gradient)
            return gradient
        }
        views.append(view)
        var touched = view.inputGradients + [view.outputGradient, view.workspace] + view.saved
        if kernel.backwardReads.contains(.inputs) { touched += view.inputs }
        if kernel.backwardReads.contains(.output) { touched.append(view.output) }
        let usesShards = kernel.gradientRoute == .shards && !operation.parameters.isEmpty
        for stage in kernel.backward() {
            append(
                stage, .backward(index), view: views.count - 1, touching: touched,
                usesShards: usesShards && stage.split == .samples)
        }
        for (input, gradient) in zip(operation.inputs, view.inputGradients) {
            completed(gradientOf: roots[input], in: gradient)
        }
    }

    /// Adds up what several readers of a value have stored as its gradient, in the first one's place.
    private mutating func sumGradients(of index: Int) {
        let parts = gradients[index]
        guard parts.count > 1 else { return }
        views.append(View(inputs: parts.dropFirst().map { $0 }, outputGradient: parts[0]))
        let kernel = GradientSum(
            count: operations.list[index].outputShape.elementCount, parts: parts.count - 1)
        append(kernel.stage, .gradientSum, view: views.count - 1, touching: parts)
        completed(gradientOf: index, in: parts[0])
        gradients[index] = [parts[0]]
    }
}
