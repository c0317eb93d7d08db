import COpenBLAS

/// The factorisation of a tall matrix A = Q · R, by LAPACK's Householder reflections, in double precision.
package struct QRFactorization {
    /// The orthonormal columns: `[rows, columns]`, row-major.
    package let q: [Double]
    /// The diagonal of the triangular factor, one number per column.
    package let diagonalOfR: [Double]

    /// Factorises a row-major matrix of at least as many rows as columns.
    ///
    /// OpenBLAS is set to one thread first, as everywhere in this library: with more, the bits of the result
    /// would depend on their number.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for more columns than rows, another number of elements, or a
    ///   size that LAPACK's 32-bit integers do not hold; of kind `numeric` for NaN in the matrix; of
    ///   kind `environment` if LAPACK or OpenBLAS lacks memory.
    package init(_ matrix: [Double], rows: Int, columns: Int) throws {
        guard rows >= columns, columns >= 0, rows <= Int(Int32.max), matrix.count == rows * columns else {
            throw ConvNetError(
                .argument,
                "No matrix for a QR factorisation",
                expected:
                    "at least as many rows as columns, at most \(Int32.max) rows, and rows * columns elements",
                received: "\(rows) rows, \(columns) columns, \(matrix.count) elements"
            )
        }
        guard columns > 0 else {
            q = []
            diagonalOfR = []
            return
        }
        OpenBLAS.useOneThread()
        OpenBLAS.useOneOpenMPThread()
        let (m, n) = (Int32(rows), Int32(columns))
        var factors = matrix
        var reflectors = [Double](repeating: 0, count: columns)
        try OpenBLAS.Buffers.lease(1)
        defer { OpenBLAS.Buffers.release(1) }
        let factorization = OpenBLAS.call { LAPACKE_dgeqrf(LAPACK_ROW_MAJOR, m, n, &factors, n, &reflectors) }
        try Self.check(factorization, of: "dgeqrf")
        diagonalOfR = (0..<columns).map { factors[$0 * columns + $0] }
        let generation = OpenBLAS.call { LAPACKE_dorgqr(LAPACK_ROW_MAJOR, m, n, n, &factors, n, reflectors) }
        try Self.check(generation, of: "dorgqr")
        q = factors
    }

    /// Q with the sign of each column chosen so that the diagonal of R would be positive. For a matrix of
    /// normal random numbers it is then distributed uniformly over the orthonormal matrices
    /// (Mezzadri, How to generate random matrices from the classical compact groups, 2007).
    package var signFixedQ: [Double] {
        let columns = diagonalOfR.count
        guard columns > 0 else { return [] }
        var result = q
        for start in stride(from: 0, to: result.count, by: columns) {
            for column in 0..<columns where diagonalOfR[column] < 0 { result[start + column].negate() }
        }
        return result
    }

    private static func check(_ status: Int32, of routine: String) throws {
        switch status {
        case 0: return
        case LAPACK_WORK_MEMORY_ERROR, LAPACK_TRANSPOSE_MEMORY_ERROR:
            throw ConvNetError(
                .environment,
                "LAPACK lacks memory",
                at: routine,
                remedy: "Use a smaller matrix or a larger machine"
            )
        default:
            // LAPACKE checks its input for NaN; the sizes have been checked before.
            throw ConvNetError(
                .numeric,
                "LAPACK refused a matrix",
                at: routine,
                expected: "numbers, none of them NaN",
                received: "status \(status)"
            )
        }
    }
}
