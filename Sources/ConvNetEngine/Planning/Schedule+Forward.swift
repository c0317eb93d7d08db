/// The stages of the forward pass, and of the losses.
extension Schedule {
    mutating func gather(into batch: BatchBuffers) {
        let inputs = graph.inputs.map(operand)
        let stage = Stage(.samples) { context in batch.gather(context.samples) { context.output($0) } }
        views.append(View(outputs: inputs))
        append(stage, .gather, view: views.count - 1, touching: inputs)
        for index in graph.operations.indices where graph.operations[index].isInput {
            completeOutputs(of: index)
        }
    }

    mutating func scheduleForward(_ index: Int, batch: BatchBuffers) {
        let operation = graph.operations[index]
        guard !isAlias[index], !operation.isInput else { return }
        if let output = operation.target { return scheduleTarget(index, of: output, batch: batch) }
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
                isWhole ? stage.once : stage,
                .forward(index),
                view: index,
                touching: view.inputs + view.outputs,
                buffers: view.saved + [view.workspace],
                isWhole: isWhole
            )
        }
        completeOutputs(of: index)
    }

    /// Copies what an output is compared with, for the operators of a loss.
    private mutating func scheduleTarget(_ index: Int, of output: Int, batch: BatchBuffers) {
        let stage = Stage(.samples) { context in
            batch.copyTargets(output, of: context.samples, to: context.output)
        }
        append(stage, .gather, view: index, touching: views[index].outputs)
        completeOutputs(of: index)
    }

    private mutating func completeOutputs(of index: Int) {
        for (place, output) in views[index].outputs.enumerated() {
            complete(Completion(operation: index, output: place, isGradient: false), in: output)
        }
    }

    mutating func addWorkspace(of kernel: any Kernel) -> Int? {
        kernel.workspace > 0 ? add(PlannedBuffer(perBatch: kernel.workspace)) : nil
    }

    // MARK: Loss

    /// Computes a term of the objective for each sample and, for a backward pass, the gradient that the pass starts from: that of
    /// the prediction, or of the logits before a final activation, which the backward pass then skips; or of the loss itself, where
    /// operators have computed it.
    mutating func scheduleLoss(
        _ term: Objective.Term,
        _ index: Int,
        batch: BatchBuffers,
        backward: Bool
    ) {
        let lowered = graph.termValues[index]
        let output = lowered?.value ?? graph.outputs[term.output], logits = graph.logits[index]
        let type = graph.types[output]
        let start = roots[logits ?? output]
        var view = View(inputs: [operand(output), logits.flatMap(operand)])
        if backward {
            let gradient = add(PlannedBuffer(perSample: type.byteCount))
            contributions[start].append(.buffer(gradient))
            view.inputGradients = [Operand(home: .buffer(gradient), stride: type.byteCount)]
        }
        let kernel = LossKernel(
            term: lowered.map { term.computed(asMeanOf: $0.count) } ?? term,
            index: index,
            shape: type.shape,
            startsFromLogits: logits != nil,
            backward: backward,
            batch: batch
        )
        views.append(view)
        append(kernel.stage, .loss, view: views.count - 1, touching: view.inputs + view.inputGradients)
        if let gradient = view.inputGradients.first ?? nil { complete(gradientOf: start, in: gradient) }
    }

    /// Adds what a layer has made of each sample to its loss; the loss of the batch is the mean.
    mutating func scheduleAddedLoss(_ value: Int, batch: BatchBuffers, backward: Bool) {
        let root = roots[value], type = graph.types[value]
        var view = View(inputs: [operand(value)])
        let makesGradient = backward && needsGradient[root]
        if makesGradient {
            let gradient = add(PlannedBuffer(perSample: type.byteCount))
            contributions[root].append(.buffer(gradient))
            view.inputGradients = [Operand(home: .buffer(gradient), stride: type.byteCount)]
        }
        let stage = Stage(.samples) { context in
            for (place, sample) in context.samples.enumerated() {
                batch.addLoss(context.input()[place], of: sample)
                if makesGradient { context.inputGradient()[place] = 1 / Float(batch.count) }
            }
        }
        views.append(view)
        append(stage, .loss, view: views.count - 1, touching: view.inputs + view.inputGradients)
        if let gradient = view.inputGradients.first ?? nil { complete(gradientOf: root, in: gradient) }
    }
}

extension Stage {
    /// The same work as one part, for an operator that runs once.
    var once: Stage { split == .samples ? Stage(.once, body) : self }
}
