/// How many inputs an output of a layer sums over, and how many outputs an input reaches, by the shape of the
/// layer's kernel; Keras' `compute_fans`.
package struct Fans: Hashable, Sendable {
    /// The inputs of one output.
    package let input: Int
    /// The outputs of one input.
    package let output: Int

    /// Reads the fans from a kernel's shape, `[…window…, input channels, output channels]`.
    ///
    /// One number has fans of 1, a vector of n has n and n; a matrix `[rows, columns]` has its sizes; of more axes,
    /// all but the last two are the window, whose size multiplies both.
    package init(_ shape: Shape) {
        switch shape.rank {
        case 0: (input, output) = (1, 1)
        case 1: (input, output) = (shape[0], shape[0])
        default:
            let window = shape.dropLast(2).reduce(1, *)
            input = window * shape[shape.rank - 2]
            output = window * shape[shape.rank - 1]
        }
    }
}
