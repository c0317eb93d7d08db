/// The sum of its operands, element by element, with an activation. An axis of size 1 stands for as many as the others have,
/// and missing axes in front count as axes of size 1.
package struct Sum: ActivatingOperator {
    package var activation = ActivationFunction.linear

    package init() {}

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let shapes = inputs.map(\.shape)
        let rank = shapes.map(\.rank).max() ?? 0
        let aligned = shapes.map { $0.aligned(toRank: rank) }
        let sizes = try (0..<rank).map { axis in
            let size = aligned.map { $0[axis] }.max() ?? 1
            guard aligned.allSatisfy({ $0[axis] == size || $0[axis] == 1 }) else {
                throw ConvNetError(
                    .shape,
                    "Add takes inputs of one shape",
                    expected: "equal sizes, or 1, along every axis",
                    received: "\(shapes)",
                    remedy: "Bring them to one shape, say by a Conv2D of kernel size 1 on the shorter way"
                )
            }
            return size
        }
        return [ValueType(Shape(sizes))]
    }

    package func kernel(at site: Site) -> any Kernel { AddKernel(activation: Epilogue(activation), at: site) }
}
