import CKernels

/// Runs average pooling; with a window as large as the image, global average pooling.
struct AveragePoolingKernel: Kernel {
    let geometry: WindowGeometry
    /// Whether each output covers its share of the image, and no window slides.
    let isAdaptive: Bool

    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let pool = isAdaptive ? ck_adaptive_average_pool : ck_average_pool
                var window = geometry.window
                for sample in 0..<context.count {
                    pool(
                        context.input() + sample * geometry.inputCount,
                        &window,
                        context.output + sample * geometry.outputCount
                    )
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let spread = isAdaptive ? ck_adaptive_average_pool_backward : ck_average_pool_backward
                var window = geometry.window
                for sample in 0..<context.count {
                    spread(
                        context.outputGradient + sample * geometry.outputCount,
                        &window,
                        context.inputGradient() + sample * geometry.inputCount
                    )
                }
            }
        ]
    }
}
