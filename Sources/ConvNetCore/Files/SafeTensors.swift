/// A file of named arrays in the safetensors format, opened for reading.
///
/// ```swift
/// let file = try SafeTensors(contentsOf: "mnist.safetensors")
/// for entry in file.entries { print(entry.name, entry.type, entry.shape) }
/// let kernel = try file.tensor(named: "conv2d/kernel")
/// ```
///
/// The header is read and checked at once, by all rules of the format; an array is read when it is asked for. What
/// is allocated never exceeds a small multiple of the bytes that are really there. The file stays open as long as
/// the value lives, so that it stays the same file if another takes its name.
///
/// Format: eight bytes with the size of the header, the header in JSON, the arrays without gaps; all little-endian.
/// Source: https://github.com/huggingface/safetensors (`README.md`, `safetensors/src/tensor.rs`).
public struct SafeTensors: Sendable {
    /// One array of a file.
    public struct Entry: Sendable, Hashable {
        /// The name, different from every other in the file.
        public let name: String
        /// What its elements are.
        public let type: ElementType
        /// The sizes of its axes; none for a single number.
        public let shape: Shape
        /// Where its bytes are, counted from the beginning of the file.
        public let byteRange: Range<Int>
    }

    /// The largest header that the format allows, in bytes.
    public static let headerLimit = 100_000_000
    /// The key of a header under which the metadata is.
    static let metadataKey = "__metadata__"

    /// What errors call the file: its path.
    public let path: String
    /// Words about the file: what its writer has put beside the arrays.
    public let metadata: [String: String]
    /// The arrays, in the order of their bytes.
    public let entries: [Entry]

    package let bytes: FileBytes
    private let places: [String: Int]

    /// Opens a file, reads its header and checks it.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read or is no regular file; of kind `format`, with the
    ///   place in the file, if it breaks a rule of the format.
    public init(contentsOf path: String) throws { try self.init(FileBytes(path: path), path: path) }

    /// A file that is in memory already.
    ///
    /// - Parameters:
    ///   - bytes: the whole content.
    ///   - path: what errors call it.
    /// - Throws: `ConvNetError` of kind `format`, with the place in the file, if it breaks a rule of the format.
    public init(bytes: [UInt8], path: String = "safetensors") throws {
        try self.init(FileBytes(bytes, path: path), path: path)
    }

    private init(_ bytes: FileBytes, path: String) throws {
        let header = try Self.readHeader(bytes, path: path)
        self.bytes = bytes
        self.path = path
        metadata = header.metadata
        entries = header.entries
        places = Dictionary(uniqueKeysWithValues: header.entries.enumerated().map { ($1.name, $0) })
    }

    /// The array of a name; `nil` if there is none.
    public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

    /// The array of a name as a tensor.
    ///
    /// - Throws: `ConvNetError` of kind `format` if there is no such array, or its elements are not `float32`; of kind
    ///   `file` if it cannot be read.
    public func tensor(named name: String) throws -> Tensor {
        let entry = try entry(named: name)
        return try Tensor(shape: entry.shape) { try read(entry, into: $0) }
    }

    /// The bytes of the array of a name, little-endian, the last axis fastest.
    ///
    /// - Throws: `ConvNetError` of kind `format` if there is no such array; of kind `file` if it cannot be read.
    public func bytes(named name: String) throws -> [UInt8] {
        let entry = try entry(named: name)
        try MemoryCheck.require(entry.byteRange.count, for: "\(path), array \"\(name)\"")
        return try [UInt8](unsafeUninitializedCapacity: entry.byteRange.count) { buffer, count in
            try bytes.read(at: entry.byteRange.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
            count = entry.byteRange.count
        }
    }

    /// Reads the elements of an array into memory of as many.
    package func read(_ entry: Entry, into destination: UnsafeMutableBufferPointer<Float>) throws {
        guard entry.type == .float32 else {
            throw ConvNetError(
                .format,
                "The elements of \"\(entry.name)\" are not 32-bit floating-point numbers",
                at: "\(path), byte \(entry.byteRange.lowerBound)",
                expected: ElementType.float32.rawValue,
                received: entry.type.rawValue,
                remedy: "Convert the array to float32 where it was written"
            )
        }
        try bytes.read(at: entry.byteRange.lowerBound, into: UnsafeMutableRawBufferPointer(destination))
    }

    package func entry(named name: String) throws -> Entry {
        guard let entry = self[name] else {
            throw ConvNetError(
                .format,
                "The file holds no array \"\(name)\"",
                at: path,
                expected: Self.list(entries.map(\.name))
            )
        }
        return entry
    }

    /// Some of many names, for messages.
    package static func list(_ names: [String]) -> String {
        names.isEmpty
            ? "none"
            : names.prefix(8).joined(separator: ", ")
                + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}
