import CKernels

/// Runs the function that passes what is above a threshold and has one value for all else.
struct ThresholdKernel: Kernel {
    /// Elements of one sample.
    let count: Int
    let threshold: Float, value: Float

    var gradientRoute: GradientRoute { .direct }
    var backwardReads: BackwardReads { .inputs }

    func forward() -> [Stage] {
        [Stage(.samples) { ck_threshold($0.input(), $0.output, $0.count * count, threshold, value) }]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) {
                ck_threshold_backward(
                    $0.input(),
                    $0.outputGradient,
                    $0.inputGradient(),
                    $0.count * count,
                    threshold
                )
            }
        ]
    }
}
