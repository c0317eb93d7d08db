import CKernels

/// Runs the normalisation of rows, each by its own statistics.
struct RowNormalizationKernel: Kernel {
    private let normalization: ck_row_normalization
    /// Rows of one sample.
    private let rows: Int
    private let gamma: Int?, beta: Int?
    private let needsGradient: [Bool]

    init(_ op: SampleNormalization, axes: Int, at site: Site) {
        let shape = site.outputs[0].shape
        let count = shape.suffix(axes).reduce(1, *)
        rows = shape.elementCount / count
        normalization = ck_row_normalization(
            count: count,
            is_centered: op.statistic == .deviation ? 1 : 0,
            divisor: op.statistic == .norm ? 1 : Double(count),
            epsilon: op.statistic == .norm ? 0 : Double(op.epsilon),
            // Keras' smallest norm (`UnitNormalization`).
            largest_inverse: op.statistic == .norm ? 1e12 : .infinity
        )
        gamma = op.gamma
        beta = op.beta
        needsGradient = site.needsGradient
    }

    var backwardReads: BackwardReads { .inputs }

    /// Mean and inverse deviation of each row.
    var saved: [BufferSpec] {
        [BufferSpec(byteCount: 2 * rows * MemoryLayout<Float>.stride, per: .sample)]
    }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                withUnsafePointer(to: normalization) {
                    ck_normalize_rows(
                        context.input(),
                        context.output,
                        context.count * rows,
                        $0,
                        gamma.map { context.input($0) },
                        beta.map { context.input($0) },
                        context.saved(0).assumingMemoryBound(to: Float.self)
                    )
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                func gradient(_ operand: Int?) -> UnsafeMutablePointer<Float>? {
                    operand.flatMap { needsGradient[$0] ? context.inputGradient($0) : nil }
                }
                withUnsafePointer(to: normalization) {
                    ck_normalize_rows_backward(
                        context.input(),
                        context.outputGradient,
                        gradient(0),
                        context.count * rows,
                        $0,
                        gamma.map { context.input($0) },
                        context.saved(0).assumingMemoryBound(to: Float.self),
                        gradient(gamma),
                        gradient(beta)
                    )
                }
            }
        ]
    }
}
