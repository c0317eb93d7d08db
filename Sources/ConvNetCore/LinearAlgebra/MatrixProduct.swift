/// What `GEMMPath.multiply` was asked for, checked: m, n and k are at least 1 and alpha is not 0.
///
/// Each path is an extension in a file of its own.
struct MatrixProduct {
    /// The rows of op(A) and C, the columns of op(B) and C, the length of the sums.
    let m: Int, n: Int, k: Int
    /// op(A), `[m, k]`.
    let a: MatrixOperand
    /// op(B), `[k, n]`.
    let b: MatrixOperand
    /// C, `[m, n]`.
    let c: UnsafeMutablePointer<Float>
    /// The elements between the starts of two rows of C.
    let ldc: Int
    /// The factors of the product and of what C holds.
    let alpha: Float, beta: Float

    /// Multiplies a matrix by `factor`; with 0 it is overwritten, whatever it holds.
    static func scale(
        _ matrix: UnsafeMutablePointer<Float>,
        rows: Int,
        columns: Int,
        leading: Int,
        by factor: Float
    ) {
        if factor == 1 { return }
        for r in 0..<rows {
            let row = matrix + r * leading
            if factor == 0 {
                row.update(repeating: 0, count: columns)
            } else {
                for c in 0..<columns { row[c] *= factor }
            }
        }
    }

    /// C = beta · C, for paths that add their results to it.
    func scaleC() { Self.scale(c, rows: m, columns: n, leading: ldc, by: beta) }
}
