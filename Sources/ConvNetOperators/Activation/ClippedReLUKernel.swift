import CKernels

/// Runs a rectifier with a limit or a threshold.
package struct ClippedReLUKernel: Kernel {
    /// Elements of one sample.
    package let count: Int
    let slope: Float, threshold: Float, maximum: Float

    package init(count: Int, slope: Float, threshold: Float, maximum: Float) {
        self.count = count
        self.slope = slope
        self.threshold = threshold
        self.maximum = maximum
    }

    package var backwardReads: BackwardReads { .inputs }

    package func forward() -> [Stage] {
        [
            Stage(.samples) {
                ck_clipped_relu($0.input(), $0.output, $0.count * count, slope, threshold, maximum)
            }
        ]
    }

    package func backward() -> [Stage] {
        [
            Stage(.samples) {
                ck_clipped_relu_backward(
                    $0.input(),
                    $0.outputGradient,
                    $0.inputGradient(),
                    $0.count * count,
                    slope,
                    threshold,
                    maximum
                )
            }
        ]
    }
}
