/// Adds normally distributed noise, anew at every step, or multiplies by such noise around 1.
package struct Perturb: Operator {
    let deviation: Float
    let multiplies: Bool
    let source: RandomSource

    /// - Parameters:
    ///   - deviation: the standard deviation of the noise.
    ///   - multiplies: whether elements are multiplied by 1 plus the noise, and not added to.
    package init(deviation: Float, multiplies: Bool, source: RandomSource) {
        self.deviation = deviation
        self.multiplies = multiplies
        self.source = source
    }

    package func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }

    package func kernel(at site: Site) -> any Kernel {
        PerturbKernel(
            deviation: deviation,
            multiplies: multiplies,
            source: source,
            count: site.outputs[0].shape.elementCount
        )
    }
}
