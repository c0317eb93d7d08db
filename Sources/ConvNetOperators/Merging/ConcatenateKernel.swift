/// Runs a concatenation: runs of elements are copied from one operand after the other, and back.
struct ConcatenateKernel: Kernel {
    /// Runs of each operand in a sample: the product of the sizes before the axis.
    private let runs: Int
    /// Elements in a run of each operand.
    private let lengths: [Int]
    /// Whether all samples have the same operand.
    private let isRepeated: [Bool]
    private let needsGradient: [Bool]

    init(axis: Int, at site: Site) {
        runs = site.outputs[0].shape.prefix(axis).reduce(1, *)
        lengths = site.inputs.map { $0.shape.dropFirst(axis).reduce(1, *) }
        isRepeated = site.inputs.map { site.outputs[0].isBatched && !$0.isBatched }
        needsGradient = site.needsGradient
    }

    var isIdentity: Bool { lengths.count == 1 }
    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                forEachRun(context) { index, run, joined, length in
                    (context.output + joined).update(from: context.input(index) + run, count: length)
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                forEachRun(context) { index, run, joined, length in
                    guard needsGradient[index] else { return }
                    let target = context.inputGradient(index) + run,
                        gradient = context.outputGradient + joined
                    if isRepeated[index] {
                        for place in 0..<length { target[place] += gradient[place] }
                    } else {
                        target.update(from: gradient, count: length)
                    }
                }
            }
        ]
    }

    /// Runs that are gone through at once: then what they make up together is written, or read, while it is in the cache.
    private static let runsPerBlock = 32

    /// Calls `body` for each run with the index of its operand, where it begins there and in the output, and its length.
    private func forEachRun(_ context: StageContext, _ body: (Int, Int, Int, Int) -> Void) {
        let stride = lengths.reduce(0, +)
        let total = context.count * runs
        for first in Swift.stride(from: 0, to: total, by: Self.runsPerBlock) {
            var offset = 0
            for (index, length) in lengths.enumerated() {
                for run in first..<min(first + Self.runsPerBlock, total) {
                    let source = isRepeated[index] ? run % runs : run
                    body(index, source * length, offset + run * stride, length)
                }
                offset += length
            }
        }
    }
}
