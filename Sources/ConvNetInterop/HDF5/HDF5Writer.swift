import SwiftConvNet

#if HDF5
    import CHDF5
#endif

/// What an HDF5 file is to hold, in the order in which it is written. The same contents give the same bytes.
package struct HDF5Writer {
    private enum Value {
        case group(name: String?)
        case tensor(Tensor)
        case integer(Int32)
    }

    private var values: [(path: String, value: Value)] = []

    /// A file that holds nothing yet.
    package init() {}

    /// Adds a group, and those above it.
    ///
    /// - Parameter name: the value of its attribute `name`; `nil` for none.
    package mutating func addGroup(_ path: String, name: String? = nil) {
        values.append((path, .group(name: name)))
    }

    /// Adds an array of `float32`.
    package mutating func add(_ tensor: Tensor, at path: String) { values.append((path, .tensor(tensor))) }

    /// Adds a single integer of 32 bits.
    package mutating func add(_ number: Int, at path: String) {
        values.append((path, .integer(Int32(clamping: number))))
    }
}

extension HDF5Writer {
    #if HDF5
        /// The file.
        ///
        /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory, or without the trait `HDF5`.
        package func file() throws -> [UInt8] {
            let place = "a new HDF5 file"
            return try HDF5Library.call {
                let access = try HDF5ID(H5Pcreate(ch5_file_access()), place, close: H5Pclose)
                try HDF5Library.check(H5Pset_fapl_core(access.id, 1 << 16, false), place)
                let file = try HDF5ID(
                    H5Fcreate(HDF5Library.newName(), ch5_truncate(), 0, access.id),
                    place,
                    close: H5Fclose
                )
                for (path, value) in values {
                    let parent = path.split(separator: "/").dropLast().joined(separator: "/")
                    if !parent.isEmpty { _ = try makeGroup(parent, in: file.id) }
                    try write(value, at: path, in: file.id)
                }
                try HDF5Library.check(H5Fflush(file.id, H5F_SCOPE_GLOBAL), place)
                let size = try HDF5Library.check(H5Fget_file_image(file.id, nil, 0), place)
                try MemoryCheck.require(size, for: place)
                return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                    count = try HDF5Library.check(H5Fget_file_image(file.id, buffer.baseAddress, size), place)
                }
            }
        }

        private func write(_ value: Value, at path: String, in file: hid_t) throws {
            switch value {
            case .group(let name):
                let group = try makeGroup(path, in: file)
                if let name { try write(name, as: "name", of: group.id, path) }
            case .tensor(let tensor):
                let sizes = tensor.shape.map { hsize_t($0) }
                let space = try HDF5ID(
                    sizes.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(sizes.count), sizes, nil),
                    path,
                    close: H5Sclose
                )
                try tensor.withUnsafeBufferPointer {
                    try write(
                        $0.baseAddress,
                        ch5_float(),
                        as: ch5_stored_float(),
                        space.id,
                        at: path,
                        in: file
                    )
                }
            case .integer(let number):
                let space = try HDF5ID(H5Screate(H5S_SCALAR), path, close: H5Sclose)
                try withUnsafePointer(to: number) {
                    try write($0, ch5_native_int32(), as: ch5_stored_int32(), space.id, at: path, in: file)
                }
            }
        }

        /// Makes a group, and those above it that are not there yet.
        private func makeGroup(_ path: String, in file: hid_t) throws -> HDF5ID {
            var above = ""
            for part in path.split(separator: "/") {
                above += "/" + part
                if H5Lexists(file, above, 0) > 0 { continue }
                _ = try HDF5ID(H5Gcreate2(file, above, 0, 0, 0), path, close: H5Gclose)
            }
            return try HDF5ID(H5Gopen2(file, above, 0), path, close: H5Gclose)
        }

        private func write(
            _ elements: UnsafeRawPointer?,
            _ type: hid_t,
            as stored: hid_t,
            _ space: hid_t,
            at path: String,
            in file: hid_t
        ) throws {
            let creation = try HDF5ID(H5Pcreate(ch5_dataset_create()), path, close: H5Pclose)
            // Else the bytes would depend on the clock.
            try HDF5Library.check(H5Pset_obj_track_times(creation.id, false), path)
            let set = try HDF5ID(
                H5Dcreate2(file, path, stored, space, 0, creation.id, 0),
                path,
                close: H5Dclose
            )
            guard let elements else { return }
            try HDF5Library.check(H5Dwrite(set.id, type, 0, 0, 0, elements), path)
        }

        /// Writes a word of a fixed length as an attribute.
        private func write(_ word: String, as attribute: String, of object: hid_t, _ place: String) throws {
            let type = try HDF5ID(H5Tcopy(ch5_string()), place, close: H5Tclose)
            try HDF5Library.check(H5Tset_size(type.id, max(1, word.utf8.count)), place)
            try HDF5Library.check(H5Tset_cset(type.id, H5T_CSET_UTF8), place)
            let space = try HDF5ID(H5Screate(H5S_SCALAR), place, close: H5Sclose)
            let made = try HDF5ID(
                H5Acreate2(object, attribute, type.id, space.id, 0, 0),
                place,
                close: H5Aclose
            )
            try HDF5Library.check(H5Awrite(made.id, type.id, Array(word.utf8) + [0]), place)
        }
    #else
        package func file() throws -> [UInt8] { throw MissingTrait.error("HDF5", at: "a new HDF5 file") }
    #endif
}
