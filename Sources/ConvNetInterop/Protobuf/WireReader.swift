/// Reads the fields of one protobuf message, in the order of the file. Long fields are passed over: they stay in the file until
/// someone reads them.
///
/// The format is that of protobuf's documentation ("Encoding"): a key, which is the field's number and its wire type, and then the
/// content. Fields of unknown numbers are the caller's to leave aside. A message within a message is read by a reader of its own.
package struct WireReader {
    /// Messages within messages, at most: more than any format needs, and less than a stack holds.
    static let depthLimit = 64
    /// The largest file that is read: protobuf's own limit.
    static let sizeLimit = 1 << 31
    /// Bytes that are read from the file at once.
    private static let windowSize = 1 << 16

    /// The file.
    let file: FileBytes
    /// What errors call the message: `ModelProto.graph`, say.
    let message: String
    private let depth: Int
    private var position: Int
    private let end: Int
    /// Bytes of the file, and where they begin in it.
    private var window: [UInt8] = [], windowStart = 0

    /// Reads the whole file as one message.
    package init(_ file: FileBytes, message: String) {
        self.file = file
        self.message = message
        depth = 0
        position = 0
        end = file.count
    }

    private init(_ outer: WireReader, _ range: Range<Int>, message: String) {
        file = outer.file
        self.message = message
        depth = outer.depth + 1
        position = range.lowerBound
        end = range.upperBound
        (window, windowStart) = (outer.window, outer.windowStart)
    }

    /// The next field; `nil` after the last one.
    ///
    /// - Throws: `ConvNetError` of kind `format` if the bytes are no field, or reach beyond the message; of kind `file` if they cannot
    ///   be read.
    mutating func next() throws -> WireField? {
        guard position < end else { return nil }
        let offset = position
        let key = try varint("key", at: offset)
        let number = key >> 3
        guard (1...536_870_911).contains(number) else {
            throw error("Not a field's number", offset, expected: "1...536870911", received: "\(number)")
        }
        let content: WireField.Content
        switch key & 7 {
        case 0:
            let start = position
            content = .varint(try varint("field \(number)", at: offset), start..<position)
        case 1: content = .fixed(try take(8, number, offset))
        case 2:
            let length = try varint("the length of field \(number)", at: offset)
            guard length <= UInt64(end - position) else {
                throw error(
                    "A field is longer than its message",
                    offset,
                    expected: "field \(number) of at most \(end - position) bytes",
                    received: "\(length)"
                )
            }
            content = .bytes(try take(Int(length), number, offset))
        case 5: content = .fixed(try take(4, number, offset))
        case let type:
            throw error("An unknown wire type", offset, expected: "0, 1, 2 or 5", received: "\(type)")
        }
        return WireField(number: Int(number), offset: offset, content: content)
    }

    /// A reader for the message that a field holds.
    ///
    /// - Throws: `ConvNetError` of kind `format` if the field holds something else, or messages are nested too deeply.
    func message(in field: WireField, _ name: String) throws -> WireReader {
        guard depth < Self.depthLimit else {
            throw error(
                "Messages are nested too deeply",
                field.offset,
                expected: "at most \(Self.depthLimit)"
            )
        }
        return WireReader(self, try bytes(field), message: name)
    }

    /// The bytes of a field of wire type 2.
    func bytes(_ field: WireField) throws -> Range<Int> {
        guard case .bytes(let range) = field.content else { throw mismatch(field, "bytes") }
        return range
    }

    /// The text of a field.
    ///
    /// - Throws: `ConvNetError` of kind `format` if it is no UTF-8.
    func text(_ field: WireField) throws -> String {
        let range = try bytes(field)
        guard let text = String(validating: try content(range), as: UTF8.self) else {
            throw error("A text is not UTF-8", field.offset, received: "field \(field.number)")
        }
        return text
    }

    /// The whole number of a field.
    func integer(_ field: WireField) throws -> Int64 {
        guard case .varint(let bits, _) = field.content else { throw mismatch(field, "a whole number") }
        return Int64(bitPattern: bits)
    }

    /// The number of a field of four bytes.
    func float(_ field: WireField) throws -> Float {
        guard case .fixed(let range) = field.content, range.count == 4 else {
            throw mismatch(field, "four bytes")
        }
        return try content(range).withUnsafeBytes {
            Float(bitPattern: UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)))
        }
    }

    /// The bytes of a range of the file.
    private func content(_ range: Range<Int>) throws -> ArraySlice<UInt8> {
        let known = windowStart..<(windowStart + window.count)
        if known.contains(range) {
            return window[(range.lowerBound - windowStart)..<(range.upperBound - windowStart)]
        }
        return try file.read(range)[...]
    }

    /// The byte at the position, which it leaves behind.
    private mutating func nextByte() throws -> UInt8 {
        var place = position - windowStart
        if !window.indices.contains(place) {
            window = try file.read(position..<min(position + Self.windowSize, file.count))
            (windowStart, place) = (position, 0)
        }
        position += 1
        return window[place]
    }

    /// The whole numbers of a repeated field: one of them, or packed ones.
    func integers(_ field: WireField) throws -> [Int64] {
        switch field.content {
        case .varint(let bits, _): return [Int64(bitPattern: bits)]
        case .bytes(let range):
            var inner = WireReader(self, range, message: message)
            var numbers: [Int64] = []
            while inner.position < inner.end {
                numbers.append(
                    Int64(bitPattern: try inner.varint("field \(field.number)", at: inner.position))
                )
            }
            return numbers
        case .fixed: throw mismatch(field, "whole numbers")
        }
    }

    /// The bytes of the numbers of a repeated field of `size` bytes each: one of them, or packed ones.
    func fixedBytes(_ field: WireField, size: Int) throws -> Range<Int> {
        let range = field.range
        if case .varint = field.content { throw mismatch(field, "numbers of \(size) bytes") }
        guard range.count.isMultiple(of: size) else {
            throw error(
                "Numbers are cut off",
                field.offset,
                expected: "a multiple of \(size) bytes in field \(field.number)",
                received: "\(range.count)"
            )
        }
        return range
    }

    /// An error of the message at hand.
    func error(_ summary: String, _ offset: Int, expected: String? = nil, received: String? = nil)
        -> ConvNetError
    {
        ConvNetError(
            .format,
            summary,
            at: "\(file.path), \(message), byte \(offset)",
            expected: expected,
            received: received
        )
    }

    private func mismatch(_ field: WireField, _ expected: String) -> ConvNetError {
        let received =
            switch field.content {
            case .varint: "a whole number"
            case .fixed(let range): "\(range.count) bytes of fixed size"
            case .bytes: "bytes"
            }
        return error(
            "A field holds something else",
            field.offset,
            expected: "\(expected) in field \(field.number)",
            received: received
        )
    }

    private mutating func take(_ count: Int, _ number: UInt64, _ offset: Int) throws -> Range<Int> {
        guard count <= end - position else {
            throw error(
                "A message ends within a field",
                offset,
                expected: "\(count) bytes in field \(number)",
                received: "\(end - position)"
            )
        }
        defer { position += count }
        return position..<(position + count)
    }

    /// A number in groups of seven bits, the lowest first; at most ten bytes.
    private mutating func varint(_ what: String, at offset: Int) throws -> UInt64 {
        var number: UInt64 = 0
        for index in 0..<10 {
            guard position < end else {
                throw error("A message ends within a number", offset, received: what)
            }
            let byte = try nextByte()
            // The tenth byte has room for one bit alone.
            if index == 9, byte > 1 { break }
            number |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 { return number }
        }
        throw error("A number is longer than 64 bits", offset, received: what)
    }
}
