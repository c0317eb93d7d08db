/// An array in NumPy's format, `.npy`, opened for reading.
///
/// ```swift
/// let file = try NumPyFile(contentsOf: "images.npy")
/// print(file.shape, file.elementType)          // [60000, 28, 28, 1] uint8
/// let images = try file.tensor                 // as Float, all in memory
/// ```
///
/// Versions 1.0 to 3.0 are read, in C and in Fortran order, little and big endian. The header is read and checked at
/// once, and so is the size of the file; elements are read when they are asked for. The file stays open as long as the
/// value lives. Arrays of Python objects (pickles), of text, of complex numbers and of records are refused.
///
/// Format: the bytes `93 4E 55 4D 50 59` (`\x93NUMPY`), the version, the size of the header, a header that is a Python
/// dictionary, the elements. Source: `numpy/lib/format.py`, NumPy's enhancement proposal 1.
public struct NumPyFile: Sendable {
    /// What the elements are; the raw value is NumPy's name of it without the order of bytes.
    public enum ElementType: String, Sendable, Hashable, CaseIterable {
        /// One byte, 0 for false.
        case bool = "b1"
        /// 8 bits with sign.
        case int8 = "i1"
        /// 16 bits with sign.
        case int16 = "i2"
        /// 32 bits with sign.
        case int32 = "i4"
        /// 64 bits with sign.
        case int64 = "i8"
        /// 8 bits without sign.
        case uint8 = "u1"
        /// 16 bits without sign.
        case uint16 = "u2"
        /// 32 bits without sign.
        case uint32 = "u4"
        /// 64 bits without sign.
        case uint64 = "u8"
        /// IEEE half precision.
        case float16 = "f2"
        /// IEEE single precision: `Float`.
        case float32 = "f4"
        /// IEEE double precision: `Double`.
        case float64 = "f8"

        /// The size of an element in bytes.
        public var size: Int {
            switch self {
            case .bool, .int8, .uint8: 1
            case .int16, .uint16, .float16: 2
            case .int32, .uint32, .float32: 4
            case .int64, .uint64, .float64: 8
            }
        }
    }

    /// The largest header that is read, in bytes. NumPy writes some hundred, for at most 64 axes.
    public static let headerLimit = 10_000
    /// The largest number of axes, as in NumPy 2.
    public static let axisLimit = 64

    /// What errors call the file: its path.
    public let path: String
    /// What the elements are.
    public let elementType: ElementType
    /// Whether the most significant byte of an element comes first.
    public let isBigEndian: Bool
    /// Whether the first axis is the fastest, as in Fortran; else the last is, as in C.
    public let isFortranOrder: Bool
    /// The sizes of the axes; none for a single number.
    public let shape: Shape
    /// Where the elements begin, in bytes from the beginning of the file.
    package let dataOffset: Int
    package let bytes: FileBytes

    /// Opens a file, reads its header and checks it.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read or is no regular file; of kind `format`, with the
    ///   offset in the file, if it breaks a rule of the format, its elements are none that are read, or it has not
    ///   exactly the bytes that its header asks for.
    public init(contentsOf path: String) throws { try self.init(FileBytes(path: path), path: path) }

    /// A file that is in memory already.
    ///
    /// - Parameters:
    ///   - bytes: the whole content.
    ///   - path: what errors call it.
    /// - Throws: `ConvNetError` of kind `format`, with the offset in the file.
    public init(bytes: [UInt8], path: String = "npy") throws {
        try self.init(FileBytes(bytes, path: path), path: path)
    }

    private init(_ bytes: FileBytes, path: String) throws {
        let header = try NumPyHeader(of: bytes, path: path)
        self.path = path
        self.bytes = bytes
        elementType = header.elementType
        isBigEndian = header.isBigEndian
        isFortranOrder = header.isFortranOrder
        shape = header.shape
        dataOffset = header.dataOffset
    }

    /// The elements as a tensor, each as the nearest `Float`; in Fortran order they are brought into that of C.
    ///
    /// - Throws: `ConvNetError` of kind `file` if they cannot be read, or the file has become shorter; of kind
    ///   `environment` if there is not enough memory; of kind `shape` if there are no elements, but sizes that are too large.
    public var tensor: Tensor {
        get throws {
            let isTurned = isFortranOrder && shape.rank > 1
            let stored = try (isTurned ? Shape(shape.reversed()) : shape).validated(as: path)
            // Here, for errors of tensors do not name the file.
            let size = stored.elementCount * MemoryLayout<Float>.stride
            try MemoryCheck.require(isTurned ? 2 * size : size, for: path)
            let tensor = try Tensor(shape: stored) { try read(elementsFrom: 0, into: $0) }
            return isTurned ? try tensor.transposed() : tensor
        }
    }

    /// The elements as classes.
    ///
    /// - Throws: `ConvNetError` of kind `format` if there is not exactly one axis, or the elements are no integers; of
    ///   kind `data` if one does not fit 32 bits; of kind `file` and `environment` as `tensor`.
    public var labels: Labels {
        get throws {
            guard shape.rank == 1 else {
                throw ConvNetError(
                    .format,
                    "Labels have one axis",
                    at: path,
                    expected: "the shape [labels]",
                    received: "\(shape)"
                )
            }
            let raw = try bytes.read(dataOffset..<(dataOffset + shape[0] * elementType.size))
            return try Labels(elementType.integers(raw, isBigEndian: isBigEndian, path: path))
        }
    }

    /// Reads elements in the order of the file, from one on, as many as `destination` has places for.
    ///
    /// - Precondition: that many elements are there.
    package func read(elementsFrom first: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        try bytes.readFloats(
            elementType,
            isBigEndian: isBigEndian,
            at: dataOffset + first * elementType.size,
            into: destination
        )
    }
}

extension Tensor {
    /// The array in a file of NumPy (`.npy`), each element as the nearest `Float`.
    ///
    /// - Throws: as `NumPyFile(contentsOf:)` and `NumPyFile.tensor`.
    public init(npy path: String) throws { self = try NumPyFile(contentsOf: path).tensor }
}

extension Labels {
    /// The classes in a file of NumPy (`.npy`): integers, one axis.
    ///
    /// - Throws: as `NumPyFile(contentsOf:)` and `NumPyFile.labels`.
    public init(npy path: String) throws { self = try NumPyFile(contentsOf: path).labels }
}
