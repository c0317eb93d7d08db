extension MatrixProduct {
    /// The sizes of the packed tiles. The tile of B, 16 KB, stays in the L1 cache (32 KB or more, shared by the
    /// two threads of a core) while every row of A passes; the tile of A, 64 KB, stays in L2.
    private enum Tile {
        static let rows = 256, columns = 64, depth = 64
    }

    /// Goes through op(A) and op(B) in tiles that are copied together first: so the loops inside read
    /// neighbours only, whether the matrices are transposed or not.
    func runBlocked() {
        guard let packedA = ThreadScratch.floats(Tile.rows * Tile.depth + Tile.depth * Tile.columns) else {
            return runNaive()
        }
        scaleC()
        let packedB = packedA + Tile.rows * Tile.depth

        for column in stride(from: 0, to: n, by: Tile.columns) {
            let columns = min(Tile.columns, n - column)
            for depth in stride(from: 0, to: k, by: Tile.depth) {
                let depths = min(Tile.depth, k - depth)
                b.copyBlock(
                    row: depth,
                    column: column,
                    rows: depths,
                    columns: columns,
                    times: 1,
                    to: packedB,
                    leading: Tile.columns
                )
                for row in stride(from: 0, to: m, by: Tile.rows) {
                    let rows = min(Tile.rows, m - row)
                    a.copyBlock(
                        row: row,
                        column: depth,
                        rows: rows,
                        columns: depths,
                        times: alpha,
                        to: packedA,
                        leading: Tile.depth
                    )
                    for r in 0..<rows {
                        Self.addRow(
                            packedA + r * Tile.depth,
                            packedB,
                            depths: depths,
                            columns: columns,
                            to: c + (row + r) * ldc + column
                        )
                    }
                }
            }
        }
    }

    /// Adds the product of a row of `depths` values and the packed tile of B to a part of a row of C.
    ///
    /// Four rows of the tile at once, so that C is loaded and stored once for four products.
    @inline(__always)
    private static func addRow(
        _ x: UnsafePointer<Float>,
        _ tile: UnsafePointer<Float>,
        depths: Int,
        columns: Int,
        to c: UnsafeMutablePointer<Float>
    ) {
        var p = 0
        while p + 4 <= depths {
            let (x0, x1, x2, x3) = (x[p], x[p + 1], x[p + 2], x[p + 3])
            let b0 = tile + p * Tile.columns
            let b1 = b0 + Tile.columns
            let b2 = b1 + Tile.columns
            let b3 = b2 + Tile.columns
            for j in 0..<columns { c[j] += (x0 * b0[j] + x1 * b1[j]) + (x2 * b2[j] + x3 * b3[j]) }
            p += 4
        }
        while p < depths {
            let x0 = x[p]
            let b0 = tile + p * Tile.columns
            for j in 0..<columns { c[j] += x0 * b0[j] }
            p += 1
        }
    }
}
