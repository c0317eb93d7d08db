extension MatrixProduct {
    /// C[i][j] = alpha · Σ op(A)[i][p] · op(B)[p][j] + beta · C[i][j], as it is written.
    func runNaive() {
        for i in 0..<m {
            let rowOfC = c + i * ldc
            for j in 0..<n {
                var x = a.base + i * a.rowStride
                var y = b.base + j * b.columnStride
                var sum: Float = 0
                for _ in 0..<k {
                    sum += x.pointee * y.pointee
                    x += a.columnStride
                    y += b.rowStride
                }
                rowOfC[j] = alpha * sum + (beta == 0 ? 0 : beta * rowOfC[j])
            }
        }
    }
}
