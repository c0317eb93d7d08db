import SwiftConvNet

/// A file of the hierarchical data format, opened for reading: groups, and arrays of numbers in them.
///
/// The file is in memory, and all of it is looked at when it is opened: what it claims is checked before anything is allocated.
/// Links to other files and soft links, arrays in other files, virtual arrays and unknown filters are refused. Needs the trait
/// `HDF5`.
package final class HDF5File: Sendable {
    /// An array in the file.
    package struct Dataset: Sendable {
        /// How its elements are stored.
        package enum Element: Sendable { case number, bfloat16 }

        package let shape: Shape
        package let element: Element
    }

    /// The largest number of groups and arrays.
    static let objectLimit = 200_000
    /// The deepest nesting of groups.
    static let depthLimit = 64
    /// How many times the bytes that are stored of an array it may have unpacked.
    static let packingLimit = 200

    /// What errors call the file.
    let path: String
    let bytes: [UInt8]
    /// The arrays by their paths, such as `layers/dense/vars/0`.
    package let datasets: [String: Dataset]
    /// Where the headers of the groups are, by their paths; that of the root is empty.
    package let groups: [String: Int]
    #if HDF5
        let handle: HDF5Handle
    #endif

    /// A file that is in memory.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - path: what errors call it.
    /// - Throws: `ConvNetError` of kind `format` if it is no HDF5 file, is damaged or has what is refused; of kind `environment` without
    ///   the trait.
    package init(bytes: [UInt8], path: String) throws {
        let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
        guard bytes.starts(with: signature) else {
            throw FileKind.mismatch(
                .hdf5,
                bytes.prefix(FileKind.prefixLength),
                at: path,
                expected: "the bytes 89 48 44 46"
            )
                ?? ConvNetError(
                    .format,
                    "The file is not an HDF5 file",
                    at: "\(path), byte 0",
                    expected: "the bytes 89 48 44 46"
                )
        }
        self.path = path
        self.bytes = bytes
        #if HDF5
            try HDF5StructureCheck.run(bytes, path: path)
            handle = try HDF5Handle(bytes, path: path)
            (datasets, groups) = try handle.contents(path: path)
        #else
            throw MissingTrait.error("HDF5", at: path)
        #endif
    }

    /// Whether there is a group.
    package func hasGroup(_ name: String) -> Bool { groups[name] != nil }

    /// The number of arrays that lie in a group, if they are called 0, 1, 2 and so on.
    package func count(in group: String) -> Int {
        var count = 0
        while datasets["\(group)/\(count)"] != nil { count += 1 }
        return count
    }

    /// The description of an array.
    ///
    /// - Throws: `ConvNetError` of kind `format` if there is none.
    func dataset(_ name: String) throws -> Dataset {
        guard let dataset = datasets[name] else {
            throw ConvNetError(
                .format,
                "The file has no array of this name",
                at: path,
                expected: "\"\(name)\""
            )
        }
        return dataset
    }

    #if !HDF5
        package func tensor(_ name: String) throws -> Tensor { throw MissingTrait.error("HDF5", at: path) }
        package func number(_ name: String) throws -> Double { throw MissingTrait.error("HDF5", at: path) }
        package func strings(_ attribute: String, of group: String) throws -> [String]? {
            throw MissingTrait.error("HDF5", at: path)
        }
    #endif
}
