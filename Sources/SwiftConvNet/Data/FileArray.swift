/// An array whose elements stay in its file, for a `FileDataset`: samples along the first axis.
///
/// ```swift
/// let images = try FileArray(npy: "images.npy", scale: 1 / 255)   // uint8 [100000, 224, 224, 3], 15 GB
/// let codes = try FileArray(safetensors: "codes.safetensors", name: "encoder/codes")
/// ```
///
/// A sample is read by itself when it is needed, so memory holds one batch, whatever the size of the file; the operating
/// system keeps what has been read as long as memory is free. Files are read by `pread` and not mapped: a file that
/// another process cuts short is then an error, where a mapping would end the process by SIGBUS.
///
/// The file stays open as long as the value lives, and stays the same file if another takes its name.
public struct FileArray: Sendable {
    /// What errors call the file.
    public let path: String
    /// The sizes of the axes, the samples' axis first.
    public let shape: Shape
    /// What the elements are in the file; in a sample they are `Float`.
    public let elementType: NumPyFile.ElementType
    /// What every element is multiplied with: `value = element * scale + offset`.
    public let scale: Float
    /// What is then added.
    public let offset: Float

    private let bytes: FileBytes
    private let dataOffset: Int
    private let isBigEndian: Bool

    /// The array in a file of NumPy (`.npy`), in C order.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - scale: what every element is multiplied with. Default: 1.
    ///   - offset: what is then added. Default: 0.
    /// - Throws: as `NumPyFile(contentsOf:)`; `ConvNetError` of kind `format` if the array is in Fortran order, for a
    ///   sample is then all over the file; of kind `shape` if it has no axis.
    public init(npy path: String, scale: Float = 1, offset: Float = 0) throws {
        let file = try NumPyFile(contentsOf: path)
        // With one axis the two orders are the same.
        guard !file.isFortranOrder || file.shape.rank <= 1 else {
            throw ConvNetError(
                .format,
                "The array is in Fortran order, so that its samples are not in one piece",
                at: path,
                expected: "C order, the last axis fastest",
                remedy: "Write it anew in Python: numpy.save(path, numpy.ascontiguousarray(array))"
            )
        }
        try self.init(
            file.bytes,
            path: path,
            shape: file.shape,
            elementType: file.elementType,
            dataOffset: file.dataOffset,
            isBigEndian: file.isBigEndian,
            scale: scale,
            offset: offset
        )
    }

    /// One array of a safetensors file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - name: the array's name in it.
    ///   - scale: what every element is multiplied with. Default: 1.
    ///   - offset: what is then added. Default: 0.
    /// - Throws: as `SafeTensors(contentsOf:)`; `ConvNetError` of kind `format` if there is no such array, or its elements
    ///   are of a type that NumPy does not have; of kind `shape` if it has no axis.
    public init(safetensors path: String, name: String, scale: Float = 1, offset: Float = 0) throws {
        let file = try SafeTensors(contentsOf: path)
        let entry = try file.entry(named: name)
        guard let type = NumPyFile.ElementType(entry.type) else {
            throw ConvNetError(
                .format,
                "The elements of \"\(name)\" are of a type that is not read",
                at: path,
                expected: SafeTensors.ElementType.allCases.filter { NumPyFile.ElementType($0) != nil }
                    .map(\.rawValue).joined(separator: ", "),
                received: entry.type.rawValue,
                remedy: "Convert the array where it was written"
            )
        }
        try self.init(
            file.bytes,
            path: path,
            shape: entry.shape,
            elementType: type,
            dataOffset: entry.byteRange.lowerBound,
            isBigEndian: false,
            scale: scale,
            offset: offset
        )
    }

    private init(
        _ bytes: FileBytes,
        path: String,
        shape: Shape,
        elementType: NumPyFile.ElementType,
        dataOffset: Int,
        isBigEndian: Bool,
        scale: Float,
        offset: Float
    ) throws {
        guard shape.rank > 0 else {
            throw ConvNetError(
                .shape,
                "Samples need an axis that counts them",
                at: path,
                expected: "[samples, ...]",
                received: "\(shape)"
            )
        }
        guard scale.isFinite, offset.isFinite else {
            throw ConvNetError(
                .argument,
                "Scale and offset must be finite",
                at: "FileArray",
                received: "\(scale), \(offset)"
            )
        }
        self.bytes = bytes
        self.path = path
        self.shape = try shape.validated(as: path)
        self.elementType = elementType
        self.dataOffset = dataOffset
        self.isBigEndian = isBigEndian
        self.scale = scale
        self.offset = offset
    }

    /// The number of samples.
    public var count: Int { shape[0] }

    /// The shape of one sample.
    public var sampleShape: Shape { Shape(Array(shape.dropFirst())) }

    /// Reads sample `index` (in `0..<count`) into as many places as it has elements.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is no such sample, or the number of places is another; of kind
    ///   `file` if it cannot be read, or the file has become shorter.
    public func read(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        let length = shape.dropFirst().reduce(1, *)
        guard index >= 0, index < count, destination.count == length else {
            throw ConvNetError(
                .argument,
                "There is no such sample in the file, or no room for it",
                at: path,
                expected: "a sample in 0..<\(count), \(length) places",
                received: "\(index), \(destination.count) places"
            )
        }
        // Without advice (posix_fadvise): with POSIX_FADV_RANDOM, shuffled reading of a file that is not in memory brings in as many
        // bytes, for Linux sees by itself that it is not in order, and samples of many pages take a quarter longer.
        try bytes.readFloats(
            elementType,
            isBigEndian: isBigEndian,
            at: dataOffset + index * length * elementType.size,
            into: destination
        )
        guard scale != 1 || offset != 0 else { return }
        for place in destination.indices { destination[place] = destination[place] * scale + offset }
    }

    /// What tells this array from another of the same shape: the type of its elements, and what becomes of them.
    var identity: String { "\(elementType) * \(scale) + \(offset)" }
}

extension NumPyFile.ElementType {
    /// NumPy's name for a type of safetensors; `nil` if it has none.
    fileprivate init?(_ type: SafeTensors.ElementType) {
        switch type {
        case .bool: self = .bool
        case .uint8: self = .uint8
        case .int8: self = .int8
        case .uint16: self = .uint16
        case .int16: self = .int16
        case .uint32: self = .uint32
        case .int32: self = .int32
        case .uint64: self = .uint64
        case .int64: self = .int64
        case .float16: self = .float16
        case .float32: self = .float32
        case .float64: self = .float64
        default: return nil
        }
    }
}
