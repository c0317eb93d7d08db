extension MatrixProduct {
    /// The result of the inner loop, held in registers: rows × columns. Swift compiles for 16 registers of 4
    /// floats: 12 hold results, 2 a row of B, the rest an element of A and a product.
    private enum Micro {
        static let rows = 6, columns = 8
    }

    /// The sizes of the packed tiles: multiples of the above. The tile of A, 96 KB, stays in the L2 cache
    /// while the panels of B, 8 KB each, pass through L1; the tile of B takes 384 KB.
    private enum Tile {
        static let rows = 96, columns = 384, depth = 256
    }

    /// Goes through op(A) and op(B) in tiles, packed as panels in the order in which the inner loop reads them.
    ///
    /// After Goto and van de Geijn, Anatomy of high-performance matrix multiplication (2008).
    func runSIMD() {
        let sizeOfA = Tile.rows * Tile.depth, sizeOfB = Tile.columns * Tile.depth
        guard let packedB = ThreadScratch.floats(sizeOfB + sizeOfA + Micro.rows * Micro.columns) else {
            return runNaive()
        }
        let packedA = packedB + sizeOfB
        let edge = packedA + sizeOfA

        for column in stride(from: 0, to: n, by: Tile.columns) {
            let columns = min(Tile.columns, n - column)
            for depth in stride(from: 0, to: k, by: Tile.depth) {
                let depths = min(Tile.depth, k - depth)
                // The first part of the sums replaces C, or adds to beta · C; the others add to that.
                let overwrites = depth == 0 && beta == 0
                if depth == 0, column == 0, beta != 0 { scaleC() }
                Self.pack(
                    b.transposed,
                    first: column,
                    count: columns,
                    depth: depth,
                    depths: depths,
                    width: Micro.columns,
                    times: 1,
                    to: packedB
                )
                for row in stride(from: 0, to: m, by: Tile.rows) {
                    let rows = min(Tile.rows, m - row)
                    Self.pack(
                        a,
                        first: row,
                        count: rows,
                        depth: depth,
                        depths: depths,
                        width: Micro.rows,
                        times: alpha,
                        to: packedA
                    )
                    multiplyTiles(
                        packedA,
                        packedB,
                        rows: rows,
                        columns: columns,
                        depths: depths,
                        to: c + row * ldc + column,
                        overwrites: overwrites,
                        edge: edge
                    )
                }
            }
        }
    }

    /// Packs `count` rows of an operand, over `depths` of its columns, in panels of `width` rows: the first
    /// element of each of the rows of a panel, then the second of each, and so on; missing rows are zero.
    private static func pack(
        _ operand: MatrixOperand,
        first: Int,
        count: Int,
        depth: Int,
        depths: Int,
        width: Int,
        times factor: Float,
        to destination: UnsafeMutablePointer<Float>
    ) {
        for panel in stride(from: 0, to: count, by: width) {
            let target = destination + panel * depths
            let rows = min(width, count - panel)
            if rows < width { target.update(repeating: 0, count: width * depths) }
            operand.transposed.copyBlock(
                row: depth,
                column: first + panel,
                rows: depths,
                columns: rows,
                times: factor,
                to: target,
                leading: width
            )
        }
    }

    /// C += A · B (or = if it `overwrites`) for packed tiles, one block of registers after the other.
    private func multiplyTiles(
        _ packedA: UnsafePointer<Float>,
        _ packedB: UnsafePointer<Float>,
        rows: Int,
        columns: Int,
        depths: Int,
        to c: UnsafeMutablePointer<Float>,
        overwrites: Bool,
        edge: UnsafeMutablePointer<Float>
    ) {
        for j in stride(from: 0, to: columns, by: Micro.columns) {
            let panelOfB = packedB + j * depths
            for i in stride(from: 0, to: rows, by: Micro.rows) {
                let panelOfA = packedA + i * depths
                let target = c + i * ldc + j
                let rowsHere = min(Micro.rows, rows - i), columnsHere = min(Micro.columns, columns - j)
                if rowsHere == Micro.rows, columnsHere == Micro.columns {
                    Self.multiplyPanels(
                        panelOfA,
                        panelOfB,
                        depths: depths,
                        to: target,
                        ldc,
                        overwrites: overwrites
                    )
                    continue
                }
                // At the edges of C a whole block is computed beside it, and the part that exists is taken over.
                Self.multiplyPanels(
                    panelOfA,
                    panelOfB,
                    depths: depths,
                    to: edge,
                    Micro.columns,
                    overwrites: true
                )
                for r in 0..<rowsHere {
                    let source = edge + r * Micro.columns
                    let row = target + r * ldc
                    for s in 0..<columnsHere { row[s] = overwrites ? source[s] : row[s] + source[s] }
                }
            }
        }
    }

    /// C += A · B (or =) for a panel of 6 rows and a panel of 8 columns.
    @inline(__always)
    private static func multiplyPanels(
        _ panelOfA: UnsafePointer<Float>,
        _ panelOfB: UnsafePointer<Float>,
        depths: Int,
        to c: UnsafeMutablePointer<Float>,
        _ ldc: Int,
        overwrites: Bool
    ) {
        var c0 = SIMD8<Float>.zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0
        var x = panelOfA
        var y = UnsafeRawPointer(panelOfB)
        for _ in 0..<depths {
            let row = y.loadUnaligned(as: SIMD8<Float>.self)
            c0 += row * x[0]
            c1 += row * x[1]
            c2 += row * x[2]
            c3 += row * x[3]
            c4 += row * x[4]
            c5 += row * x[5]
            x += Micro.rows
            y += Micro.columns * MemoryLayout<Float>.stride
        }
        store(c0, to: c, overwrites: overwrites)
        store(c1, to: c + ldc, overwrites: overwrites)
        store(c2, to: c + 2 * ldc, overwrites: overwrites)
        store(c3, to: c + 3 * ldc, overwrites: overwrites)
        store(c4, to: c + 4 * ldc, overwrites: overwrites)
        store(c5, to: c + 5 * ldc, overwrites: overwrites)
    }

    @inline(__always)
    private static func store(_ values: SIMD8<Float>, to c: UnsafeMutablePointer<Float>, overwrites: Bool) {
        let target = UnsafeMutableRawPointer(c)
        let result = overwrites ? values : target.loadUnaligned(as: SIMD8<Float>.self) + values
        target.storeBytes(of: result, as: SIMD8<Float>.self)
    }
}
