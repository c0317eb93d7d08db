import COpenBLAS

/// Eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's `dsyevd`, in double precision.
package struct SymmetricEigen {
    /// The eigenvalues, the largest first.
    package let values: [Double]
    /// The eigenvectors in the same order, one row after the other: `[size, size]`, row-major. Of each the element of the largest
    /// absolute value, of equals the first, is positive: LAPACK leaves the sign open.
    package let vectors: [Double]

    /// The largest size: LAPACKE's numbers of elements have 32 bits.
    package static let largestSize = 20_000

    /// Decomposes a row-major matrix, of which the upper triangle is read.
    ///
    /// OpenBLAS is set to one thread first, as everywhere in this library: with more, the bits of the result would depend on their
    /// number.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for another number of elements or a size that is not in 1...20000; of kind `numeric`
    ///   for NaN in the matrix, or if LAPACK finds no eigenvalues; of kind `environment` if LAPACK or OpenBLAS lacks memory.
    package init(_ matrix: [Double], size: Int) throws {
        guard (1...Self.largestSize).contains(size), matrix.count == size * size else {
            throw ConvNetError(
                .argument,
                "No matrix with eigenvalues",
                expected: "size * size elements, a size in 1...\(Self.largestSize)",
                received: "\(matrix.count) elements, a size of \(size)"
            )
        }
        // LAPACK's workspace: 2 n² + 6 n + 1 numbers.
        try MemoryCheck.require(4 * size * size * MemoryLayout<Double>.stride, for: "eigenvectors")
        OpenBLAS.useOneThread()
        OpenBLAS.useOneOpenMPThread()
        let n = Int32(size)
        var columns = matrix
        var ascending = [Double](repeating: 0, count: size)
        try OpenBLAS.Buffers.lease(1)
        defer { OpenBLAS.Buffers.release(1) }
        // Column-major, the lower triangle is the upper one of the rows, and eigenvectors come one after the other.
        let status = OpenBLAS.call {
            LAPACKE_dsyevd(LAPACK_COL_MAJOR, CChar(86), CChar(76), n, &columns, n, &ascending)
        }
        try Self.check(status)
        values = ascending.reversed()
        var vectors: [Double] = []
        vectors.reserveCapacity(size * size)
        for index in (0..<size).reversed() {
            let vector = columns[(index * size)..<((index + 1) * size)]
            var largest = 0.0
            for element in vector where abs(element) > abs(largest) { largest = element }
            vectors += largest < 0 ? vector.map { -$0 } : Array(vector)
        }
        self.vectors = vectors
    }

    private static func check(_ status: Int32) throws {
        switch status {
        case 0: return
        case LAPACK_WORK_MEMORY_ERROR, LAPACK_TRANSPOSE_MEMORY_ERROR:
            throw ConvNetError(
                .environment,
                "LAPACK lacks memory",
                at: "dsyevd",
                remedy: "Use a smaller matrix or a larger machine"
            )
        default:
            // LAPACKE checks its input for NaN; the sizes have been checked before.
            throw ConvNetError(
                .numeric,
                "LAPACK finds no eigenvalues",
                at: "dsyevd",
                expected: "finite numbers",
                received: "status \(status)"
            )
        }
    }
}
