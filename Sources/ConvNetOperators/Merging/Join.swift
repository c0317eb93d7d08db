/// Its operands side by side along one axis, counted from the first of a sample.
package struct Join: Operator {
    package let axis: Int

    package init(axis: Int) { self.axis = axis }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let first = inputs[0].shape
        func others(_ shape: Shape) -> [Int] {
            shape.enumerated().filter { $0.offset != axis }.map(\.element)
        }
        guard inputs.allSatisfy({ $0.shape.rank == first.rank && others($0.shape) == others(first) }) else {
            throw ConvNetError(
                .shape,
                "Concatenate takes inputs that differ along one axis only",
                expected: "equal sizes along every axis but \(axis + 1), where 0 is the batch",
                received: "\(inputs.map(\.shape))"
            )
        }
        var sizes = first.dimensions
        sizes[axis] = inputs.reduce(0) { $0 + $1.shape[axis] }
        return [ValueType(Shape(sizes))]
    }

    package func kernel(at site: Site) -> any Kernel { ConcatenateKernel(axis: axis, at: site) }
}
