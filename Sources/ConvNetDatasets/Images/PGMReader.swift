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
        var reader = PGMReader(content: content, name: name)
        let isPlain = try reader.readMagic()
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
        let levels =
            isPlain
            ? try reader.readPlainLevels(width * height, maximum: maximum)
            : try reader.readBinaryLevels(width * height, maximum: maximum)
        self.width = width
        self.height = height
        pixels = levels.map { Float($0) / Float(maximum) }
    }
}

/// Reads the parts of a PGM file in their order.
private struct PGMReader {
    let content: [UInt8]
    let name: String
    private var position = 0

    init(content: [UInt8], name: String) {
        self.content = content
        self.name = name
    }

    func error(
        _ summary: String,
        at place: Int? = nil,
        expected: String? = nil,
        received: String? = nil,
        remedy: String? = nil
    ) -> ConvNetError {
        ConvNetError(
            .format,
            summary,
            at: "\(name), byte \(place ?? position)",
            expected: expected,
            received: received,
            remedy: remedy
        )
    }

    /// Reads the first two bytes: whether the image is plain, numbers in text.
    mutating func readMagic() throws -> Bool {
        defer { position = 2 }
        if content.starts(with: Array("P2".utf8)) { return true }
        if content.starts(with: Array("P5".utf8)) { return false }
        let expected = "P2 or P5 as its first two bytes"
        throw FileKind.mismatch(.pgm, content, at: name, expected: expected)
            ?? error("The file is not a PGM image", at: 0, expected: expected, received: "something else")
    }

    /// Skips white space, and comments from `#` to the end of the line.
    private mutating func skipSpace() {
        while position < content.count {
            if content[position] == UInt8(ascii: "#") {
                skipComment()
            } else if Self.isSpace(content[position]) {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func skipComment() {
        while position < content.count, content[position] != 10, content[position] != 13 { position += 1 }
    }

    /// Reads a decimal number with white space before it.
    mutating func readNumber(_ role: String, in range: ClosedRange<Int>) throws -> Int {
        let before = position
        skipSpace()
        let start = position
        var value = 0
        while position < content.count, case let digit = Int(content[position]) - 48, (0...9).contains(digit)
        {
            value = min(value * 10 + digit, Int(UInt32.max))
            position += 1
        }
        let isApart = start > before && (position == content.count || Self.isSeparator(content[position]))
        guard position > start, isApart, range.contains(value) else {
            throw error(
                "Cannot read \(role)",
                at: start,
                expected: "a number in \(range)",
                received: start == content.count ? "the end of the file" : text(from: start)
            )
        }
        return value
    }

    /// Reads grey levels that stand as text.
    mutating func readPlainLevels(_ count: Int, maximum: Int) throws -> [UInt16] {
        // Each takes two bytes at least, a digit and a space.
        guard count <= (content.count - position) / 2 + 1 else {
            throw endsEarly(count, received: "\(content.count - position) bytes")
        }
        var levels: [UInt16] = []
        levels.reserveCapacity(count)
        while levels.count < count {
            levels.append(UInt16(try readNumber("grey level \(levels.count)", in: 0...maximum)))
        }
        skipSpace()
        try expectEnd()
        return levels
    }

    /// Reads grey levels of one byte each, or of two, the high one first, if one is not enough.
    mutating func readBinaryLevels(_ count: Int, maximum: Int) throws -> [UInt16] {
        // One white space ends the header; a comment there ends with its line.
        if position < content.count, content[position] == UInt8(ascii: "#") { skipComment() }
        position += 1
        let size = maximum < 256 ? 1 : 2
        let available = max(content.count - position, 0) / size
        guard count <= available else { throw endsEarly(count, received: "\(available)") }
        let start = position
        let levels: [UInt16] = (0..<count).map { place in
            size == 1
                ? UInt16(content[start + place])
                : UInt16(content[start + 2 * place]) << 8 | UInt16(content[start + 2 * place + 1])
        }
        if let odd = levels.firstIndex(where: { $0 > maximum }) {
            throw error(
                "Grey level \(odd) is out of range",
                at: start + size * odd,
                expected: "0...\(maximum)",
                received: "\(levels[odd])"
            )
        }
        position = start + size * count
        while position < content.count, Self.isSpace(content[position]) { position += 1 }
        try expectEnd()
        return levels
    }

    private func expectEnd() throws {
        guard position == content.count else {
            throw error(
                "Something follows the image",
                expected: "the end of the file",
                received: "\(content.count - position) bytes more"
            )
        }
    }

    private func endsEarly(_ count: Int, received: String) -> ConvNetError {
        error(
            "The image ends early",
            at: content.count,
            expected: "\(count) grey levels",
            received: received
        )
    }

    /// The next few characters, for an error.
    private func text(from start: Int) -> String {
        let shown = content[start...].prefix(12).map {
            (33..<127).contains($0) ? Character(UnicodeScalar($0)) : " "
        }
        let word = String(shown).split(separator: " ").first.map(String.init)
        return word.map { "\"\($0)\"" } ?? "the byte \(content[start])"
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { isSpace(byte) || byte == UInt8(ascii: "#") }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
