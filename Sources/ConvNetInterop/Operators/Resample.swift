/// An axis in another size: each of its elements is a weighted sum of some of the operand's.
struct Resample: Operator {
    let plan: AxisResampling
    /// The shape of the output.
    let shape: Shape
    /// Elements before the axis, and behind it.
    let outer: Int, inner: Int
    /// What lies outside of the operand.
    let fill: Float

    init(_ plan: AxisResampling, shape: Shape, outer: Int, inner: Int, fill: Float) {
        self.plan = plan
        self.shape = shape
        self.outer = outer
        self.inner = inner
        self.fill = fill
    }

    func outputs(for inputs: [ValueType]) -> [ValueType] { [ValueType(shape)] }

    func kernel(at site: Site) -> any Kernel {
        ResampleKernel(op: self, inputCount: site.inputs[0].shape.elementCount)
    }
}

/// Runs a `Resample`.
private struct ResampleKernel: Kernel {
    let op: Resample
    /// Elements of one sample.
    let inputCount: Int

    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let rows = inputCount / op.outer / op.inner
                for block in 0..<(context.count * op.outer) {
                    let source = context.input() + block * rows * op.inner
                    let target = context.output + block * op.plan.taps.count * op.inner
                    for (place, taps) in op.plan.taps.enumerated() {
                        let row = target + place * op.inner
                        row.update(repeating: taps.isEmpty ? op.fill : 0, count: op.inner)
                        for tap in taps {
                            let from = source + tap.index * op.inner
                            for index in 0..<op.inner { row[index] += tap.weight * from[index] }
                        }
                    }
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let rows = inputCount / op.outer / op.inner
                context.inputGradient().update(repeating: 0, count: context.count * inputCount)
                for block in 0..<(context.count * op.outer) {
                    let target = context.inputGradient() + block * rows * op.inner
                    let source = context.outputGradient + block * op.plan.taps.count * op.inner
                    for (place, taps) in op.plan.taps.enumerated() {
                        for tap in taps {
                            for index in 0..<op.inner {
                                target[tap.index * op.inner + index] +=
                                    tap.weight * source[place * op.inner + index]
                            }
                        }
                    }
                }
            }
        ]
    }
}
