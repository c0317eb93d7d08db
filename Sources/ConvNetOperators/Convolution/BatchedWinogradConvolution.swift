import CKernels

/// Convolution by Winograd's minimal filtering, many tiles at a time: workers share the transforms by rows of tiles and
/// the matrix products by places. For large weights, for images of few tiles, and for small batches, where a product
/// of its own for each few samples would have too few rows, and for single images, which all workers share.
///
/// The batch goes through in *waves* of tiles, as many as keep the transformed inputs and outputs within a budget.
struct BatchedWinogradConvolution: EpilogueKernel {
    /// Bytes of transformed inputs and outputs of a wave.
    private static let waveBudget = 8 << 20
    /// Tiles of a wave, whatever the budget: fewer are not worth OpenBLAS' packing of the weights.
    private static let minimumWave = 64
    /// Tiles of a piece, the unit of the transforms' work.
    private static let tilesPerPiece = 16

    /// Some rows of tiles of one image.
    private struct Piece {
        let image: Int
        let firstRow: Int, rowCount: Int
        /// Tiles before it in its wave.
        let offset: Int
        /// Its place among all pieces of the batch.
        let index: Int
    }

    private struct Wave {
        var pieces: [Piece] = []
        /// The pieces of each image in it.
        var images: [Range<Int>] = []
        var tiles = 0
    }

    let winograd: Winograd
    let activation: Epilogue
    let needs: NeededGradients
    let mode: Site.Mode
    private let waves: [Wave]
    private let pieceCount: Int
    /// The most tiles of a wave.
    private let tilesPerWave: Int

    private var geometry: WindowGeometry { winograd.geometry }

    init(_ winograd: Winograd, _ problem: ConvolutionProblem) {
        self.winograd = winograd
        activation = problem.activation
        needs = problem.needs
        mode = problem.site.mode
        let tileByteCount =
            winograd.places * (winograd.geometry.channels + winograd.geometry.filters)
            * MemoryLayout<Float>.stride
        let most = max(Self.minimumWave, Self.waveBudget / tileByteCount)
        let rowsPerPiece = max(1, Self.tilesPerPiece / winograd.tilesAcross)
        var waves = [Wave()], pieceCount = 0
        for image in 0..<problem.site.batch {
            for row in stride(from: 0, to: winograd.tilesDown, by: rowsPerPiece) {
                let rows = min(rowsPerPiece, winograd.tilesDown - row)
                let tiles = rows * winograd.tilesAcross
                if waves[waves.count - 1].tiles + tiles > most, waves[waves.count - 1].tiles > 0 {
                    waves.append(Wave())
                }
                let last = waves.count - 1, place = waves[last].pieces.count
                if waves[last].pieces.last?.image == image, let run = waves[last].images.popLast() {
                    waves[last].images.append(run.lowerBound..<(place + 1))
                } else {
                    waves[last].images.append(place..<(place + 1))
                }
                waves[last].pieces.append(
                    Piece(
                        image: image,
                        firstRow: row,
                        rowCount: rows,
                        offset: waves[last].tiles,
                        index: pieceCount
                    )
                )
                waves[last].tiles += tiles
                pieceCount += 1
            }
        }
        self.waves = waves
        tilesPerWave = waves.map(\.tiles).max() ?? 0
        self.pieceCount = pieceCount
    }

    var implementation: String { "\(winograd.implementation), batched" }
    var gradientRoute: GradientRoute { .direct }
    var prepared: Int { winograd.prepared }
    var preparedLayout: String { winograd.preparedLayout }
    var workspace: Int {
        let training = winograd.transformedCount + pieceCount * geometry.filters
        let transformed = (inputPlane + outputPlane) * winograd.places
        return (transformed + (mode == .training ? training : 0)) * MemoryLayout<Float>.stride
    }

    func prepare() -> [Stage] { winograd.prepare() }

    // MARK: Forward

    func forward() -> [Stage] {
        waves.flatMap { wave in
            [
                Stage(.tasks(wave.pieces.count)) { context in
                    transformInputs(context, wave.pieces[context.task])
                },
                Stage(.tasks(winograd.places)) { context in
                    winograd.multiply(
                        context.task,
                        context,
                        inputs(context) + context.task * inputPlane,
                        tiles: wave.tiles,
                        into: outputs(context) + context.task * outputPlane
                    )
                },
                Stage(.tasks(wave.pieces.count)) { context in
                    let piece = wave.pieces[context.task]
                    var window = geometry.window
                    ck_winograd_output(
                        outputs(context) + piece.offset * geometry.filters,
                        &window,
                        geometry.filters,
                        winograd.tile,
                        firstTile(piece),
                        tileCount(piece),
                        outputPlane,
                        context.output + piece.image * geometry.outputCount
                    )
                    let pixels = pixels(piece)
                    activation.apply(
                        context.output + pixels.lowerBound * geometry.filters,
                        bias: winograd.weights.bias(context),
                        rows: pixels.count,
                        channels: geometry.filters
                    )
                },
            ]
        }
    }

    // MARK: Backward

