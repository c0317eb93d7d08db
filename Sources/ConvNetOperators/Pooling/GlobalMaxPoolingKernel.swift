import CKernels

/// Runs global max pooling. Which pixels were the largest is found again on the way back, so nothing is kept.
struct GlobalMaxPoolingKernel: Kernel {
    /// Pixels of one image.
    let pixels: Int
    let channels: Int

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                for sample in 0..<context.count {
                    ck_column_max(
                        context.input() + sample * pixels * channels,
                        pixels,
                        channels,
                        context.output + sample * channels,
                        nil
                    )
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                for sample in 0..<context.count {
                    ck_column_max_backward(
                        context.input() + sample * pixels * channels,
                        context.output + sample * channels,
                        context.outputGradient + sample * channels,
                        pixels,
                        channels,
                        context.inputGradient() + sample * pixels * channels
                    )
                }
            }
        ]
    }
}
