import CKernels

/// Runs max pooling; the place of each maximum is kept for the way back.
struct MaxPoolingKernel: Kernel {
    private let geometry: WindowGeometry
    private let mode: Site.Mode
    /// Whether each output covers its share of the image, and no window slides.
    private let isAdaptive: Bool
    private let parts: SampleParts

    init(_ geometry: WindowGeometry, isAdaptive: Bool, at site: Site) {
        self.geometry = geometry
        self.isAdaptive = isAdaptive
        mode = site.mode
        parts = SampleParts(rowsOf: geometry, batch: site.batch, isDivisible: !isAdaptive)
    }

    var saved: [BufferSpec] {
        mode == .training
            ? [BufferSpec(byteCount: geometry.outputCount * MemoryLayout<UInt16>.stride, per: .sample)] : []
    }
    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [
            parts.stage { context, samples, rows in
                let pool = isAdaptive ? ck_adaptive_max_pool : ck_max_pool
                var part = geometry.part(rows: rows)
                for sample in samples {
                    let output = sample * geometry.outputCount + part.output
                    pool(
                        context.input() + sample * geometry.inputCount + part.input,
                        &part.window,
                        context.output + output,
                        mode == .training ? places(context) + output : nil
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
