import CKernels

/// Runs a rectifier with a limit or a threshold.
struct ClippedReLUKernel: Kernel {
    /// Elements of one sample.
    let count: Int
    let slope: Float, threshold: Float, maximum: Float

    var backwardReads: BackwardReads { .inputs }

    func forward() -> [Stage] {
        [
            Stage(.samples) {
                ck_clipped_relu($0.input(), $0.output, $0.count * count, slope, threshold, maximum)
            }
        ]
    }

    func backward() -> [Stage] {
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
