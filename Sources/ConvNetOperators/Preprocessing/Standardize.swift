/// `(x − mean) / max(√variance, ε)`, or the way back, `x · max(√variance, ε) + mean`.
///
/// Operands: values of any shape; whole ones: mean and variance, whose axes are some of theirs, in their order. No gradient
/// of these is made.
package struct Standardize: Operator {
    /// What division by a smaller deviation is taken for: Keras' `backend.epsilon()`.
    package static let epsilon: Float = 1e-7

    /// The axes of a sample that mean and variance have, ascending.
    package let axes: [Int]
    /// Whether it is the way back.
    package let inverts: Bool

    package init(axes: [Int], inverts: Bool) {
        self.axes = axes
        self.inverts = inverts
    }

    package var differentiableInputs: Set<Int>? { [0] }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs.dropFirst(), of: "a standardization")
        let shape = inputs[0].shape
        guard shape.rank > 0, axes.allSatisfy(shape.indices.contains),
            inputs.dropFirst().allSatisfy({ $0.shape == Shape(axes.map { shape[$0] }) })
        else {
            throw ConvNetError(
                .shape,
                "Mean and variance do not fit the values",
                expected: "the sizes of axes \(axes) of \(shape)",
                received: "\(inputs.dropFirst().map(\.shape))"
            )
        }
        return [inputs[0]]
    }

    package func kernel(at site: Site) -> any Kernel {
        StandardizeKernel(site.inputs[0].shape, axes: axes, inverts: inverts)
    }
}
