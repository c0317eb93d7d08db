/// While training, takes a part of each picture from a random place. In inference, takes the middle.
///
/// Shapes, without the batch axis: input `[height, width, channels]`, output `[height, width, channels]` with the height and the
/// width of the layer. In inference, and where a picture is smaller, the largest part is taken from its middle that has the output's
/// aspect ratio, and brought to the output's size by bilinear interpolation; masks are read at the nearest pixel. What random numbers
/// depend on is said at ``ImageTransform``: each picture has a place of its own, where Keras has one for a batch.
///
/// ```swift
/// RandomCrop(height: 28, width: 28)
/// ```
public struct RandomCrop: ImageTransform, Hashable {
    /// The first row and column of the part that is taken.
    public typealias Parameters = (top: Int, left: Int)

    /// `RandomCrop`.
    public static let kind = "RandomCrop"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The height of the output.
    public let height: Int
    /// The width of the output.
    public let width: Int
    public let seed: UInt64?

    /// A layer that crops pictures; names and order are Keras'.
    ///
    /// - Parameters:
    ///   - height: the height of the output, at least 1.
    ///   - width: the width of the output, at least 1.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(height: Int, width: Int, seed: UInt64? = nil, name: String? = nil) {
        self.height = height
        self.width = width
        self.seed = seed
        self.name = name
    }

    /// Yes: it takes the middle.
    public var actsInInference: Bool { true }

    /// - Throws: `ConvNetError` of kind `argument` if a size is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try requireSize(height, as: "height")
        try requireSize(width, as: "width")
        return [height, width, picture[2]]
    }

    /// A place at which the part lies within the picture; the corner of the picture if it is smaller.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Parameters {
        guard fits(picture) else { return (0, 0) }
        let top = random.integer(below: picture[0] - height + 1)
        return (top, random.integer(below: picture[1] - width + 1))
    }

    public func apply(_ corner: Parameters, to picture: PictureContext) {
        guard fits(picture.shape), let source = picture.source.baseAddress,
            let output = picture.output.baseAddress
        else { return takeMiddle(picture) }
        let channels = picture.channels, count = width * channels
        for row in 0..<height {
            let from = source + ((corner.top + row) * picture.width + corner.left) * channels
            (output + row * count).update(from: from, count: count)
        }
    }

    /// Takes a part from a random place while training, else the middle.
    public func transform(_ picture: PictureContext) {
        guard picture.isTraining else { return takeMiddle(picture) }
        var random = picture.random
        apply(draw(&random, for: picture.shape), to: picture)
    }

    private func fits(_ picture: Shape) -> Bool { picture[0] >= height && picture[1] >= width }

    /// Brings the largest part of the output's aspect ratio to the output's size.
    private func takeMiddle(_ picture: PictureContext) {
        let rows = picture.height, columns = picture.width
        let fittingRows = Int(min(Double(columns) * Double(height) / Double(width), Double(rows)))
        let fittingColumns = Int(min(Double(rows) * Double(width) / Double(height), Double(columns)))
        let takenRows = max(min(rows, fittingRows), 1), takenColumns = max(min(columns, fittingColumns), 1)
        Warp(interpolation: .bilinear, fillMode: .nearest, fillValue: 0).resize(
            picture,
            top: (rows - takenRows) / 2,
            left: (columns - takenColumns) / 2,
            height: takenRows,
            width: takenColumns
        )
    }
}
