/// Parts of its operand along one axis, counted from the first of a sample: an output for each.
package struct Split: Operator {
    let axis: Int
    /// The size of each part; together they are that of the operand.
    let sizes: [Int]

    package init(axis: Int, sizes: [Int]) {
        self.axis = axis
        self.sizes = sizes
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let shape = inputs[0].shape
        guard shape.indices.contains(axis), sizes.reduce(0, +) == shape[axis] else {
            throw ConvNetError(
                .shape,
                "The parts are not the whole",
                expected: "sizes that add up to axis \(axis) of \(shape)",
                received: "\(sizes)"
            )
        }
        return sizes.map { size in
            var part = shape.dimensions
            part[axis] = size
            return ValueType(Shape(part), element: inputs[0].element)
        }
    }

    package func kernel(at site: Site) -> any Kernel {
        SplitKernel(shape: site.inputs[0].shape, axis: axis, sizes: sizes)
    }
}

/// Runs a split: runs of elements are copied to one output after the other, and back.
private struct SplitKernel: Kernel {
    /// Runs of a sample: the product of the sizes before the axis.
    private let runs: Int
    /// Elements in a run of each output, and of the input.
    private let lengths: [Int], stride: Int

    init(shape: Shape, axis: Int, sizes: [Int]) {
        let step = shape.dropFirst(axis + 1).reduce(1, *)
        runs = shape.prefix(axis).reduce(1, *)
        lengths = sizes.map { $0 * step }
        stride = shape[axis] * step
    }

    var isIdentity: Bool { lengths.count == 1 }
    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                forEachRun(context.count) { index, part, whole, length in
                    (context.output(index) + part).update(from: context.input() + whole, count: length)
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                forEachRun(context.count) { index, part, whole, length in
                    let gradient = context.outputGradient(index) + part
                    (context.inputGradient() + whole).update(from: gradient, count: length)
                }
            }
        ]
    }

    /// Calls `body` for each run with the index of its output, where it begins there and in the input, and its length.
    private func forEachRun(_ samples: Int, _ body: (Int, Int, Int, Int) -> Void) {
        var offset = 0
        for (index, length) in lengths.enumerated() {
            for run in 0..<(samples * runs) { body(index, run * length, offset + run * stride, length) }
            offset += length
        }
    }
}
