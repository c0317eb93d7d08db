/// A way to compute the product of two matrices. All paths have one meaning; they differ in speed, and in
/// the last bits of their results, for each adds in an order of its own.
///
/// `openBLAS` is what training uses; the others show what each step of optimisation brings, and check it.
public enum GEMMPath: String, Sendable, Hashable, Codable, CaseIterable {
    /// Three nested loops, nothing else: what the others are compared with.
    case naive
    /// Tiles that fit the caches, packed so that the inner loop reads neighbours; left to the compiler to
    /// vectorise.
    case blocked
    /// As `blocked`, with an inner loop of `SIMD8<Float>` values that keeps its results in registers. Swift
    /// compiles it for the processor family's oldest member (SSE2 on x86-64), which is its limit.
    case simd
    /// `cblas_sgemm` of OpenBLAS.
    case openBLAS
}

extension GEMMPath {
    /// Computes C = alpha · op(A) · op(B) + beta · C, where op(X) is X or its transpose.
    ///
    /// op(A) is `[m, k]`, op(B) is `[k, n]`, C is `[m, n]`. All are row-major: the elements of a row are
    /// neighbours, and a *leading dimension* says how many elements lie between the starts of two rows *as
    /// they are stored*; what lies beyond a row's end is neither read nor written. C must not overlap A or B.
    ///
    /// - Parameters:
    ///   - m: The rows of op(A) and of C, 0 or more.
    ///   - n: The columns of op(B) and of C, 0 or more.
    ///   - k: The columns of op(A) and rows of op(B), 0 or more. With 0 the product is a matrix of zeros.
    ///   - a: A, stored as `[m, k]`, or as `[k, m]` if `transposeA`.
    ///   - lda: The leading dimension of A: at least `k`, or `m` if `transposeA`.
    ///   - transposeA: Whether op(A) is the transpose of the stored matrix.
    ///   - b: B, stored as `[k, n]`, or as `[n, k]` if `transposeB`.
    ///   - ldb: The leading dimension of B: at least `n`, or `k` if `transposeB`.
    ///   - transposeB: Whether op(B) is the transpose of the stored matrix.
    ///   - c: C, read only if `beta` is not 0: with 0 even NaN in it is overwritten.
    ///   - ldc: The leading dimension of C: at least `n`.
    ///   - alpha: The factor of the product. With 0, A and B are not read.
    ///   - beta: The factor of what C holds before the call.
    ///
    /// - Precondition: no size is negative, the leading dimensions are as large as said above, and all fit
    ///   32 bits, for OpenBLAS takes no larger ones.
    ///
    /// May be called by several threads at once; for `openBLAS` see `OpenBLAS.supportsConcurrentCalls`.
    /// `blocked` and `simd` allocate scratch memory once per thread, of a size that no argument changes. Where a path
    /// cannot have its memory, as under a limit of the address space, another one computes the product: `simd` in
    /// place of `openBLAS`, which takes 128 MiB for each thread, and `naive` in place of the others.
    public func multiply(
        m: Int,
        n: Int,
        k: Int,
        a: UnsafePointer<Float>,
        lda: Int,
        transposeA: Bool = false,
        b: UnsafePointer<Float>,
        ldb: Int,
        transposeB: Bool = false,
        c: UnsafeMutablePointer<Float>,
        ldc: Int,
        alpha: Float = 1,
        beta: Float = 0
    ) {
        let takesLease = self == .openBLAS
        let hasLease = takesLease && (try? OpenBLAS.Buffers.lease(1)) != nil
        defer { if hasLease { OpenBLAS.Buffers.release(1) } }
        let path = takesLease && !hasLease ? .simd : self
        path.multiplyInEngine(
            m: m,
            n: n,
            k: k,
            a: a,
            lda: lda,
            transposeA: transposeA,
            b: b,
            ldb: ldb,
            transposeB: transposeB,
            c: c,
            ldc: ldc,
            alpha: alpha,
            beta: beta
        )
    }

    /// `multiply` for threads that have a lease of OpenBLAS' buffers, as the engine's workers have.
    package func multiplyInEngine(
        m: Int,
        n: Int,
        k: Int,
        a: UnsafePointer<Float>,
        lda: Int,
        transposeA: Bool = false,
        b: UnsafePointer<Float>,
        ldb: Int,
        transposeB: Bool = false,
        c: UnsafeMutablePointer<Float>,
        ldc: Int,
        alpha: Float = 1,
        beta: Float = 0
    ) {
        precondition(
            m >= 0 && n >= 0 && k >= 0,
            "the sizes of a matrix are not negative: m \(m), n \(n), k \(k)"
        )
        guard m > 0, n > 0 else { return }
        precondition(ldc >= n, "the rows of C, of \(n) elements, overlap with a leading dimension of \(ldc)")
        precondition(max(m, n, k, ldc) <= Int(Int32.max), "a size is larger than OpenBLAS takes")
        guard k > 0, alpha != 0 else {
            return MatrixProduct.scale(c, rows: m, columns: n, leading: ldc, by: beta)
        }
        precondition(lda >= (transposeA ? m : k), "the rows of A overlap with a leading dimension of \(lda)")
        precondition(ldb >= (transposeB ? k : n), "the rows of B overlap with a leading dimension of \(ldb)")
        precondition(max(lda, ldb) <= Int(Int32.max), "a leading dimension is larger than OpenBLAS takes")

        let product = MatrixProduct(
            m: m,
            n: n,
            k: k,
            a: MatrixOperand(base: a, leadingDimension: lda, isTransposed: transposeA),
            b: MatrixOperand(base: b, leadingDimension: ldb, isTransposed: transposeB),
            c: c,
            ldc: ldc,
            alpha: alpha,
            beta: beta
        )
        switch self {
        case .naive: product.runNaive()
        case .blocked: product.runBlocked()
        case .simd: product.runSIMD()
        case .openBLAS: product.runOpenBLAS()
        }
    }
}
