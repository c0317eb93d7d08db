import CKernels

/// Runs an activation function of every row along the last axis: softmax and its relatives.
struct RowActivationKernel: Kernel {
    private typealias Forward =
        @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int) -> Void
    private typealias Backward =
        @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int) -> Void

    private let function: Forward
    /// From the output.
    private let derivative: Backward
    /// Rows of one sample, and their elements.
    private let rows: Int, channels: Int

    init(_ function: ActivationFunction, _ site: Site) {
        switch function {
        case .logSoftmax:
            self.function = { ck_log_softmax($0, $1, $2, $3) }
            derivative = { ck_log_softmax_backward($0, $1, $2, $3, $4) }
        case .sparsemax:
            self.function = { ck_sparsemax($0, $1, $2, $3) }
            derivative = { ck_sparsemax_backward($0, $1, $2, $3, $4) }
        default:
            self.function = { ck_softmax($0, $1, $2, $3) }
            derivative = { ck_softmax_backward($0, $1, $2, $3, $4) }
        }
        channels = max(site.outputs[0].shape.last ?? 1, 1)
        rows = site.outputs[0].shape.elementCount / channels
    }

    var gradientRoute: GradientRoute { .direct }
    var backwardReads: BackwardReads { .output }

    func forward() -> [Stage] {
        [Stage(.samples) { function($0.input(), $0.output, $0.count * rows, channels) }]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) {
                derivative(
                    $0.output,
                    $0.outputGradient,
                    $0.inputGradient(),
                    $0.count * rows,
                    channels
                )
            }
        ]
    }
}
