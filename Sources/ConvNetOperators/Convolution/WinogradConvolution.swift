import CKernels

/// Convolution by Winograd's minimal filtering, a block of tiles at a time: transformed inputs, products and outputs
/// of a block stay in the second-level cache. For small weights, whose gradients are added up in shards.
struct WinogradConvolution: EpilogueKernel {
    /// Tiles of a block: fewer are not worth OpenBLAS' packing of the weights, more leave the cache.
    private static let tilesPerBlock = 128

    let winograd: Winograd
    let activation: Epilogue
    let needs: NeededGradients
    let mode: Site.Mode
    /// The most images of one block, and the most tiles of one image in it.
    private let imagesPerBlock: Int, tilesPerImage: Int

    private var geometry: WindowGeometry { winograd.geometry }

    init(_ winograd: Winograd, _ problem: ConvolutionProblem) {
        self.winograd = winograd
        activation = problem.activation
        needs = problem.needs
        mode = problem.site.mode
        let tiles = winograd.tilesPerImage
        let parts = (tiles + Self.tilesPerBlock - 1) / Self.tilesPerBlock
        tilesPerImage = (tiles + parts - 1) / parts
        imagesPerBlock = parts > 1 ? 1 : min(max(1, Self.tilesPerBlock / tiles), problem.site.batch)
    }

    var implementation: String { winograd.implementation }
    var prepared: Int { winograd.prepared }
    var preparedLayout: String { winograd.preparedLayout }
    var scratch: Int {
        (inputPlane + outputPlane) * winograd.places * MemoryLayout<Float>.stride
            + (mode == .training ? winograd.transformedCount * MemoryLayout<Float>.stride : 0)
    }

    /// Elements of one place's matrices.
    private var inputPlane: Int { imagesPerBlock * tilesPerImage * geometry.channels }
    private var outputPlane: Int { imagesPerBlock * tilesPerImage * geometry.filters }

    func prepare() -> [Stage] { winograd.prepare() }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let inputs = context.scratch.assumingMemoryBound(to: Float.self)
                let outputs = inputs + inputPlane * winograd.places
                forEachBlock(context.count) { block in
                    transformInputs(context.input(), block, into: inputs)
                    for place in 0..<winograd.places {
                        winograd.multiply(
                            place,
                            context,
                            inputs + place * inputPlane,
                            tiles: block.tiles,
                            into: outputs + place * outputPlane
                        )
                    }
                    transformOutputs(outputs, block, into: context.output)
                }
                activation.apply(
                    context.output,
                    bias: winograd.weights.bias(context),
                    rows: context.count * geometry.outputPixels,
                    channels: geometry.filters
                )
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let gradient = context.outputGradient
                let pixels = context.count * geometry.outputPixels
                activation.backward(context.output, gradient, count: pixels * geometry.filters)
                if needs.bias {
                    ck_column_sums(gradient, pixels, geometry.filters, context.inputGradient(2), 1)
                }
                if needs.input {
                    context.inputGradient().update(repeating: 0, count: context.count * geometry.inputCount)
                }
                let inputs = context.scratch.assumingMemoryBound(to: Float.self)
                let outputs = inputs + inputPlane * winograd.places
                let weightGradients = outputs + outputPlane * winograd.places
                var isFirst = true
                forEachBlock(context.count) { block in
                    transformInputs(context.input(), block, into: inputs)
                    transformOutputGradients(gradient, block, into: outputs)
                    for place in 0..<winograd.places {
                        let inputs = inputs + place * inputPlane, outputs = outputs + place * outputPlane
                        let first = place * winograd.weightCount
                        if needs.kernel {
                            winograd.multiplyForWeights(
                                inputs,
                                outputs,
                                tiles: block.tiles,
                                adds: !isFirst,
                                into: weightGradients + first
                            )
                        }
                        // The transformed inputs have done their work: their gradients take their place.
                        guard needs.input else { continue }
                        winograd.multiplyForInputs(place, context, outputs, tiles: block.tiles, into: inputs)
                    }
                    isFirst = false
                    guard needs.input else { return }
                    addInputGradients(inputs, block, to: context.inputGradient())
                }
                guard needs.kernel else { return }
                let count = winograd.weightCount
                ck_winograd_kernel_backward(
                    weightGradients,
                    count,
                    winograd.tile,
                    count,
                    count,
                    1,
                    context.inputGradient(1)
                )
            }
        ]
    }

    /// Tiles whose products are made at once: of one image, or of several whole ones.
    private struct Block {
        let firstImage: Int, imageCount: Int
        let firstTile: Int, tilesPerImage: Int
        var tiles: Int { imageCount * tilesPerImage }
    }

    private func forEachBlock(_ images: Int, _ body: (Block) -> Void) {
        for image in stride(from: 0, to: images, by: imagesPerBlock) {
            for tile in stride(from: 0, to: winograd.tilesPerImage, by: tilesPerImage) {
                body(
                    Block(
                        firstImage: image,
                        imageCount: min(imagesPerBlock, images - image),
                        firstTile: tile,
                        tilesPerImage: min(tilesPerImage, winograd.tilesPerImage - tile)
                    )
                )
            }
        }
    }

    private func transformInputs(
        _ images: UnsafePointer<Float>,
        _ block: Block,
        into inputs: UnsafeMutablePointer<Float>
    ) {
        var window = geometry.window
        for place in 0..<block.imageCount {
            ck_winograd_input(
                images + (block.firstImage + place) * geometry.inputCount,
                &window,
                winograd.tile,
                block.firstTile,
                block.tilesPerImage,
                inputPlane,
                inputs + place * block.tilesPerImage * geometry.channels
            )
        }
    }

    private func addInputGradients(
        _ inputs: UnsafePointer<Float>,
        _ block: Block,
        to images: UnsafeMutablePointer<Float>
    ) {
        var window = geometry.window
        for place in 0..<block.imageCount {
            ck_winograd_input_backward(
                inputs + place * block.tilesPerImage * geometry.channels,
                &window,
                winograd.tile,
                block.firstTile,
                block.tilesPerImage,
                inputPlane,
                images + (block.firstImage + place) * geometry.inputCount
            )
        }
    }

    private func transformOutputs(
        _ outputs: UnsafePointer<Float>,
        _ block: Block,
        into images: UnsafeMutablePointer<Float>
    ) {
        var window = geometry.window
        for place in 0..<block.imageCount {
            ck_winograd_output(
                outputs + place * block.tilesPerImage * geometry.filters,
                &window,
                geometry.filters,
                winograd.tile,
                block.firstTile,
                block.tilesPerImage,
                outputPlane,
                images + (block.firstImage + place) * geometry.outputCount
            )
        }
    }

    private func transformOutputGradients(
        _ images: UnsafePointer<Float>,
        _ block: Block,
        into outputs: UnsafeMutablePointer<Float>
    ) {
        var window = geometry.window
        for place in 0..<block.imageCount {
            ck_winograd_output_backward(
                images + (block.firstImage + place) * geometry.outputCount,
                &window,
                geometry.filters,
                winograd.tile,
                block.firstTile,
                block.tilesPerImage,
                outputPlane,
                outputs + place * block.tilesPerImage * geometry.filters
            )
        }
    }
}
