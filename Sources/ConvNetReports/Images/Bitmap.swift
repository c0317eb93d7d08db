import SwiftConvNet

/// A small raster image, grey or in colour, eight bits per value: what the pictures of reports show.
public struct Bitmap: Sendable, Hashable {
    /// The number of pixels in a row.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// 1 for grey, 3 for red, green and blue.
    public let channels: Int
    /// The values, row by row from the top, the channels of a pixel side by side; 0 is black.
    public let bytes: [UInt8]

    /// The largest side of an image.
    public static let largestSide = 4096

    /// An image from its bytes.
    ///
    /// - Parameters:
    ///   - bytes: the values, row by row from the top, the channels of a pixel side by side.
    ///   - width: the pixels of a row.
    ///   - height: the rows.
    ///   - channels: 1 for grey, 3 for red, green and blue.
    /// - Throws: `ConvNetError` of kind `shape` if the sizes are not in 1...4096, the channels are neither 1
    ///   nor 3, or the bytes do not fill the image.
    public init(_ bytes: [UInt8], width: Int, height: Int, channels: Int = 1) throws {
        try Self.check(count: bytes.count, width: width, height: height, channels: channels)
        self.init(checked: bytes, width: width, height: height, channels: channels)
    }

    /// An image from values in 0...1; values beyond are cut off, and NaN is black.
    ///
    /// - Throws: as the initializer from bytes.
    public init(unitValues: [Float], width: Int, height: Int, channels: Int = 1) throws {
        try Self.check(count: unitValues.count, width: width, height: height, channels: channels)
        // In this order, `max` turns NaN into 0.
        let bytes = unitValues.map { UInt8((min(max(0, $0.isNaN ? 0 : $0), 1) * 255).rounded()) }
        self.init(checked: bytes, width: width, height: height, channels: channels)
    }

    /// An image from a tensor `[height, width]` or `[height, width, channels]` of values in 0...1; values
    /// beyond are cut off, and NaN is black.
    ///
    /// - Throws: `ConvNetError` of kind `shape` for any other shape.
    public init(_ tensor: Tensor) throws {
        let (height, width, channels) = try Self.sides(of: tensor.shape)
        try self.init(unitValues: tensor.elements, width: width, height: height, channels: channels)
    }

    /// The images of a tensor `[image, height, width]` or `[image, height, width, channels]`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` for any other shape.
    public static func images(_ tensor: Tensor) throws -> [Bitmap] {
        let (height, width, channels) = try sides(of: Shape(Array(tensor.shape.dropFirst())))
        let size = height * width * channels
        let elements = tensor.elements
        return try stride(from: 0, to: elements.count, by: max(size, 1)).map {
            try Bitmap(
                unitValues: Array(elements[$0..<($0 + size)]),
                width: width,
                height: height,
                channels: channels
            )
        }
    }

    /// The images at the given places of samples `[image, height, width]` or `[image, height, width,
    /// channels]`, their bytes as they are stored.
    ///
    /// - Throws: `ConvNetError` of kind `shape` for any other shape, of kind `argument` for a place that is
    ///   not there.
    public static func images(_ samples: ByteTensor, at places: some Sequence<Int>) throws -> [Bitmap] {
        let (height, width, channels) = try sides(of: Shape(Array(samples.shape.dropFirst())))
        let size = height * width * channels
        return try places.map { place in
            guard (0..<samples.shape[0]).contains(place) else {
                throw ConvNetError(
                    .argument,
                    "There is no such sample",
                    at: "Bitmap.images",
                    expected: "a place in 0..<\(samples.shape[0])",
                    received: "\(place)"
                )
            }
            let bytes = Array(samples.bytes[(place * size)..<((place + 1) * size)])
            return try Bitmap(bytes, width: width, height: height, channels: channels)
        }
    }

    /// An image from bytes that fill it, by who has made them so.
    package init(filled bytes: [UInt8], width: Int, height: Int, channels: Int) {
        self.init(checked: bytes, width: width, height: height, channels: channels)
    }

    private init(checked bytes: [UInt8], width: Int, height: Int, channels: Int) {
        self.bytes = bytes
        self.width = width
        self.height = height
        self.channels = channels
    }

    private static func sides(of shape: Shape) throws -> (height: Int, width: Int, channels: Int) {
        guard shape.rank == 2 || shape.rank == 3 else {
            throw ConvNetError(
                .shape,
                "Not the shape of an image",
                at: "Bitmap",
                expected: "height, width and perhaps channels",
                received: "\(shape)"
            )
        }
        return (shape[0], shape[1], shape.rank == 3 ? shape[2] : 1)
    }

    private static func check(count: Int, width: Int, height: Int, channels: Int) throws {
        guard (1...largestSide).contains(width), (1...largestSide).contains(height),
            [1, 3].contains(channels)
        else {
            throw ConvNetError(
                .shape,
                "An image cannot have this size",
                at: "Bitmap",
                expected: "sides of 1...\(largestSide) and 1 or 3 channels",
                received: "\(height) rows, \(width) columns, \(channels) channels"
            )
        }
        guard count == width * height * channels else {
            throw ConvNetError(
                .shape,
                "The values do not fill the image",
                at: "Bitmap",
                expected: "\(height) * \(width) * \(channels) = \(width * height * channels) values",
                received: "\(count)"
            )
        }
    }
}

extension Bitmap {
    /// The brightness of a pixel, 0...1: the value itself for grey, the luma of ITU-R BT.601 for colour.
    package func brightness(x: Int, y: Int) -> Double {
        let place = (y * width + x) * channels
        guard channels == 3 else { return Double(bytes[place]) / 255 }
        let (r, g, b) = (Double(bytes[place]), Double(bytes[place + 1]), Double(bytes[place + 2]))
        return (0.299 * r + 0.587 * g + 0.114 * b) / 255
    }

    /// The image at another size, each new pixel the mean of the area that it covers.
    package func resized(width newWidth: Int, height newHeight: Int) -> Bitmap {
        let (newWidth, newHeight) = (max(newWidth, 1), max(newHeight, 1))
        if newWidth == width, newHeight == height { return self }
        let columns = Self.weights(from: width, to: newWidth)
        let rows = Self.weights(from: height, to: newHeight)
        var result: [UInt8] = []
        result.reserveCapacity(newWidth * newHeight * channels)
        for row in rows {
            for column in columns {
                for channel in 0..<channels {
                    var sum = 0.0
                    for (y, rowWeight) in row {
                        for (x, columnWeight) in column {
                            sum +=
                                rowWeight * columnWeight * Double(bytes[(y * width + x) * channels + channel])
                        }
                    }
                    result.append(UInt8(min(max(sum.rounded(), 0), 255)))
                }
            }
        }
        return Bitmap(checked: result, width: newWidth, height: newHeight, channels: channels)
    }

    /// For each new place the old places that it covers, with their shares.
    private static func weights(from old: Int, to new: Int) -> [[(Int, Double)]] {
        let ratio = Double(old) / Double(new)
        return (0..<new).map { place in
            let (start, end) = (Double(place) * ratio, Double(place + 1) * ratio)
            return (Int(start)..<max(min(Int(end.rounded(.up)), old), Int(start) + 1)).compactMap { source in
                let covered = min(end, Double(source + 1)) - max(start, Double(source))
                return covered > 1e-9 ? (source, covered / ratio) : nil
            }
        }
    }
}
