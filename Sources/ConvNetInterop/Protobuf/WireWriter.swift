import SwiftConvNet

/// Writes the fields of one protobuf message, in the order of the calls.
///
/// The format is that of protobuf's documentation ("Encoding"). Contents of some size are kept as they are, and shared with whoever
/// made them, so that a message within a message copies no weights.
package struct WireWriter {
    /// Bytes from which on a content is a piece of its own.
    private static let pieceSize = 4096

    /// What is written so far but for the last bytes.
    private var pieces: [[UInt8]] = []
    private var rest: [UInt8] = []
    /// Bytes so far.
    package private(set) var count = 0

    package init() {}

    /// All bytes.
    package var bytes: [UInt8] { pieces.flatMap { $0 } + rest }

    /// Writes all bytes to a file.
    ///
    /// - Throws: `ConvNetError` of kind `file` if they cannot be written.
    func write(to file: FileWriter) throws {
        for piece in pieces { try file.write(piece) }
        try file.write(rest)
    }

    /// A number in groups of seven bits, the lowest first.
    package mutating func varint(_ number: UInt64) {
        var left = number
        while left >= 0x80 {
            append([UInt8(left & 0x7F) | 0x80])
            left >>= 7
        }
        append([UInt8(left)])
    }

    /// A field that is a whole number.
    package mutating func integer(_ field: UInt64, _ number: Int) {
        varint(field << 3)
        varint(UInt64(bitPattern: Int64(number)))
    }

    /// A field of four bytes.
    package mutating func float(_ field: UInt64, _ number: Float) {
        varint(field << 3 | 5)
        append(withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) })
    }

    /// A field of bytes.
    package mutating func content(_ field: UInt64, _ content: [UInt8]) {
        begin(field, count: content.count)
        append(content)
    }

    /// A field of text.
    package mutating func text(_ field: UInt64, _ text: String) { content(field, Array(text.utf8)) }

    /// A repeated field of whole numbers, packed.
    package mutating func integers(_ field: UInt64, _ numbers: [Int]) {
        message(field) { for number in numbers { $0.varint(UInt64(bitPattern: Int64(number))) } }
    }

    /// A field that is a message.
    package mutating func message(_ field: UInt64, _ write: (inout WireWriter) -> Void) {
        var inner = WireWriter()
        write(&inner)
        begin(field, count: inner.count)
        append(inner)
    }

    /// The fields of another writer.
    mutating func append(_ other: WireWriter) {
        for piece in other.pieces { append(piece) }
        append(other.rest)
    }

    private mutating func begin(_ field: UInt64, count: Int) {
        varint(field << 3 | 2)
        varint(UInt64(count))
    }

    private mutating func append(_ bytes: [UInt8]) {
        count += bytes.count
        guard bytes.count >= Self.pieceSize else { return rest += bytes }
        pieces += [rest, bytes]
        rest = []
    }
}
