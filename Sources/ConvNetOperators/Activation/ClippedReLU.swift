/// A rectifier with a limit or a threshold.
///
/// ```
/// y = maximum                     where x >= maximum
///     x                           where threshold < x < maximum
///     slope · (x - threshold)     else
/// ```
package struct ClippedReLU: Operator {
    let slope: Float, threshold: Float, maximum: Float

    package init(slope: Float, threshold: Float, maximum: Float) {
        self.slope = slope
        self.threshold = threshold
        self.maximum = maximum
    }

    package func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }

    package func kernel(at site: Site) -> any Kernel {
        ClippedReLUKernel(
            count: site.outputs[0].shape.elementCount,
            slope: slope,
            threshold: threshold,
            maximum: maximum
        )
    }
}
