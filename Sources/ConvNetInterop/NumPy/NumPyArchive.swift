import SwiftConvNet

/// An archive of NumPy arrays, `.npz`, opened for reading.
///
/// ```swift
/// let archive = try NumPyArchive(contentsOf: "mnist.npz")
/// let images = try archive["x_train"].tensor, labels = try archive["y_train"].labels
/// ```
///
/// Arrays are unpacked when they are asked for. What `numpy.savez` and `numpy.savez_compressed` write is read. Needs the trait `Zip`.
public struct NumPyArchive: Sendable {
    private static let suffix = ".npy"
    private let archive: ZipArchive

    /// The names of the arrays, in the order of the archive.
    public let names: [String]

    /// Opens an archive.
    ///
    /// - Throws: `ConvNetError` of kind `file` or `format` as `ZipArchive` throws it, of kind `format` if a file in it is no array by its
    ///   name, of kind `environment` without the trait.
    public init(contentsOf path: String, limits: ZipLimits = ZipLimits()) throws {
        try self.init(ZipArchive(contentsOf: path, limits: limits))
    }

    /// An archive that is in memory already.
    ///
    /// - Parameters:
    ///   - bytes: the whole archive.
    ///   - path: what errors call it.
    ///   - limits: what it may claim.
    /// - Throws: as `init(contentsOf:limits:)`.
    public init(bytes: [UInt8], path: String = "npz", limits: ZipLimits = ZipLimits()) throws {
        try self.init(ZipArchive(bytes: bytes, path: path, limits: limits))
    }

    private init(_ archive: ZipArchive) throws {
        self.archive = archive
        names = try archive.names.map { name in
            guard name.hasSuffix(Self.suffix) else {
                throw ConvNetError(
                    .format,
                    "The archive holds a file that is no array",
                    at: archive.path,
                    expected: "files whose names end in \(Self.suffix)",
                    received: "\"\(name)\""
                )
            }
            return String(name.dropLast(Self.suffix.count))
        }
    }

    /// The array of a name.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is none, of kind `format` as `NumPyFile` throws it.
    public subscript(name: String) -> NumPyFile {
        get throws {
            guard names.contains(name) else {
                throw ConvNetError(
                    .argument,
                    "The archive has no array of this name",
                    at: archive.path,
                    expected: "one of \(names.prefix(16).joined(separator: ", "))",
                    received: "\"\(name)\""
                )
            }
            let file = name + Self.suffix
            return try NumPyFile(bytes: archive.contents(of: file), path: "\(archive.path), \(file)")
        }
    }
}

extension NumPyArchive {
    /// Writes arrays as `float32` into an archive that `numpy.load` reads. The same arrays give the same bytes, and the file is whole
    /// at every moment.
    ///
    /// - Parameters:
    ///   - arrays: by name.
    ///   - path: where the archive is to be.
    ///   - compresses: whether arrays are deflated, as by `numpy.savez_compressed`. Default `false`.
    /// - Throws: `ConvNetError` of kind `argument` for a name that cannot stand in an archive, of kind `file` if the file cannot be
    ///   written, of kind `environment` without the trait.
    public static func save(_ arrays: [String: Tensor], to path: String, compresses: Bool = false) throws {
        let files = arrays.sorted { $0.key < $1.key }.map { name, array in
            (name: name + suffix, bytes: NumPyFile.header(.float32, array.shape) + array.littleEndianBytes)
        }
        try AtomicFile.write(ZipWriter.archive(files, compresses: compresses), to: path)
    }

    /// Writes arrays that are `.npy` files into an archive, and none of them is ever all in memory.
    ///
    /// - Parameters:
    ///   - files: the names of the arrays, and where the files are.
    ///   - path: where the archive is to be.
    /// - Throws: as `save(_:to:compresses:)`; of kind `file` if a file cannot be read, too.
    package static func save(files: [(name: String, path: String)], to path: String) throws {
        try ZipWriter.write(files.map { ($0.name + suffix, $0.path) }, to: path)
    }
}

extension Tensor {
    /// The elements as little-endian bytes.
    fileprivate var littleEndianBytes: [UInt8] {
        withUnsafeBufferPointer { Array(UnsafeRawBufferPointer($0)) }
    }
}
