/// Softmax along some neighbouring axes: all elements along them are positive and add up to 1. Or the logarithm of that.
///
/// Along the last axis alone there is `Activate(.softmax)`, before which a loss can start.
package struct SoftmaxAlong: Operator {
    /// Counted from the first of a sample.
    package let axes: Range<Int>
    package let isLogarithm: Bool

    package init(axes: Range<Int>, isLogarithm: Bool = false) {
        self.axes = axes
        self.isLogarithm = isLogarithm
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let shape = inputs[0].shape
        guard axes.lowerBound >= 0, axes.upperBound <= shape.rank else {
            throw ConvNetError(
                .argument,
                "There are no such axes for a softmax",
                expected: "axes in 0..<\(shape.rank) of \(shape)",
                received: "\(axes)"
            )
        }
        return [inputs[0]]
    }

    package func kernel(at site: Site) -> any Kernel {
        SoftmaxKernel(of: site.inputs[0].shape, axes: axes, isLogarithm: isLogarithm)
    }
}
