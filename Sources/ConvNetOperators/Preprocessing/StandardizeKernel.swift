import CKernels

/// Runs a standardization: mean and deviation are spread over the last axes once for all batches, and so are rows of numbers
/// that each row of the values meets.
struct StandardizeKernel: Kernel {
    /// Rows of a sample, and numbers in each.
    private let rows: Int, rowCount: Int
    private let inverts: Bool
    /// From mean or variance to a row.
    private let spread: MoveKernel

    init(_ shape: Shape, axes: [Int], inverts: Bool) {
        self.inverts = inverts
        let first = min(axes.first ?? shape.rank, shape.rank - 1)
        rowCount = shape.dropFirst(first).reduce(1, *)
        rows = shape.elementCount / rowCount
        // With axes of size 1 in place of those that mean and variance do not have.
        let kept = (first..<shape.rank).map { axes.contains($0) ? shape[$0] : 1 }
        let map = (first..<shape.rank).reduce(StridedMap(Shape(kept))) { map, axis in
            axes.contains(axis) ? map : map.repeated(axis - first, shape[axis])
        }
        spread = MoveKernel(map, fill: 0)
    }

    var backwardReads: BackwardReads { [] }
    /// Rows of means, of factors, and of zeros.
    var prepared: Int { AlignedBuffer.rounded(3 * rowCount * MemoryLayout<Float>.stride) }
    var preparedLayout: String { inverts ? "deviations" : "inverse deviations" }

    func prepare() -> [Stage] {
        [
            Stage(.once) { context in
                let means = row(0, context), factors = row(1, context)
                spread.copy(context.input(1), means)
                spread.copy(context.input(2), factors)
                for place in 0..<rowCount {
                    let deviation = max(factors[place].squareRoot(), Standardize.epsilon)
                    factors[place] = inverts ? deviation : 1 / deviation
                }
                row(2, context).update(repeating: 0, count: rowCount)
            }
        ]
    }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let (x, y, count) = (context.input(), context.output, context.count * rows)
                if inverts {
                    ck_channel_affine(x, y, count, rowCount, row(1, context), row(0, context))
                } else {
                    ck_channel_standardize(x, y, count, rowCount, row(0, context), row(1, context))
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                ck_channel_affine(
                    context.outputGradient,
                    context.inputGradient(),
                    context.count * rows,
                    rowCount,
                    row(1, context),
                    row(2, context)
                )
            }
        ]
    }

    private func row(_ index: Int, _ context: StageContext) -> UnsafeMutablePointer<Float> {
        context.prepared.assumingMemoryBound(to: Float.self) + index * rowCount
    }
}
