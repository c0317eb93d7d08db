/// Makes the values of each part of a picture about equally frequent, but no slope of the map steeper than a limit: CLAHE. It does so in
/// inference, too.
///
/// A picture is cut into tiles, each with a histogram of 256 bins; between the middles of tiles their maps are interpolated. Input and
/// output, without the batch axis: `[height, width, channels]`. Masks stay as they are.
///
/// Source: Zuiderveld, Contrast limited adaptive histogram equalization, 1994; the numbers are Keras'.
///
/// ```swift
/// ContrastLimitedAdaptiveHistogramEqualization(valueRange: 0...1)
/// ```
public struct ContrastLimitedAdaptiveHistogramEqualization: ImageTransform, Hashable {
    /// `ContrastLimitedAdaptiveHistogramEqualization`.
    public static let kind = "ContrastLimitedAdaptiveHistogramEqualization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    /// By how much a bin may be above the mean of all.
    public let clipLimit: Float
    /// The number of tiles along each axis.
    public let tileGridSize: Size2D

    /// A layer that equalizes parts of pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - clipLimit: how many times the mean of all bins a bin may hold; what is more is shared by all. 0 and less: no
    ///     limit. Default 4.
    ///   - tileGridSize: the number of tiles along each axis, in 1...1024. Default 8 by 8.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        valueRange: ClosedRange<Float> = 0...255,
        clipLimit: Float = 4,
        tileGridSize: Size2D = 8,
        name: String? = nil
    ) {
        self.valueRange = valueRange
        self.clipLimit = clipLimit
        self.tileGridSize = tileGridSize
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try requireValueRange(valueRange)
        try requireFinite(clipLimit, as: "clipLimit")
        guard [tileGridSize.height, tileGridSize.width].allSatisfy((1...1024).contains) else {
            throw ConvNetError(
                .argument,
                "A picture has at least one tile each way",
                at: "tileGridSize",
                expected: "1...1024 each way",
                received: "\(tileGridSize)"
            )
        }
        return picture
    }

    /// Yes.
    public var actsInInference: Bool { true }

    /// A map of 256 values for each tile of a channel.
    public func scratchCount(for picture: Shape) -> Int { tileGridSize.height * tileGridSize.width * 256 }

    /// Nothing is random.
    public func draw(_ random: inout RandomStream, for picture: Shape) {}

    public func apply(_ parameters: Void, to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        let rows = Tiles(picture.height, tileGridSize.height),
            columns = Tiles(picture.width, tileGridSize.width)
        for channel in 0..<picture.channels {
            for row in 0..<rows.count {
                for column in 0..<columns.count {
                    let map = picture.scratch + (row * columns.count + column) * 256
                    fill(map, of: channel, rows.range(row), columns.range(column), in: picture, rows, columns)
                }
            }
            for y in 0..<picture.height {
                let (top, bottom, down) = rows.neighbours(of: y)
                for x in 0..<picture.width {
                    let (left, right, across) = columns.neighbours(of: x)
                    let place = (y * picture.width + x) * picture.channels + channel
                    let byte = level(picture.source[place])
                    func value(_ row: Int, _ column: Int) -> Float {
                        picture.scratch[(row * columns.count + column) * 256 + byte]
                    }
                    let above = value(top, left) * (1 - across) + value(top, right) * across
                    let below = value(bottom, left) * (1 - across) + value(bottom, right) * across
                    let result = above * (1 - down) + below * down
                    picture.output[place] = result / 255 * valueRange.width + valueRange.lowerBound
                }
            }
        }
    }

    /// Makes the map of a tile: its limited histogram, added up.
    private func fill(
        _ map: UnsafeMutablePointer<Float>,
        of channel: Int,
        _ ys: Range<Int>,
        _ xs: Range<Int>,
        in picture: PictureContext,
        _ rows: Tiles,
        _ columns: Tiles
    ) {
        map.update(repeating: 0, count: 256)
        for y in ys {
            for x in xs {
                let place =
                    (rows.mirrored(y) * picture.width + columns.mirrored(x)) * picture.channels + channel
                map[level(picture.source[place])] += 1
            }
        }
        let pixels = Float(ys.count * xs.count)
        if clipLimit > 0 {
            let limit = clipLimit * pixels / 256
            var excess: Float = 0
            for bin in 0..<256 {
                excess += max(map[bin] - limit, 0)
                map[bin] = min(map[bin], limit)
            }
            for bin in 0..<256 { map[bin] += excess / 256 }
        }
        for bin in 1..<256 { map[bin] += map[bin - 1] }
        let least = map[0], rest = pixels - least
        for bin in 0..<256 {
            map[bin] = min(max((map[bin] - least) * 255 / (rest == 0 ? 1 : rest), 0), 255)
        }
    }

    /// The bin of a value.
    private func level(_ value: Float) -> Int {
        bin(of: (value - valueRange.lowerBound) / valueRange.width * 255, among: 256)
    }

    /// The tiles along an axis, which may go beyond the picture's edge: it is mirrored there.
    private struct Tiles {
        let count: Int
        let size: Int
        private let pixels: Int

        init(_ pixels: Int, _ count: Int) {
            self.pixels = pixels
            self.count = count
            size = (pixels + count - 1) / count
        }

        func range(_ tile: Int) -> Range<Int> { (tile * size)..<((tile + 1) * size) }

        /// The pixel that stands for one, maybe beyond the edge.
        func mirrored(_ place: Int) -> Int {
            let rest = place % (2 * pixels)
            return rest < pixels ? rest : 2 * pixels - 1 - rest
        }

        /// The tiles whose middles are around a pixel, and the weight of the second.
        func neighbours(of place: Int) -> (Int, Int, Float) {
            let x = (Float(place) - Float(size) / 2) / Float(size) + 1
            let first = Int(x.rounded(.down))
            return (clamped(first - 1), clamped(first), x - Float(first))
        }

        private func clamped(_ tile: Int) -> Int { min(max(tile, 0), count - 1) }
    }
}
