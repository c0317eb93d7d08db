import CKernels

/// Runs a change of the size of images: row by row, each first mixed from rows of the input. The way back goes by the same
/// tables.
struct ResizeKernel: Kernel {
    let rows: Resampling, columns: Resampling
    let channels: Int

    var backwardReads: BackwardReads { [] }
    /// A row of the input.
    var scratch: Int { AlignedBuffer.rounded(columns.size * channels * MemoryLayout<Float>.stride) }
    private var inputCount: Int { rows.size * columns.size * channels }
    private var outputCount: Int { rows.output * columns.output * channels }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                withTables { rows, columns in
                    for sample in 0..<context.count {
                        ck_resize(
                            context.input() + sample * inputCount,
                            rows,
                            columns,
                            channels,
                            context.scratch.assumingMemoryBound(to: Float.self),
                            context.output + sample * outputCount
                        )
                    }
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                context.inputGradient().update(repeating: 0, count: context.count * inputCount)
                withTables { rows, columns in
                    for sample in 0..<context.count {
                        ck_resize_backward(
                            context.outputGradient + sample * outputCount,
                            rows,
                            columns,
                            channels,
                            context.scratch.assumingMemoryBound(to: Float.self),
                            context.inputGradient() + sample * inputCount
                        )
                    }
                }
            }
        ]
    }

    private func withTables(_ body: (UnsafePointer<ck_resampling>, UnsafePointer<ck_resampling>) -> Void) {
        rows.withTable { rows in
            columns.withTable { columns in
                withUnsafePointer(to: rows) { rows in withUnsafePointer(to: columns) { body(rows, $0) } }
            }
        }
    }
}

extension Resampling {
    /// The tables as `CKernels` takes them.
    func withTable(_ body: (ck_resampling) -> Void) {
        starts.withUnsafeBufferPointer { starts in
            weights.withUnsafeBufferPointer { weights in
                guard let first = starts.baseAddress, let factors = weights.baseAddress else { return }
                body(ck_resampling(size: size, output: output, span: span, starts: first, weights: factors))
            }
        }
    }
}
