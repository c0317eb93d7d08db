/// Rows of a table, by their indices.
///
/// Operands: a table `[rows, …]`, and indices of any shape `[…]`: float numbers of whole value in `0..<rows`. Output: the shape of
/// the indices, then that of a row. The row of any other number is NaN, so that a mistake shows in the loss, and no gradient goes
/// to the table for it. The gradient of the indices is 0.
package struct Gather: Operator {
    package init() {}

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let table = inputs[0].shape
        guard table.rank >= 1 else {
            throw ConvNetError(
                .shape,
                "A table has rows",
                expected: "[rows, ...]",
                received: "\(table)"
            )
        }
        return [ValueType(Shape(inputs[1].shape.dimensions + table.dropFirst()))]
    }

    package func kernel(at site: Site) -> any Kernel { GatherKernel(at: site) }
}
