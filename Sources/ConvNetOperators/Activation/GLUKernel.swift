import CKernels

/// Runs the gated linear unit: the first half of the last axis times the sigmoid of the second.
struct GLUKernel: Kernel {
    /// Rows of one sample, and their elements in the output: half of those in the input.
    private let rows: Int, channels: Int

    init(_ site: Site) {
        channels = max(site.outputs[0].shape.last ?? 1, 1)
        rows = site.outputs[0].shape.elementCount / channels
    }

    var gradientRoute: GradientRoute { .direct }
    var backwardReads: BackwardReads { .inputs }

    func forward() -> [Stage] {
        [Stage(.samples) { ck_glu($0.input(), $0.output, $0.count * rows, channels) }]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) {
                ck_glu_backward(
                    $0.input(),
                    $0.outputGradient,
                    $0.inputGradient(),
                    $0.count * rows,
                    channels
                )
            }
        ]
    }
}
