import CKernels

/// Runs max pooling; the place of each maximum is kept for the way back.
struct MaxPoolingKernel: Kernel {
    let geometry: WindowGeometry
    let mode: Site.Mode
    /// Whether each output covers its share of the image, and no window slides.
    let isAdaptive: Bool

    var saved: [BufferSpec] {
        mode == .training
            ? [BufferSpec(byteCount: geometry.outputCount * MemoryLayout<UInt16>.stride, per: .sample)] : []
    }
    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let pool = isAdaptive ? ck_adaptive_max_pool : ck_max_pool
                var window = geometry.window
                for sample in 0..<context.count {
                    pool(
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
                let spread = isAdaptive ? ck_adaptive_max_pool_backward : ck_max_pool_backward
                var window = geometry.window
                for sample in 0..<context.count {
                    spread(
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
