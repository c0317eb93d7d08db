import CKernels

/// Runs average pooling; with a window as large as the image, global average pooling.
package struct AveragePoolingKernel: Kernel {
    let geometry: ConvolutionGeometry

    package init(geometry: ConvolutionGeometry) {
        self.geometry = geometry
    }

    package var backwardReads: BackwardReads { [] }

    package func forward() -> [Stage] {
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

    package func backward() -> [Stage] {
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
