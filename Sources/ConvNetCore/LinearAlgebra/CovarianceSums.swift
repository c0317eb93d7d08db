import COpenBLAS

/// Sums over samples from which their covariance follows, in double precision.
package struct CovarianceSums {
    /// The samples that OpenBLAS adds up at once.
    private static let blockSize = 256

    private let mean: [Double]
    private var sums: [Double]
    /// Samples less the mean that have not been added yet.
    private var block: [Double] = []
    private var count = 0

    private var size: Int { mean.count }

    /// - Parameter mean: the mean of the samples that follow.
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    package init(around mean: [Double]) throws {
        let size = mean.count
        try MemoryCheck.require(
            (size * size + Self.blockSize * size) * MemoryLayout<Double>.stride,
            for: "a covariance of \(size) values"
        )
        self.mean = mean
        sums = Array(repeating: 0, count: size * size)
        block.reserveCapacity(Self.blockSize * size)
    }

    /// Adds a sample.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if OpenBLAS lacks memory.
    package mutating func add(_ sample: UnsafeBufferPointer<Float>) throws {
        for (value, mean) in zip(sample, mean) { block.append(Double(value) - mean) }
        count += 1
        if block.count == Self.blockSize * size { try addBlock() }
    }

    /// The covariance: `[size, size]`, row-major, of which the upper triangle is set; divided by the number of samples.
    ///
    /// - Throws: as `add`.
    package mutating func covariance() throws -> [Double] {
        if !block.isEmpty { try addBlock() }
        let count = Double(max(count, 1))
        return sums.map { $0 / count }
    }

    private mutating func addBlock() throws {
        OpenBLAS.useOneThread()
        OpenBLAS.useOneOpenMPThread()
        try OpenBLAS.Buffers.lease(1)
        defer { OpenBLAS.Buffers.release(1) }
        let n = blasint(size), rows = blasint(block.count / max(size, 1))
        OpenBLAS.call {
            cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, n, rows, 1, block, n, 1, &sums, n)
        }
        block.removeAll(keepingCapacity: true)
    }
}
