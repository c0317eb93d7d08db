import CKernels

/// Runs max pooling; the place of each maximum is kept for the way back.
struct MaxPoolingKernel: Kernel {
    let geometry: ConvolutionGeometry
    let mode: Site.Mode

    var saved: [BufferSpec] {
        mode == .training
            ? [BufferSpec(byteCount: geometry.outputCount * MemoryLayout<UInt16>.stride, per: .sample)] : []
    }
    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                var window = geometry.window
                for sample in 0..<context.count {
                    ck_max_pool(
                        context.input() + sample * geometry.inputCount,
                        &window,
                        context.output + sample * geometry.outputCount,
                        mode == .training ? places(context) + sample * geometry.outputCount : nil
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
                    ck_max_pool_backward(
                        context.outputGradient + sample * geometry.outputCount,
                        places(context) + sample * geometry.outputCount,
                        &window,
                        context.inputGradient() + sample * geometry.inputCount
                    )
                }
            }
        ]
    }

    private func places(_ context: StageContext) -> UnsafeMutablePointer<UInt16> {
        context.saved(0).assumingMemoryBound(to: UInt16.self)
    }
}
