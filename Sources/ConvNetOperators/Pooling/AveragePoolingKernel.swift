import CKernels

/// Runs average pooling; with a window as large as the image, global average pooling.
struct AveragePoolingKernel: Kernel {
    let geometry: ConvolutionGeometry

    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                var window = geometry.window
                for sample in 0..<context.count {
                    ck_average_pool(
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
                var window = geometry.window
                for sample in 0..<context.count {
                    ck_average_pool_backward(
                        context.outputGradient + sample * geometry.outputCount,
                        &window,
                        context.inputGradient() + sample * geometry.inputCount
                    )
                }
            }
        ]
    }
}
