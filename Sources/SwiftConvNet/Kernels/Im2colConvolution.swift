import CKernels

/// Convolution as a matrix product: the window's content at each output pixel becomes a row of a matrix, which
/// is multiplied with the kernel as it is stored. The matrix is made a block of rows at a time, so that it stays
/// in the second-level cache.
struct Im2colConvolution: Kernel {
    /// Bytes of a block: together with the tile's images and the weights it should fit a cache of 512 KiB.
    private static let blockBudget = 192 << 10
    /// Fewer rows are not worth OpenBLAS' packing of the weights, which it does anew for each product.
    private static let minimumRows = 128

    let geometry: ConvolutionGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let needsInputGradient: Bool
    let gemm: GEMMPath
    /// Rows of a block, if an image has more; else the images whose rows make a block.
    private let rowsPerBlock: Int, imagesPerBlock: Int

    init(
        _ geometry: ConvolutionGeometry, _ weights: ConvolutionWeights, _ activation: Epilogue, at site: Site
    ) {
        self.geometry = geometry
        self.weights = weights
        self.activation = activation
        needsInputGradient = site.needsInputGradient.first ?? false
        gemm = site.options.gemmPath
        let wanted = max(Self.minimumRows, Self.blockBudget / (4 * geometry.patchCount))
        let pixels = geometry.outputPixels
        rowsPerBlock = min(pixels, wanted)
        imagesPerBlock = pixels >= wanted ? 1 : min(max(1, wanted / pixels), site.batch)
    }

    var path: String { geometry.isPointwise ? "1×1, \(gemm)" : "im2col, \(gemm)" }
    var scratch: Int {
        let block = AlignedBuffer.rounded(4 * rowsPerBlock * imagesPerBlock * geometry.patchCount)
        return geometry.isPointwise ? 0 : block
    }
    var backwardReads: BackwardReads { activation.isLinear ? .inputs : [.inputs, .output] }

    var prepared: Int { weights.prepared }

    func prepare() -> [Stage] { weights.prepare() }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let columns = context.scratch.assumingMemoryBound(to: Float.self)
                let kernel = weights.kernel(context), bias = weights.bias(context)
                forEachBlock(context.count) { block in
                    let output = context.output + block.firstPixel * geometry.filters
                    for group in 0..<geometry.groups {
                        let patches = patches(context.input(), block, group, columns)
                        gemm.multiply(
                            m: block.rows,
                            n: geometry.groupFilters,
                            k: geometry.patchCount,
                            a: patches,
                            lda: geometry.patchCount,
                            b: kernel + group * geometry.groupFilters,
                            ldb: geometry.filters,
                            c: output + group * geometry.groupFilters,
                            ldc: geometry.filters
                        )
                    }
                    activation.apply(output, bias: bias, rows: block.rows, channels: geometry.filters)
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let columns = context.scratch.assumingMemoryBound(to: Float.self)
                let gradient = context.outputGradient
                let pixels = context.count * geometry.outputPixels
                activation.backward(context.output, gradient, count: pixels * geometry.filters)
                if weights.hasBias {
                    ck_column_sums(gradient, pixels, geometry.filters, context.parameterGradient(1), 1)
                }
                if needsInputGradient, !geometry.isPointwise {
                    context.inputGradient().update(repeating: 0, count: context.count * geometry.inputCount)
                }
                forEachBlock(context.count) { block in
                    let blockGradient = gradient + block.firstPixel * geometry.filters
                    for group in 0..<geometry.groups {
                        let filters = group * geometry.groupFilters
                        let patches = patches(context.input(), block, group, columns)
                        gemm.multiply(
                            m: geometry.patchCount,
                            n: geometry.groupFilters,
                            k: block.rows,
                            a: patches,
                            lda: geometry.patchCount,
                            transposeA: true,
                            b: blockGradient + filters,
                            ldb: geometry.filters,
                            c: context.parameterGradient(0) + filters,
                            ldc: geometry.filters,
                            beta: 1
                        )
                        guard needsInputGradient else { continue }
                        let target =
                            geometry.isPointwise
                            ? context.inputGradient() + block.firstPixel * geometry.channels : columns
                        gemm.multiply(
                            m: block.rows,
                            n: geometry.patchCount,
                            k: geometry.groupFilters,
                            a: blockGradient + filters,
                            lda: geometry.filters,
                            b: context.parameter(0) + filters,
                            ldb: geometry.filters,
                            transposeB: true,
                            c: target,
                            ldc: geometry.patchCount
                        )
                        if !geometry.isPointwise {
                            addBack(columns, block, group, to: context.inputGradient())
                        }
                    }
                }
            }
        ]
    }

    /// Some rows of the im2col matrix of a tile: of one image or of several whole ones.
    private struct Block {
        let firstImage: Int, imageCount: Int
        let firstRow: Int, rowsPerImage: Int
        /// The place of the first row among the tile's output pixels.
        let firstPixel: Int
        var rows: Int { imageCount * rowsPerImage }
    }

    private func forEachBlock(_ images: Int, _ body: (Block) -> Void) {
        let pixels = geometry.outputPixels
        var image = 0
        while image < images {
            let count = min(imagesPerBlock, images - image)
            var row = 0
            while row < pixels {
                let rows = min(rowsPerBlock, pixels - row)
                body(
                    Block(
                        firstImage: image,
                        imageCount: count,
                        firstRow: row,
                        rowsPerImage: rows,
                        firstPixel: image * pixels + row
                    )
                )
                row += rows
            }
            image += count
        }
    }

    /// The im2col rows of a block, for one group.
    private func patches(
        _ images: UnsafePointer<Float>,
        _ block: Block,
        _ group: Int,
        _ columns: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        if geometry.isPointwise { return images + block.firstPixel * geometry.channels }
        var window = geometry.window
        for place in 0..<block.imageCount {
            ck_im2col(
                images + (block.firstImage + place) * geometry.inputCount + group * geometry.groupChannels,
                &window,
                block.firstRow,
                block.rowsPerImage,
                columns + place * block.rowsPerImage * geometry.patchCount
            )
        }
        return UnsafePointer(columns)
    }

    private func addBack(
        _ columns: UnsafePointer<Float>,
        _ block: Block,
        _ group: Int,
        to images: UnsafeMutablePointer<Float>
    ) {
        var window = geometry.window
        for place in 0..<block.imageCount {
            ck_col2im(
                columns + place * block.rowsPerImage * geometry.patchCount,
                &window,
                block.firstRow,
                block.rowsPerImage,
                images + (block.firstImage + place) * geometry.inputCount + group * geometry.groupChannels
            )
        }
    }
}
