import CKernels

/// Runs an addition of several operands. Backwards the gradient of each is that of the sum, in its place or as a copy; where an
/// operand was stretched, or is the same for all samples, it is added up.
struct AddKernel: EpilogueKernel {
    private let terms: [Stretch]
    private let count: Int
    private let needsGradient: [Bool]
    private let parts: SampleParts
    let activation: Epilogue

    init(activation: Epilogue, at site: Site) {
        // Of an operator that runs once all operands are whole, and none is repeated.
        let repeats = site.outputs[0].isBatched
        terms = site.inputs.map {
            Stretch(from: $0.shape, to: site.outputs[0].shape, isRepeated: repeats && !$0.isBatched)
        }
        count = site.outputs[0].shape.elementCount
        needsGradient = site.needsGradient
        parts = SampleParts(batch: site.batch, units: count, elements: terms.count * count)
        self.activation = activation
    }

    var isIdentity: Bool { terms.count == 1 && activation.isLinear }
    var backwardReads: BackwardReads { activation.isLinear ? [] : .output }

    func passesGradient(to index: Int) -> Bool { terms[index].isWhole }

    func forward() -> [Stage] {
        guard terms.allSatisfy(\.isWhole) else { return [Stage(.samples, addRuns)] }
        return [
            parts.stage { context, samples, elements in
                let first = samples.lowerBound * count + elements.lowerBound
                let length = samples.count * elements.count
                let sum = context.output + first
                if terms.count == 1 {
                    sum.update(from: context.input(0) + first, count: length)
                } else {
                    ck_add_to(context.input(0) + first, context.input(1) + first, sum, length)
                    for index in terms.indices.dropFirst(2) {
                        ck_add(context.input(index) + first, sum, length)
                    }
                }
                activation.apply(sum, bias: nil, rows: 1, channels: length)
            }
        ]
    }

    /// Adds operands of which some are repeated.
    private func addRuns(_ context: StageContext) {
        var added = 1
        if terms[0].isWhole, terms[1].isWhole {
            ck_add_to(context.input(0), context.input(1), context.output, context.count * count)
            added = 2
        } else {
            terms[0].forEachRun(context.count) { term, sum, length in
                (context.output + sum).update(from: context.input(0) + term, count: length)
            }
        }
        for index in terms.indices.dropFirst(added) {
            terms[index].forEachRun(context.count) { term, sum, length in
                ck_add(context.input(index) + term, context.output + sum, length)
            }
        }
        activation.apply(context.output, bias: nil, rows: context.count, channels: count)
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                activation.backward(context.output, context.outputGradient, count: context.count * count)
                for (index, term) in terms.enumerated() where needsGradient[index] {
                    let target = context.inputGradient(index)
                    if target == context.outputGradient { continue }
                    if term.isWhole {
                        target.update(from: context.outputGradient, count: context.count * count)
                        continue
                    }
                    // What is the same for all samples has been cleared by the engine.
                    if !term.isRepeated {
                        target.update(repeating: 0, count: context.count * term.inputCount)
                    }
                    term.forEachRun(context.count) { place, sum, length in
                        ck_add(context.outputGradient + sum, target + place, length)
                    }
                }
            }
        ]
    }
}

/// How the elements of a shape are repeated to fill a larger one: in runs that are neighbours in both.
private struct Stretch {
    /// Elements of one sample, before and after.
    let inputCount: Int, outputCount: Int
    /// Elements of a run.
    let runCount: Int
    /// Where each run of the output begins in the input.
    let starts: [Int]
    /// Whether all samples have the same input.
    let isRepeated: Bool

    init(from input: Shape, to output: Shape, isRepeated: Bool) {
        self.isRepeated = isRepeated
        let input = input.aligned(toRank: output.rank)
        inputCount = input.elementCount
        outputCount = output.elementCount
        // The last axes that are not stretched make up a run.
        var axis = output.rank
        while axis > 0, input[axis - 1] == output[axis - 1] { axis -= 1 }
        runCount = output.dropFirst(axis).reduce(1, *)
        var starts = [0]
        var stride = inputCount
        for (size, stretched) in zip(input.prefix(axis), output.prefix(axis)) {
            stride /= size
            let step = size == 1 ? 0 : stride
            starts = starts.flatMap { start in (0..<stretched).map { start + $0 * step } }
        }
        self.starts = starts
    }

    /// Whether nothing is repeated.
    var isWhole: Bool { runCount == outputCount && !isRepeated }

    /// Calls `body` for each run of some samples, with its place in the input, its place in the output, and its length.
    func forEachRun(_ samples: Int, _ body: (Int, Int, Int) -> Void) {
        if isWhole { return body(0, 0, samples * outputCount) }
        for sample in 0..<samples {
            var place = sample * outputCount
            for start in starts {
                body((isRepeated ? 0 : sample * inputCount) + start, place, runCount)
                place += runCount
            }
        }
    }
}
