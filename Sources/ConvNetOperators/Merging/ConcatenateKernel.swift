/// Runs a concatenation: runs of elements are copied from one input after the other, and back.
package struct ConcatenateKernel: Kernel {
    /// Runs of each input in a sample: the product of the sizes before the axis.
    let runs: Int
    /// Elements in a run of each input.
    let lengths: [Int]
    let needsInputGradient: [Bool]

    package init(runs: Int, lengths: [Int], needsInputGradient: [Bool]) {
        self.runs = runs
        self.lengths = lengths
        self.needsInputGradient = needsInputGradient
    }

    package var isIdentity: Bool { lengths.count == 1 }
    package var backwardReads: BackwardReads { [] }

    package func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                forEachInput { index, length, offset, stride in
                    let input = context.input(index), output = context.output + offset
                    for run in 0..<(context.count * runs) {
                        (output + run * stride).update(from: input + run * length, count: length)
                    }
                }
            }
        ]
    }

    package func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                forEachInput { index, length, offset, stride in
                    guard needsInputGradient[index] else { return }
                    let target = context.inputGradient(index), gradient = context.outputGradient + offset
                    for run in 0..<(context.count * runs) {
                        (target + run * length).update(from: gradient + run * stride, count: length)
                    }
                }
            }
        ]
    }

    /// Calls `body` with each input's place, the length of its runs, where they begin in the output, and how far
    /// they stand apart there.
    private func forEachInput(_ body: (Int, Int, Int, Int) -> Void) {
        let stride = lengths.reduce(0, +)
        var offset = 0
        for (index, length) in lengths.enumerated() {
            body(index, length, offset, stride)
            offset += length
        }
    }
}
