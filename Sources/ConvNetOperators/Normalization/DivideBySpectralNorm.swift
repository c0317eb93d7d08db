/// Divides a matrix by its largest singular value, as a power iteration estimates it, and has the parameters that it reads keep the
/// quotient and the vector of the iteration.
///
/// Operands, both parameters: the matrix `[…, columns]`, all axes but the last being its rows, and the vector `[1, columns]`. The
/// gradient passes unchanged: it is that of the quotient, which takes the matrix' place.
package struct DivideBySpectralNorm: Operator {
    let iterations: Int

    package init(iterations: Int) { self.iterations = iterations }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs[...], of: "a spectral normalisation")
        return [inputs[0]]
    }

    package var differentiableInputs: Set<Int>? { [0] }

    package func kernel(at site: Site) -> any Kernel { SpectralNormKernel(iterations: iterations, at: site) }
}
