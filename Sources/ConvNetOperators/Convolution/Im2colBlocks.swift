import CKernels

/// The im2col matrix of a tile of images, a block of rows at a time, so that a block stays in the second-level cache.
///
/// A row is an output pixel, a column an element under the window. Where the image is its own matrix
/// (`WindowGeometry.isPointwise`) nothing is copied.
struct Im2colBlocks: Sendable {
    /// Bytes of a block: together with the tile's images and the weights it should fit a cache of 512 KiB.
    private static let blockBudget = 192 << 10
    /// Fewer rows are not worth OpenBLAS' packing of the weights, which it does anew for each product.
    private static let minimumRows = 128
    /// Fewer rows of an image are not worth it either, where they would be those of one worker of several.
    private static let minimumRowsOfPart = 64

    let geometry: WindowGeometry
    /// Rows of a block, if an image has more; else the images whose rows make a block.
    private let rowsPerBlock: Int, imagesPerBlock: Int

    init(_ geometry: WindowGeometry, batch: Int) {
        self.geometry = geometry
        let wanted = max(Self.minimumRows, Self.blockBudget / (4 * geometry.patchCount))
        let pixels = geometry.outputPixels
        rowsPerBlock = min(pixels, wanted)
        imagesPerBlock = pixels >= wanted ? 1 : min(max(1, wanted / pixels), batch)
    }

    /// How the rows of an image are shared out in a small batch.
    func parts(batch: Int) -> SampleParts {
        let rows = geometry.outputPixels
        return SampleParts(
            batch: batch,
            units: rows,
            elements: rows * max(geometry.patchCount, geometry.filters),
            most: rows / Self.minimumRowsOfPart
        )
    }

    /// Bytes of memory for the columns of a block.
    var scratch: Int {
        let block = AlignedBuffer.rounded(4 * rowsPerBlock * imagesPerBlock * geometry.patchCount)
        return geometry.isPointwise ? 0 : block
    }

    /// Some rows of the im2col matrix of a tile: of one image or of several whole ones.
    struct Block {
        let firstImage: Int, imageCount: Int
        let firstRow: Int, rowsPerImage: Int
        /// The place of the first row among the tile's output pixels.
        let firstPixel: Int
        var rows: Int { imageCount * rowsPerImage }
    }

    /// Calls `body` for the blocks of a tile of `images`, in order.
    func forEach(_ images: Int, _ body: (Block) -> Void) {
        forEach(0..<images, rows: 0..<geometry.outputPixels, body)
    }

    /// Calls `body` for the blocks of some rows of some images of a tile, in order.
    ///
    /// - Precondition: the rows are all, or there is one image.
    func forEach(_ images: Range<Int>, rows range: Range<Int>, _ body: (Block) -> Void) {
        let pixels = geometry.outputPixels
        var image = images.lowerBound
        while image < images.upperBound {
            let count = min(imagesPerBlock, images.upperBound - image)
            var row = range.lowerBound
            while row < range.upperBound {
                let rows = min(rowsPerBlock, range.upperBound - row)
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

    /// The rows of a block, for one group; made in `columns`, unless the image has them.
    func patches(
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

    /// Sets a tile of images to zero, where `addTransposed` will add to it.
    func clearImages(_ images: UnsafeMutablePointer<Float>, _ count: Int) {
        if !geometry.isPartition { images.update(repeating: 0, count: count * geometry.inputCount) }
    }

    /// Adds what the output pixels of a block, in one group, contribute to the images through the transposed kernel: the
    /// gradient of a convolution's images, or what a transposed convolution makes.
    ///
    /// - Parameters:
    ///   - outputs: what stands at the output pixels of the tile, `[pixels, filters]`.
    ///   - kernel: the weights, `[window, channels / groups, filters]`.
    ///   - columns: memory for the block's columns.
    func addTransposed(
        of block: Block,
        _ group: Int,
        _ outputs: UnsafePointer<Float>,
        _ kernel: UnsafePointer<Float>,
        _ columns: UnsafeMutablePointer<Float>,
        to images: UnsafeMutablePointer<Float>,
        _ gemm: GEMMPath
    ) {
        let filters = group * geometry.groupFilters
        gemm.multiplyInEngine(
            m: block.rows,
            n: geometry.patchCount,
            k: geometry.groupFilters,
            a: outputs + block.firstPixel * geometry.filters + filters,
            lda: geometry.filters,
            b: kernel + filters,
            ldb: geometry.filters,
            transposeB: true,
            c: geometry.isPointwise ? images + block.firstPixel * geometry.channels : columns,
            ldc: geometry.patchCount
        )
        if geometry.isPointwise { return }
        var window = geometry.window
        for place in 0..<block.imageCount {
            ck_col2im(
                columns + place * block.rowsPerImage * geometry.patchCount,
                &window,
                block.firstRow,
                block.rowsPerImage,
                geometry.isPartition ? 0 : 1,
                images + (block.firstImage + place) * geometry.inputCount + group * geometry.groupChannels
            )
        }
    }
}
