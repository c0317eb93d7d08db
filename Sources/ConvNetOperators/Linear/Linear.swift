/// A product with a matrix along the last axis: `y = activation(x · kernel + bias)`.
///
/// Operands: x `[…, features]`, kernel `[features, units]`, and bias `[units]` if there is one; kernel and bias are whole.
/// Output `[…, units]`.
package struct Linear: ActivatingOperator {
    package let hasBias: Bool
    package var activation = ActivationFunction.linear

    package init(hasBias: Bool) { self.hasBias = hasBias }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs.dropFirst(), of: "a linear operator")
        let x = inputs[0].shape, kernel = inputs[1].shape
        guard kernel.rank == 2, kernel[0] == x.last ?? 1, !hasBias || inputs[2].shape == [kernel[1]] else {
            throw ConvNetError(
                .shape,
                "The operands of a matrix product do not fit",
                expected: "[..., n], [n, m] and [m]",
                received: "\(inputs.map(\.shape))"
            )
        }
        return [ValueType(Shape(Array(x.dropLast()) + [kernel[1]]))]
    }

    package func kernel(at site: Site) -> any Kernel {
        LinearKernel(hasBias: hasBias, activation: Epilogue(activation), at: site)
    }
}

/// Checks that operands are whole, where a kernel takes none that are batched.
func requireWhole(_ types: ArraySlice<ValueType>, of what: String) throws {
    guard types.allSatisfy({ !$0.isBatched }) else {
        throw ConvNetError(
            .shape,
            "The weights of \(what) are the same for all samples",
            expected: "whole operands",
            received: "operands that each sample has its own of"
        )
    }
}
