import SwiftConvNet

extension GrayImage {
    /// The largest file that is read, in bytes: the largest image in the most wasteful form.
    private static let fileLimit = 8 * largestPixelCount

    /// Reads a PGM file, plain (P2) or binary (P5), with one or two bytes per pixel.
    ///
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read; of kind `format`, with file and
    ///   byte, if it is not exactly one PGM image, or a larger one than `largestSide` and
    ///   `largestPixelCount` allow.
    public init(contentsOfPGM path: String) throws {
        try self.init(decodingPGM: FileContents.read(path, limit: Self.fileLimit), name: path)
    }

    /// Decodes the content of a PGM file (https://netpbm.sourceforge.net/doc/pgm.html).
    ///
    /// What is allocated is at most a small multiple of the content, whatever its header says.
    ///
    /// - Parameters:
    ///   - content: the content of the file.
    ///   - name: what errors call the file.
    /// - Throws: as `init(contentsOfPGM:)`.
    public init(decodingPGM content: [UInt8], name: String) throws {
        var reader = NetpbmParser(content, name: name)
        let isPlain = try Self.readMagic(&reader)
        let width = try reader.readNumber("the width", in: 1...Self.largestSide)
        let height = try reader.readNumber("the height", in: 1...Self.largestSide)
        guard width * height <= Self.largestPixelCount else {
            throw reader.error(
                "The image is too large",
                expected: Self.sizeLimit,
                received: "\(width) by \(height)"
            )
        }
        let maximum = try reader.readNumber("the largest grey level", in: 1...65_535)
        let levels = try reader.readLevels(width * height, maximum: maximum, isPlain: isPlain)
        try MemoryCheck.require(levels.count * MemoryLayout<Float>.stride, for: name)
        self.width = width
        self.height = height
        pixels = levels.map { Float($0) / Float(maximum) }
    }

    /// Reads the first two bytes: whether the image is plain, numbers in text.
    private static func readMagic(_ reader: inout NetpbmParser) throws -> Bool {
        if let form = reader.readMagic(), form.isGray { return form.isPlain }
        let expected = "P2 or P5 as its first two bytes"
        throw FileKind.mismatch(.pgm, reader.content, at: reader.name, expected: expected)
            ?? reader.error(
                "The file is not a PGM image",
                at: 0,
                expected: expected,
                received: "something else"
            )
    }
}
