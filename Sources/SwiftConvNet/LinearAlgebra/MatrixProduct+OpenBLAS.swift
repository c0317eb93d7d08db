import COpenBLAS

extension MatrixProduct {
    /// `cblas_sgemm`. With beta 0 it overwrites C, as the reference BLAS demands.
    func runOpenBLAS() {
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
}
