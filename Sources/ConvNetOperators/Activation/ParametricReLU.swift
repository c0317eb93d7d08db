/// `y = x` where x > 0, else `alpha · x`, with an alpha that learns.
///
/// Operands: x; alpha, whole, of x's shape but for axes of size 1, which stand for all places along them.
package struct ParametricReLU: Operator {
    package init() {}

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs.dropFirst(), of: "a rectifier")
        let x = inputs[0].shape, alpha = inputs[1].shape
        try requirePlaces(for: x, of: "slopes of its own")
        guard x.rank == alpha.rank, zip(alpha, x).allSatisfy({ $0 == 1 || $0 == $1 }) else {
            throw ConvNetError(
                .shape,
                "The slopes of a rectifier do not fit",
                expected: "\(x), or 1 along some axes",
                received: "\(alpha)"
            )
        }
        return [inputs[0]]
    }

    package func kernel(at site: Site) -> any Kernel { ParametricReLUKernel(at: site) }
}
