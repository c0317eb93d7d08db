#if HDF5
    import CHDF5
    import SwiftConvNet

    /// A file that the library has open, and the walk through it.
    final class HDF5Handle: Sendable {
        let id: hid_t

        init(_ bytes: [UInt8], path: String) throws {
            id = try HDF5Library.call {
                let access = try HDF5ID(H5Pcreate(ch5_file_access()), path, close: H5Pclose)
                // In memory alone: without a file behind it.
                try HDF5Library.check(H5Pset_fapl_core(access.id, 1 << 16, false), path)
                try MemoryCheck.require(bytes.count, for: path)
                return try bytes.withUnsafeBytes { image in
                    try HDF5Library.check(
                        H5Pset_file_image(
                            access.id,
                            UnsafeMutableRawPointer(mutating: image.baseAddress),
                            image.count
                        ),
                        path
                    )
                    return try HDF5Library.check(
                        H5Fopen(HDF5Library.newName(), ch5_read_only(), access.id),
                        path
                    )
                }
            }
        }

        deinit {
            let id = id
            HDF5Library.call { _ = H5Fclose(id) }
        }

        /// All arrays and groups.
        ///
        /// - Throws: `ConvNetError` of kind `format` for what is refused.
        func contents(path: String) throws -> (datasets: [String: HDF5File.Dataset], groups: [String: Int]) {
            try HDF5Library.call {
                var walk = HDF5Walk(path: path)
                let root = try HDF5ID(H5Gopen2(id, "/", 0), path, close: H5Gclose)
                try walk.group(root.id, at: "", depth: 0)
                return (walk.datasets, walk.groups)
            }
        }
    }

    /// Visits the objects of a file, and checks each. To be used within a call of `HDF5Library`.
    private struct HDF5Walk {
        let path: String
        var datasets: [String: HDF5File.Dataset] = [:]
        var groups: [String: Int] = [:]
        private var objects = 0
        /// The addresses of the groups above the one at hand: a group within itself is a cycle.
        private var ancestors: Set<UInt64> = []

        init(path: String) { self.path = path }

        mutating func group(_ id: hid_t, at name: String, depth: Int) throws {
            let place = "\(path), \(name.isEmpty ? "/" : name)"
            let address = ch5_address(id)
            guard depth <= HDF5File.depthLimit, ancestors.insert(address).inserted else {
                throw ConvNetError(
                    .format,
                    "Groups are nested too deeply",
                    at: place,
                    expected: "at most \(HDF5File.depthLimit) levels, and no group within itself"
                )
            }
            defer { ancestors.remove(address) }
            groups[name] = Int(clamping: address)
            var info = H5G_info_t()
            try HDF5Library.check(H5Gget_info(id, &info), place)
            try count(Int(clamping: info.nlinks), place)
            for index in 0..<info.nlinks {
                let link = ch5_is_hard_link(id, index)
                guard link != 0 else {
                    throw ConvNetError(
                        .format,
                        "A link that is not a hard one is refused",
                        at: place,
                        expected: "groups and arrays",
                        received: "a soft link or one to another file"
                    )
                }
                try HDF5Library.check(link, place)
                try member(index, of: id, at: name, depth: depth)
            }
        }

        private mutating func count(_ more: Int, _ place: String) throws {
            objects = objects.addingReportingOverflow(more).overflow ? .max : objects + more
            guard objects <= HDF5File.objectLimit else {
                throw ConvNetError(
                    .format,
                    "The file has too many objects",
                    at: place,
                    expected: "at most \(HDF5File.objectLimit)",
                    received: "\(objects)"
                )
            }
        }

        private mutating func member(_ index: hsize_t, of group: hid_t, at parent: String, depth: Int) throws
        {
            let place = "\(path), \(parent.isEmpty ? "/" : parent)"
            let length = try HDF5Library.check(
                H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, 0),
                place
            )
            guard (1...4096).contains(length) else {
                throw ConvNetError(
                    .format,
                    "A name is too long",
                    at: place,
                    expected: "1 to 4096 bytes",
                    received: "\(length)"
                )
            }
            let own = try withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { text in
                try HDF5Library.check(
                    H5Lget_name_by_idx(
                        group,
                        ".",
                        H5_INDEX_NAME,
                        H5_ITER_INC,
                        index,
                        text.baseAddress,
                        length + 1,
                        0
                    ),
                    place
                )
                return text.baseAddress.map { String(cString: $0) } ?? ""
            }
            let name = parent.isEmpty ? own : "\(parent)/\(own)"
            let object = try HDF5ID(H5Oopen(group, own, 0), place, close: H5Oclose)
            switch H5Iget_type(object.id) {
            case H5I_GROUP: try self.group(object.id, at: name, depth: depth + 1)
            case H5I_DATASET: datasets[name] = try dataset(object.id, place: "\(path), \(name)")
            default:
                throw ConvNetError(
                    .format,
                    "An object is neither a group nor an array",
                    at: "\(path), \(name)"
                )
            }
        }

        /// The description of an array; `nil` for one that is not made of numbers.
        private func dataset(_ id: hid_t, place: String) throws -> HDF5File.Dataset? {
            let space = try HDF5ID(H5Dget_space(id), place, close: H5Sclose)
            let type = try HDF5ID(H5Dget_type(id), place, close: H5Tclose)
            let creation = try HDF5ID(H5Dget_create_plist(id), place, close: H5Pclose)
            let kind = H5Tget_class(type.id), size = Int(H5Tget_size(type.id))
            let element: HDF5File.Dataset.Element
            switch kind {
            case H5T_FLOAT where [2, 4, 8].contains(size), H5T_INTEGER where size <= 8: element = .number
            // As `h5py` writes numbers of the type bfloat16.
            case H5T_OPAQUE where size == 2: element = .bfloat16
            default: return nil
            }
            let rank = Int(try HDF5Library.check(H5Sget_simple_extent_ndims(space.id), place))
            var sizes = [hsize_t](repeating: 0, count: max(rank, 1))
            try HDF5Library.check(H5Sget_simple_extent_dims(space.id, &sizes, nil), place)
            let shape = try Shape(sizes.prefix(rank).map { Int(clamping: $0) }).validated(as: "array")
            try checkStorage(
                creation.id,
                of: id,
                byteCount: shape.elementCount.multipliedReportingOverflow(by: size),
                place
            )
            return HDF5File.Dataset(shape: shape, element: element)
        }

        /// Checks where and how the elements of an array are stored.
        private func checkStorage(
            _ creation: hid_t,
            of set: hid_t,
            byteCount: (partialValue: Int, overflow: Bool),
            _ place: String
        ) throws {
            let layout = H5Pget_layout(creation)
            guard [H5D_COMPACT, H5D_CONTIGUOUS, H5D_CHUNKED].contains(layout),
                H5Pget_external_count(creation) == 0
            else {
                throw ConvNetError(
                    .format,
                    "An array is in another file, or made of others",
                    at: place,
                    expected: "an array whose elements are in the file"
                )
            }
            if layout == H5D_CHUNKED {
                for index in 0..<max(0, H5Pget_nfilters(creation)) {
                    var flags: UInt32 = 0, count = 0, options: UInt32 = 0
                    let filter = H5Pget_filter2(
                        creation,
                        UInt32(index),
                        &flags,
                        &count,
                        nil,
                        0,
                        nil,
                        &options
                    )
                    guard [H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32].contains(filter)
                    else {
                        throw ConvNetError(
                            .format,
                            "An array is packed in an unknown way",
                            at: place,
                            expected: "deflate, shuffle or fletcher32",
                            received: "filter \(filter)"
                        )
                    }
                }
            }
            let stored = Int(clamping: H5Dget_storage_size(set))
            let limit = layout == H5D_CHUNKED ? HDF5File.packingLimit : 1
            let (most, overflows) = stored.multipliedReportingOverflow(by: limit)
            guard !byteCount.overflow, overflows || byteCount.partialValue <= most else {
                throw ConvNetError(
                    .format,
                    "An array claims more bytes than are stored of it",
                    at: place,
                    expected: "at most \(limit) times the \(stored) bytes that are stored",
                    received: "\(byteCount.overflow ? "too many" : "\(byteCount.partialValue)") bytes"
                )
            }
        }
    }
#endif
