/// The bytes of a protobuf file, and what errors call it.
package final class WireFile: Sendable {
    /// The largest file that is read: protobuf's own limit.
    static let sizeLimit = 1 << 31

    let path: String
    private let bytes: [UInt8]

    /// Reads a file.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read, or is larger than `sizeLimit`.
    init(path: String) throws {
        bytes = try FileContents.read(path, limit: Self.sizeLimit)
        self.path = path
    }

    /// A file that is in memory; errors call it `path`.
    package init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    var count: Int { bytes.count }

    /// The number at an offset, least significant byte first.
    ///
    /// - Precondition: its bytes are within the file.
    func load<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number {
        bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
    }

    /// The text of a range; `nil` if it is no UTF-8.
    func text(_ range: Range<Int>) -> String? { String(validating: bytes[range], as: UTF8.self) }

    /// Calls `body` with the bytes of a range.
    func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
        -> Result
    {
        try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}
