/// Reads the parts of a Netpbm file, of black and white (PBM), grey levels (PGM) or colours (PPM), in their order: the first two
/// bytes, the sizes, the largest level, the levels (https://netpbm.sourceforge.net/doc/#formats).
package struct NetpbmParser {
    /// What the first two bytes of a file say.
    package struct Form: Sendable, Hashable {
        /// Numbers in text, or else bytes.
        package let isPlain: Bool
        /// One bit for each pixel: 1 is black.
        package let isBits: Bool
        /// 1, or 3 for red, green and blue.
        package let channels: Int

        /// Grey levels.
        package var isGray: Bool { !isBits && channels == 1 }
    }

    /// The content of the file.
    package let content: [UInt8]
    /// What errors call it.
    package let name: String
    private var position = 0

    package init(_ content: [UInt8], name: String) {
        self.content = content
        self.name = name
    }

    /// An error of kind `format`, at a byte of the file.
    package func error(
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

    /// Reads the first two bytes; `nil` if they are those of no Netpbm file.
    package mutating func readMagic() -> Form? {
        guard content.count >= 2, content[0] == UInt8(ascii: "P"), (49...54).contains(content[1]) else {
            return nil
        }
        position = 2
        let number = Int(content[1]) - 48
        return Form(
            isPlain: number <= 3,
            isBits: number == 1 || number == 4,
            channels: number % 3 == 0 ? 3 : 1
        )
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
    package mutating func readNumber(_ role: String, in range: ClosedRange<Int>) throws -> Int {
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

    /// Reads `count` levels in `0...maximum`, and checks that nothing follows.
    ///
    /// - Throws: `ConvNetError` of kind `format`; of kind `environment` if there is not enough memory.
    package mutating func readLevels(_ count: Int, maximum: Int, isPlain: Bool) throws -> [UInt16] {
        isPlain
            ? try readPlainLevels(count, maximum: maximum) : try readBinaryLevels(count, maximum: maximum)
    }

    /// Reads `height` rows of `width` bits, and checks that nothing follows.
    ///
    /// - Throws: `ConvNetError` of kind `format`; of kind `environment` if there is not enough memory.
    package mutating func readBits(width: Int, height: Int, isPlain: Bool) throws -> [UInt8] {
        isPlain ? try readPlainBits(width * height) : try readBinaryBits(width: width, height: height)
    }

    /// Reads bits that stand as text, with or without space between them.
    private mutating func readPlainBits(_ count: Int) throws -> [UInt8] {
        guard count <= content.count - position else {
            throw endsEarly(count, received: "\(content.count - position) bytes")
        }
        try MemoryCheck.require(count, for: name)
        var bits: [UInt8] = []
        bits.reserveCapacity(count)
        while bits.count < count {
            skipSpace()
            guard position < content.count, case let bit = content[position] &- 48, bit <= 1 else {
                throw error(
                    "Cannot read pixel \(bits.count)",
                    expected: "0 or 1",
                    received: position == content.count ? "the end of the file" : text(from: position)
                )
            }
            bits.append(bit)
            position += 1
        }
        skipSpace()
        try expectEnd()
        return bits
    }

    /// Reads bits of which eight are in a byte, the highest first; each row begins with a new byte.
    private mutating func readBinaryBits(width: Int, height: Int) throws -> [UInt8] {
        endHeader()
        let size = (width + 7) / 8
        let available = max(content.count - position, 0) / size
        guard height <= available else {
            throw endsEarly(width * height, received: "\(available) rows")
        }
        try MemoryCheck.require(width * height, for: name)
        let start = position
        var bits: [UInt8] = []
        bits.reserveCapacity(width * height)
        for row in 0..<height {
            for x in 0..<width { bits.append(content[start + row * size + x / 8] >> UInt8(7 - x % 8) & 1) }
        }
        position = start + size * height
        while position < content.count, Self.isSpace(content[position]) { position += 1 }
        try expectEnd()
        return bits
    }

    /// Reads grey levels that stand as text.
    private mutating func readPlainLevels(_ count: Int, maximum: Int) throws -> [UInt16] {
        // Each takes two bytes at least, a digit and a space.
        guard count <= (content.count - position) / 2 + 1 else {
            throw endsEarly(count, received: "\(content.count - position) bytes")
        }
        try MemoryCheck.require(count * MemoryLayout<UInt16>.stride, for: name)
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
    private mutating func readBinaryLevels(_ count: Int, maximum: Int) throws -> [UInt16] {
        endHeader()
        let size = maximum < 256 ? 1 : 2
        let available = max(content.count - position, 0) / size
        guard count <= available else { throw endsEarly(count, received: "\(available)") }
        try MemoryCheck.require(count * MemoryLayout<UInt16>.stride, for: name)
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

    /// One white space ends the header; a comment there ends with its line.
    private mutating func endHeader() {
        if position < content.count, content[position] == UInt8(ascii: "#") { skipComment() }
        position += 1
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
