/// The stages of the backward pass, and where gradients go.
extension Schedule {
    mutating func scheduleBackward(_ index: Int) throws {
        let operation = graph.operations[index]
        let outputs = operation.outputs
        let needs = operation.inputs.map { needsGradient[roots[$0]] }
        guard !isAlias[index], !operation.isInput, needs.contains(true),
            outputs.contains(where: { !contributions[$0].isEmpty })
        else { return }
        let kernel = kernels[index], isWhole = isWhole(operation)
        var view = views[index]
        view.inputGradients = Array(repeating: nil, count: needs.count)
        let outputGradients = outputs.map { output in
            let buffer = sumGradients(of: output) ?? addZeros(output)
            return kernel.changesOutputGradient ? ownCopy(ofGradient: buffer, of: output) : buffer
        }
        view.outputGradients = zip(outputGradients, outputs).map { gradientOperand($0, of: $1) }
        view.workspace = addWorkspace(of: kernel)
        for gradient in outputGradients { release(gradient) }
        for (place, input) in operation.inputs.enumerated() where needs[place] {
            view.inputGradients[place] =
                kernel.passesGradient(to: place) && canShareGradient(outputs[0], with: input)
                ? pass(outputGradients[0], to: input)
                : addContribution(to: input, route: kernel.gradientRoute, isWhole: isWhole)
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
                isWhole ? stage.once : stage,
                .backward(index),
                view: views.count - 1,
                touching: touched,
                buffers: view.saved + [view.workspace],
                usesShards: usesShards && stage.split == .samples,
                isWhole: isWhole
            )
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

    func gradientOperand(_ buffer: Int, of value: Int) -> Operand {
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
                stage,
                .gradientSum,
                view: views.count - 1,
                touching: [operand],
                isWhole: !type.isBatched
            )
        }
    }

    /// Says that the last stage has completed the gradient of a root, or one reader's part of it.
    mutating func complete(gradientOf root: Int, in operand: Operand) {
        for (index, operation) in graph.operations.enumerated() {
            guard let output = operation.outputs.firstIndex(of: root) else { continue }
            complete(Completion(operation: index, output: output, isGradient: true), in: operand)
        }
    }

    /// Adds up the gradients of all parameters that have not been stored in their place.
    mutating func scheduleParameterSums() {
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
    mutating func reduce(_ targets: [(value: Int, target: Operand)]) {
        var inputs: [Operand?] = []
        let sums = targets.enumerated().map { index, item in
            let parts = contributions[item.value]
            var sum = GradientReduction.Sum(
                output: index,
                count: elementCount(item.value)
            )
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
            reduction.stage,
            .gradientSum,
            view: views.count - 1,
            touching: inputs + view.outputs,
            isWhole: true
        )
    }

    /// The shards' copies come after all other buffers.
    mutating func makeShardBuffers() {
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
