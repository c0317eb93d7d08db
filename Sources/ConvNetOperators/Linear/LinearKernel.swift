import CKernels

/// Runs a linear operator on the whole batch at once, in tiles of the matrices that it makes.
struct LinearKernel: EpilogueKernel {
    /// Rows of the matrix product: samples times the axes before the last.
    let rows: Int
    let features: Int
    let units: Int
    let activation: Epilogue
    let hasBias: Bool
    let needsInputGradient: Bool, needsKernelGradient: Bool, needsBiasGradient: Bool
    let gemm: GEMMPath

    init(hasBias: Bool, activation: Epilogue, at site: Site) {
        let shape = site.inputs[0].shape
        features = shape.last ?? 1
        rows = site.batch * shape.dropLast().reduce(1, *)
        units = site.inputs[1].shape[1]
        self.activation = activation
        self.hasBias = hasBias
        needsInputGradient = site.needsGradient[0]
        needsKernelGradient = site.needsGradient[1]
        needsBiasGradient = hasBias && site.needsGradient[2]
        gemm = site.options.gemmPath
    }

    var implementation: String { "\(gemm)" }
    var gradientRoute: GradientRoute { .direct }

    func forward() -> [Stage] {
        let grid = TileGrid(rows: rows, columns: units)
        return [
            Stage(.tasks(grid.count)) { context in
                let tile = grid[context.task]
                let output = context.output + tile.row * units + tile.column
                gemm.multiplyInEngine(
                    m: tile.rows,
                    n: tile.columns,
                    k: features,
                    a: context.input() + tile.row * features,
                    lda: features,
                    b: context.input(1) + tile.column,
                    ldb: units,
                    c: output,
                    ldc: units
                )
                let bias = hasBias ? context.input(2) + tile.column : nil
                for row in 0..<tile.rows {
                    ck_bias_activate(
                        output + row * units,
                        bias,
                        1,
                        tile.columns,
                        activation.function,
                        activation.parameter
                    )
                }
            }
        ]
    }

    func backward() -> [Stage] {
        var stages: [Stage] = []
        if !activation.isLinear {
            let chunks = TileGrid(rows: rows, columns: 1)
            stages.append(
                Stage(.tasks(chunks.count)) { context in
                    let chunk = chunks[context.task]
                    activation.backward(
                        context.output + chunk.row * units,
                        context.outputGradient + chunk.row * units,
                        count: chunk.rows * units
                    )
                }
            )
        }
        let kernelGrid = TileGrid(rows: needsKernelGradient ? features : 0, columns: units)
        let inputGrid = TileGrid(rows: needsInputGradient ? rows : 0, columns: features)
        stages.append(
            Stage(.tasks(kernelGrid.count + inputGrid.count + (needsBiasGradient ? 1 : 0))) { context in
                if context.task < kernelGrid.count {
                    storeKernelGradient(kernelGrid[context.task], context)
                } else if context.task < kernelGrid.count + inputGrid.count {
                    storeInputGradient(inputGrid[context.task - kernelGrid.count], context)
                } else {
                    ck_column_sums(context.outputGradient, rows, units, context.inputGradient(2), 0)
                }
            }
        )
        return stages
    }

    private func storeKernelGradient(_ tile: TileGrid.Tile, _ context: StageContext) {
        gemm.multiplyInEngine(
            m: tile.rows,
            n: tile.columns,
            k: rows,
            a: context.input() + tile.row,
            lda: features,
            transposeA: true,
            b: context.outputGradient + tile.column,
            ldb: units,
            c: context.inputGradient(1) + tile.row * units + tile.column,
            ldc: units
        )
    }

    private func storeInputGradient(_ tile: TileGrid.Tile, _ context: StageContext) {
        gemm.multiplyInEngine(
            m: tile.rows,
            n: tile.columns,
            k: units,
            a: context.outputGradient + tile.row * units,
            lda: units,
            b: context.input(1) + tile.column * units,
            ldb: units,
            transposeB: true,
            c: context.inputGradient() + tile.row * features + tile.column,
            ldc: features
        )
    }
}

/// A matrix cut into square tiles, counted row by row.
struct TileGrid {
    struct Tile {
        let row: Int, column: Int, rows: Int, columns: Int
    }

    let rows: Int
    let columns: Int
    private let tile: Int

    /// Rows and columns of a tile, the largest first: large enough for the product, which packs both factors of each tile anew, and
    /// small enough for the workers to share (1600→128 at batch 128: 181 GFLOP/s with 64×64, 127 with tiles of 16 rows).
    private static let sizes = [256, 128, 64]
    /// Tiles that are enough for the workers to share.
    private static let enough = 16

    /// - Parameter tile: the rows and columns of a tile; by default those that suit the matrix.
    init(rows: Int, columns: Int, tile: Int? = nil) {
        func count(_ tile: Int) -> Int { ((rows + tile - 1) / tile) * ((columns + tile - 1) / tile) }
        self.rows = rows
        self.columns = columns
        self.tile = tile ?? Self.sizes.first { count($0) >= Self.enough } ?? Self.sizes[Self.sizes.count - 1]
    }

    private var tilesPerRow: Int { (columns + tile - 1) / tile }
    var count: Int { (rows + tile - 1) / tile * tilesPerRow }

    subscript(index: Int) -> Tile {
        let row = index / tilesPerRow * tile
        let column = index % tilesPerRow * tile
        return Tile(
            row: row,
            column: column,
            rows: min(tile, rows - row),
            columns: min(tile, columns - column)
        )
    }
}
