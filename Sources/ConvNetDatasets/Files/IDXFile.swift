import SwiftConvNet

/// An array in the IDX format, in which MNIST is published: plain or compressed by gzip.
///
/// The format, all numbers big-endian: two zero bytes, a byte for the type of the elements, a byte for the
/// number of axes, four bytes for the size of each axis, then the elements, the last axis fastest.
///
/// ```swift
/// let images = try IDXFile(contentsOf: "train-images-idx3-ubyte.gz").byteTensor  // [60000, 28, 28]
/// let labels = try IDXFile(contentsOf: "train-labels-idx1-ubyte.gz").labels      // 60000
/// ```
public struct IDXFile: Hashable, Sendable {
    /// The types of elements; the raw value is the type's byte in a file.
    public enum ElementType: UInt8, Hashable, Sendable, CaseIterable {
        /// Unsigned bytes.
        case uint8 = 0x08
        /// Signed bytes.
        case int8 = 0x09
        /// Integers of 16 bits.
        case int16 = 0x0B
        /// Integers of 32 bits.
        case int32 = 0x0C
        /// Floating-point numbers of 32 bits.
        case float32 = 0x0D
        /// Floating-point numbers of 64 bits.
        case float64 = 0x0E

        /// The size of an element in bytes.
        public var size: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16: 2
            case .int32, .float32: 4
            case .float64: 8
            }
        }
    }

    /// The content that is read if the caller sets no limit, in bytes: 1 GiB.
    public static let defaultLimit = 1 << 30

    /// The type of the elements.
    public let elementType: ElementType
    /// The sizes of the axes, outermost first; at least one axis.
    public let shape: Shape
    /// The elements as they are in the file: big-endian, the last axis fastest.
    public let bytes: [UInt8]
    /// What errors call the file.
    let name: String

    /// Reads the file at `path`, plain or gzip.
    ///
    /// - Parameter limit: The largest size in bytes, compressed and decompressed, that is read.
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read; of kind `format`, with the file
    ///   and the place, if it is not exactly one IDX array, or larger than `limit`.
    public init(contentsOf path: String, limit: Int = defaultLimit) throws {
        try self.init(decoding: FileContents.read(path, limit: limit), name: path, limit: limit)
    }

    /// Decodes the content of a file, plain or gzip.
    ///
    /// What is allocated is at most a small multiple of the content that is really there, whatever the sizes
    /// in the header say, and never more than `limit`.
    ///
    /// - Parameters:
    ///   - content: The content of the file.
    ///   - name: What errors call the file.
    ///   - limit: The largest size in bytes of the decompressed content.
    /// - Throws: `ConvNetError` of kind `format` if the content is not exactly one IDX array, or larger than
    ///   `limit`.
    public init(decoding content: [UInt8], name: String, limit: Int = defaultLimit) throws {
        let source = try ByteSource(content, file: name)
        var header = try source.read(4)
        guard header.count == 4, header.starts(with: [0, 0]) else {
            let expected = "two zero bytes, a type and a number of axes"
            let head = header + (try source.read(FileKind.prefixLength - header.count))
            throw FileKind.mismatch(.idx, head, at: name, expected: expected)
                ?? ConvNetError(
                    .format,
                    "The file is not an IDX file",
                    at: "\(name), byte 0",
                    expected: expected,
                    received: "the bytes \(header)"
                )
        }
        guard let elementType = ElementType(rawValue: header[2]) else {
            throw ConvNetError(
                .format,
                "Unknown type of elements",
                at: "\(name), byte 2",
                expected: "one of \(ElementType.allCases.map(\.rawValue))",
                received: "\(header[2])"
            )
        }
        let rank = Int(header[3])
        guard rank > 0 else {
            throw ConvNetError(
                .format,
                "The array has no axes",
                at: "\(name), byte 3",
                expected: "1 to 255",
                received: "0"
            )
        }
        header += try source.read(4 * rank)
        guard header.count == 4 + 4 * rank else {
            throw ConvNetError(
                .format,
                "The header ends early",
                at: "\(name), byte \(header.count)",
                expected: "the sizes of \(rank) axes",
                received: "the end of the file"
            )
        }
        let sizes = (1...rank).map { axis in
            header[(4 * axis)..<(4 * axis + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        guard
            let size = Self.product(sizes, elementType.size),
            case let (total, overflow) = size.addingReportingOverflow(header.count), !overflow, total <= limit
        else {
            throw ConvNetError(
                .format,
                "The array that the header describes is too large",
                at: "\(name), byte 4",
                expected: "at most \(limit) bytes in all",
                received: "\(sizes) elements of \(elementType)"
            )
        }

        let bytes = try source.read(size)
        guard bytes.count == size else {
            throw ConvNetError(
                .format,
                "The file ends early",
                at: "\(name), byte \(header.count + bytes.count)",
                expected: "\(size) bytes of elements, for the shape \(sizes)",
                received: "\(bytes.count)"
            )
        }
        guard try source.read(1).isEmpty else {
            throw ConvNetError(
                .format,
                "Something follows the elements",
                at: "\(name), byte \(total)",
                expected: "the end of the file, for the shape \(sizes)",
                received: "more bytes"
            )
        }
        self.elementType = elementType
        self.bytes = bytes
        self.name = name
        shape = Shape(sizes)
    }

    private static func product(_ sizes: [Int], _ elementSize: Int) -> Int? {
        // A size of zero after sizes that overflow is refused too: `Shape` would overflow on it.
        sizes.reduce(elementSize as Int?) { product, size in
            guard let (next, overflow) = product?.multipliedReportingOverflow(by: size), !overflow else {
                return nil
            }
            return next
        }
    }
}
