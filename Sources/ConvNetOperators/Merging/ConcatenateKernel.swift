import CKernels

/// Runs a concatenation: runs of elements are copied from one operand after the other, and back.
struct ConcatenateKernel: Kernel {
    private let runs: JoinedRuns
    /// Whether all samples have the same operand.
    private let isRepeated: [Bool]
    private let needsGradient: [Bool]
    private let parts: SampleParts

    init(axis: Int, at site: Site) {
        runs = JoinedRuns(of: site.inputs.map(\.shape), axis: axis)
        isRepeated = site.inputs.map { site.outputs[0].isBatched && !$0.isBatched }
        needsGradient = site.needsGradient
        parts = SampleParts(batch: site.batch, units: runs.count, elements: runs.count * runs.stride)
    }

    var isIdentity: Bool { needsGradient.count == 1 }
    var backwardReads: BackwardReads { [] }
    var changesOutputGradient: Bool { false }

    func forward() -> [Stage] {
        [
            parts.stage { context, samples, range in
                let first = samples.lowerBound * runs.count + range.lowerBound
                runs.forEachBlock(of: first..<(first + samples.count * range.count)) { block in
                    let operand = context.input(block.part)
                    guard isRepeated[block.part] else { return block.join(operand, into: context.output) }
                    forEachRun(of: block) { source, joined in
                        (context.output + joined).update(from: operand + source, count: block.length)
                    }
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                runs.forEachBlock(samples: context.count) { block in
                    guard needsGradient[block.part] else { return }
                    let target = context.inputGradient(block.part)
                    guard isRepeated[block.part] else {
                        return block.take(from: context.outputGradient, into: target)
                    }
                    forEachRun(of: block) { source, joined in
                        ck_add(context.outputGradient + joined, target + source, block.length)
                    }
                }
            }
        ]
    }

    /// Calls `body` for each run of an operand that all samples have: where it begins there, and in the output.
    private func forEachRun(of block: JoinedRuns.Block, _ body: (Int, Int) -> Void) {
        for run in 0..<block.runs {
            body((block.first + run) % runs.count * block.length, block.offset + run * block.stride)
        }
    }
}
