/// Writes protobuf messages for tests.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func integer(_ field: UInt64, _ number: Int) {
        varint(field << 3)
        varint(UInt64(bitPattern: Int64(number)))
    }

    mutating func float(_ field: UInt64, _ number: Float) {
        varint(field << 3 | 5)
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
    }

    mutating func content(_ field: UInt64, _ content: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(content.count))
        bytes += content
    }

    mutating func text(_ field: UInt64, _ text: String) { content(field, Array(text.utf8)) }

    mutating func message(_ field: UInt64, _ write: (inout WireWriter) -> Void) {
        var inner = WireWriter()
        write(&inner)
        content(field, inner.bytes)
    }
}
