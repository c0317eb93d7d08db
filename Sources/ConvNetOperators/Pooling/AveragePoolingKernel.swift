import CKernels

/// Runs average pooling; with a window as large as the image, global average pooling.
struct AveragePoolingKernel: Kernel {
    private let geometry: WindowGeometry
    /// Whether each output covers its share of the image, and no window slides.
    private let isAdaptive: Bool
    private let parts: SampleParts

    init(_ geometry: WindowGeometry, isAdaptive: Bool, at site: Site) {
        self.geometry = geometry
        self.isAdaptive = isAdaptive
        parts = SampleParts(rowsOf: geometry, batch: site.batch, isDivisible: !isAdaptive)
    }

    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [
            parts.stage { context, samples, rows in
                let pool = isAdaptive ? ck_adaptive_average_pool : ck_average_pool
                var part = geometry.part(rows: rows)
                for sample in samples {
                    pool(
                        context.input() + sample * geometry.inputCount + part.input,
                        &part.window,
                        context.output + sample * geometry.outputCount + part.output
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