    func backward() -> [Stage] {
        var stages = waves.flatMap { wave in
            [
                Stage(.tasks(wave.pieces.count)) { context in
                    let piece = wave.pieces[context.task]
                    transformInputs(context, piece)
                    transformOutputGradients(context, piece)
                },
                Stage(.tasks(winograd.places)) { context in
                    let inputs = inputs(context) + context.task * inputPlane
                    let outputs = outputs(context) + context.task * outputPlane
                    let first = context.task * winograd.weightCount
                    if needs.kernel {
                        winograd.multiplyForWeights(
                            inputs,
                            outputs,
                            tiles: wave.tiles,
                            adds: wave.pieces[0].index > 0,
                            into: weightGradients(context) + first
                        )
                    }
                    // The transformed inputs have done their work: their gradients take their place.
                    guard needs.input else { return }
                    winograd.multiplyForInputs(
                        context.task,
                        context,
                        outputs,
                        tiles: wave.tiles,
                        into: inputs
                    )
                },
            ]
                + (needs.input
                    ? [
                        // The inputs of neighbouring tiles overlap, so one worker has an image to itself.
                        Stage(.tasks(wave.images.count)) { context in
                            for piece in wave.pieces[wave.images[context.task]] {
                                addInputGradients(context, piece)
                            }
                        }
                    ] : [])
        }
        if needs.kernel { stages.append(winograd.gradientStage { UnsafePointer(weightGradients($0)) }) }
        guard needs.bias else { return stages }
        return stages + [
            Stage(.once) { context in
                ck_column_sums(
                    biasGradients(context),
                    pieceCount,
                    geometry.filters,
                    context.inputGradient(2),
                    0
                )
            }
        ]
    }

    // MARK: The workspace

    /// Elements of the matrix of one place.
    private var inputPlane: Int { tilesPerWave * geometry.channels }
    private var outputPlane: Int { tilesPerWave * geometry.filters }

    /// Transformed inputs `[places][tiles][channels]`.
    private func inputs(_ context: StageContext) -> UnsafeMutablePointer<Float> {
        context.workspace.assumingMemoryBound(to: Float.self)
    }

    /// Transformed outputs `[places][tiles][filters]`.
    private func outputs(_ context: StageContext) -> UnsafeMutablePointer<Float> {
        inputs(context) + inputPlane * winograd.places
    }

    /// The gradient of the transformed weights `[places][channels][filters]`.
    private func weightGradients(_ context: StageContext) -> UnsafeMutablePointer<Float> {
        outputs(context) + outputPlane * winograd.places
    }

    /// The bias' gradient from each piece, `[pieces][filters]`.
    private func biasGradients(_ context: StageContext) -> UnsafeMutablePointer<Float> {
        weightGradients(context) + winograd.transformedCount
    }

    // MARK: Pieces

    private func firstTile(_ piece: Piece) -> Int { piece.firstRow * winograd.tilesAcross }
    private func tileCount(_ piece: Piece) -> Int { piece.rowCount * winograd.tilesAcross }

    /// The piece's output pixels, neighbours in the batch.
    private func pixels(_ piece: Piece) -> Range<Int> {
        let first = piece.firstRow * winograd.tile
        let last = min((piece.firstRow + piece.rowCount) * winograd.tile, geometry.height.output)
        let image = piece.image * geometry.outputPixels
        return (image + first * geometry.width.output)..<(image + last * geometry.width.output)
    }

    private func transformInputs(_ context: StageContext, _ piece: Piece) {
        var window = geometry.window
        ck_winograd_input(
            context.input() + piece.image * geometry.inputCount,
            &window,
            winograd.tile,
            firstTile(piece),
            tileCount(piece),
            inputPlane,
            inputs(context) + piece.offset * geometry.channels
        )
    }

    private func transformOutputGradients(_ context: StageContext, _ piece: Piece) {
        let pixels = pixels(piece), filters = geometry.filters
        let gradient = context.outputGradient + pixels.lowerBound * filters
        activation.backward(
            context.output + pixels.lowerBound * filters,
            gradient,
            count: pixels.count * filters
        )
        if needs.bias {
            let sums = biasGradients(context) + piece.index * filters
            ck_column_sums(gradient, pixels.count, filters, sums, 0)
        }
        var window = geometry.window
        ck_winograd_output_backward(
            context.outputGradient + piece.image * geometry.outputCount,
            &window,
            filters,
            winograd.tile,
            firstTile(piece),
            tileCount(piece),
            outputPlane,
            outputs(context) + piece.offset * filters
        )
    }

    private func addInputGradients(_ context: StageContext, _ piece: Piece) {
        let image = context.inputGradient() + piece.image * geometry.inputCount
        if piece.firstRow == 0 { image.update(repeating: 0, count: geometry.inputCount) }
        var window = geometry.window
        ck_winograd_input_backward(
            inputs(context) + piece.offset * geometry.channels,
            &window,
            winograd.tile,
            firstTile(piece),
            tileCount(piece),
            inputPlane,
            image
        )
    }
}
