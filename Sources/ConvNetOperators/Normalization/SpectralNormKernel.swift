import CKernels

/// Runs the division of a matrix by its largest singular value.
struct SpectralNormKernel: Kernel {
    private let iterations: Int
    private let rows: Int, columns: Int

    init(iterations: Int, at site: Site) {
        self.iterations = iterations
        columns = site.inputs[1].shape.elementCount
        rows = site.inputs[0].shape.elementCount / columns
    }

    var backwardReads: BackwardReads { [] }
    /// The vector of the rows.
    var workspace: Int { rows * MemoryLayout<Float>.stride }

    func forward() -> [Stage] {
        [
            Stage(.once) { context in
                let matrix = context.state(0), u = context.state(1)
                let v = context.workspace.assumingMemoryBound(to: Float.self)
                let count = rows * columns
                // Keras leaves a matrix of zeros alone.
                if ck_sum_of_squares(matrix, count) > 0 {
                    for _ in 0..<iterations {
                        ck_matrix_vector(matrix, rows, columns, u, v)
                        normalize(v, rows)
                        ck_vector_matrix(matrix, rows, columns, v, u)
                        normalize(u, columns)
                    }
                    ck_scale(matrix, count, 1 / singularValue(matrix, u, v, context))
                }
                context.output.update(from: matrix, count: count)
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.once) { context in
                context.inputGradient().update(from: context.outputGradient, count: rows * columns)
            }
        ]
    }

    /// v · (matrix · u). The output is free until the end.
    private func singularValue(
        _ matrix: UnsafePointer<Float>,
        _ u: UnsafePointer<Float>,
        _ v: UnsafePointer<Float>,
        _ context: StageContext
    ) -> Float {
        ck_matrix_vector(matrix, rows, columns, u, context.output)
        var sum: Float = 0
        ck_matrix_vector(v, 1, rows, context.output, &sum)
        return sum
    }

    /// Brings a vector to length 1; Keras multiplies by no more than 1e7 (`backend.epsilon()`).
    private func normalize(_ vector: UnsafeMutablePointer<Float>, _ count: Int) {
        let length = ck_sum_of_squares(vector, count).squareRoot()
        ck_scale(vector, count, Float(min(1 / length, 1e7)))
    }
}
