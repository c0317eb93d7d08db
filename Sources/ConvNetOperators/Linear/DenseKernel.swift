import CKernels

/// Runs a dense layer on the whole batch at once, in tiles of the matrices that it makes.
package struct DenseKernel: Kernel {
    /// Rows and columns of a tile: large enough for the GEMM, small enough for the workers to share
    /// (1600→128 at batch 128: 181 GFLOP/s with 64×64, 127 with tiles of 16 rows).
    private static let tile = 64

    /// Rows of the matrix product: samples times the axes before the last.
    let rows: Int
    let features: Int
    let units: Int
    let activation: (function: ck_activation, parameter: Float)
    let hasBias: Bool
    let needsInputGradient: Bool
    let gemm: GEMMPath

    /// - Precondition: the activation can be an epilogue.
    package init(units: Int, hasBias: Bool, activation: ActivationFunction, at site: Site) {
        let shape = site.inputs[0]
        features = shape.last ?? 1
        rows = site.batch * shape.dropLast().reduce(1, *)
        self.units = units
        self.activation = activation.epilogue ?? (CK_LINEAR, 0)
        self.hasBias = hasBias
        needsInputGradient = site.needsInputGradient.first ?? false
        gemm = site.options.gemmPath
    }

    package var implementation: String { "\(gemm)" }
    package var gradientRoute: GradientRoute { .direct }
    package var backwardReads: BackwardReads {
        activation.function == CK_LINEAR ? .inputs : [.inputs, .output]
    }

    package func forward() -> [Stage] {
        let grid = TileGrid(rows: rows, columns: units, tile: Self.tile)
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
                    b: context.parameter(0) + tile.column,
                    ldb: units,
                    c: output,
                    ldc: units
                )
                let bias = hasBias ? context.parameter(1) + tile.column : nil
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

    package func backward() -> [Stage] {
        var stages: [Stage] = []
        if activation.function != CK_LINEAR {
            let chunks = TileGrid(rows: rows, columns: 1, tile: Self.tile)
            stages.append(
                Stage(.tasks(chunks.count)) { context in
                    let chunk = chunks[context.task]
                    ck_activate_backward_from_output(
                        context.output + chunk.row * units,
                        context.outputGradient + chunk.row * units,
                        chunk.rows * units,
                        activation.function,
                        activation.parameter
                    )
                }
            )
        }
        let kernelGrid = TileGrid(rows: features, columns: units, tile: Self.tile)
        let inputGrid = TileGrid(rows: needsInputGradient ? rows : 0, columns: features, tile: Self.tile)
        stages.append(
            Stage(.tasks(kernelGrid.count + inputGrid.count + (hasBias ? 1 : 0))) { context in
                if context.task < kernelGrid.count {
                    storeKernelGradient(kernelGrid[context.task], context)
                } else if context.task < kernelGrid.count + inputGrid.count {
                    storeInputGradient(inputGrid[context.task - kernelGrid.count], context)
                } else {
                    ck_column_sums(context.outputGradient, rows, units, context.parameterGradient(1), 0)
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
            c: context.parameterGradient(0) + tile.row * units + tile.column,
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
            b: context.parameter(0) + tile.column * units,
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
    package let columns: Int
    let tile: Int

    private var tilesPerRow: Int { (columns + tile - 1) / tile }
    package var count: Int { (rows + tile - 1) / tile * tilesPerRow }

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
