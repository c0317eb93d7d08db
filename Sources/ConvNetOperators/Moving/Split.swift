/// Parts of its operand along one axis, counted from the first of a sample: an output for each.
package struct Split: Operator {
    package let axis: Int
    /// The size of each part; together they are that of the operand.
    package let sizes: [Int]

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
        SplitKernel(runs: JoinedRuns(of: site.outputs.map(\.shape), axis: axis))
    }
}

/// Runs a split: runs of elements are copied to one output after the other, and back.
private struct SplitKernel: Kernel {
    let runs: JoinedRuns

    var isIdentity: Bool { runs.lengths.count == 1 }
    var backwardReads: BackwardReads { [] }
    var changesOutputGradient: Bool { false }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                runs.forEachBlock(samples: context.count) {
                    $0.take(from: context.input(), into: context.output($0.part))
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                runs.forEachBlock(samples: context.count) {
                    $0.join(context.outputGradient($0.part), into: context.inputGradient())
                }
            }
        ]
    }
}
