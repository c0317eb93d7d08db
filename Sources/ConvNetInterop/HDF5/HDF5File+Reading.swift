#if HDF5
    import CHDF5
    import SwiftConvNet

    extension HDF5File {
        /// The elements of an array, each as the nearest `Float`.
        ///
        /// - Throws: `ConvNetError` of kind `format` if there is no such array or it is damaged, of kind `environment` if there is not
        ///   enough memory.
        package func tensor(_ name: String) throws -> Tensor {
            let dataset = try dataset(name), place = "\(path), \(name)"
            switch dataset.element {
            case .number:
                return try Tensor(shape: dataset.shape) { floats in
                    try read(name, as: { ch5_float() }, into: floats.baseAddress, place)
                }
            case .bfloat16:
                var halves = [UInt16](repeating: 0, count: dataset.shape.elementCount)
                try read(name, as: nil, into: &halves, place)
                // The upper half of a float's bits.
                return try Tensor(
                    halves.map { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) },
                    shape: dataset.shape
                )
            }
        }

        /// The only number of an array: a count, say.
        ///
        /// - Throws: as `tensor`, and of kind `format` if there is not exactly one number.
        package func number(_ name: String) throws -> Double {
            let dataset = try dataset(name), place = "\(path), \(name)"
            guard dataset.shape.elementCount == 1, dataset.element == .number else {
                throw ConvNetError(
                    .format,
                    "Not one number",
                    at: place,
                    expected: "one",
                    received: "\(dataset.shape)"
                )
            }
            var value = 0.0
            try read(name, as: { ch5_double() }, into: &value, place)
            return value
        }

        /// Reads all elements of an array.
        ///
        /// - Parameter type: what they become; `nil` for what they are.
        private func read(
            _ name: String,
            as type: (() -> hid_t)?,
            into memory: UnsafeMutableRawPointer?,
            _ place: String
        ) throws {
            guard let memory else { return }
            try HDF5Library.call {
                let set = try HDF5ID(H5Dopen2(handle.id, name, 0), place, close: H5Dclose)
                let own = try HDF5ID(H5Dget_type(set.id), place, close: H5Tclose)
                try HDF5Library.check(H5Dread(set.id, type?() ?? own.id, 0, 0, 0, memory), place)
            }
        }

        /// The words of an attribute: a list, or a single one; `nil` if the group has no such attribute.
        ///
        /// - Throws: `ConvNetError` of kind `format` if it is of another type, or claims more bytes than the file has.
        package func strings(_ attribute: String, of group: String) throws -> [String]? {
            let place = "\(path), \(group.isEmpty ? "/" : group), attribute \(attribute)"
            switch try words(attribute, of: group, place) {
            case .none: return nil
            case .fixed(let words): return words
            case .variable: return try HDF5Text(self).attribute(attribute, ofObjectAt: groups[group] ?? 0)
            }
        }

        /// What an attribute is made of.
        private enum Words { case none, variable, fixed([String]) }

        private func words(_ attribute: String, of group: String, _ place: String) throws -> Words {
            try HDF5Library.call {
                let object = try HDF5ID(
                    H5Oopen(handle.id, group.isEmpty ? "/" : group, 0),
                    place,
                    close: H5Oclose
                )
                guard try HDF5Library.check(H5Aexists(object.id, attribute), place) > 0 else { return .none }
                let opened = try HDF5ID(H5Aopen(object.id, attribute, 0), place, close: H5Aclose)
                let type = try HDF5ID(H5Aget_type(opened.id), place, close: H5Tclose)
                let space = try HDF5ID(H5Aget_space(opened.id), place, close: H5Sclose)
                // The library is not asked for these.
                if H5Tis_variable_str(type.id) > 0 { return .variable }
                let count = Int(H5Sget_simple_extent_npoints(space.id)), size = Int(H5Tget_size(type.id))
                // Keras writes a list without words as numbers.
                if count == 0 { return .fixed([]) }
                guard H5Tget_class(type.id) == H5T_STRING, count > 0, size > 0 else {
                    throw ConvNetError(
                        .format,
                        "An attribute is not made of words",
                        at: place,
                        expected: "words"
                    )
                }
                let (byteCount, overflows) = count.multipliedReportingOverflow(by: size)
                guard !overflows, byteCount <= bytes.count else {
                    throw ConvNetError(
                        .format,
                        "An attribute claims more bytes than the file has",
                        at: place,
                        expected: "at most \(bytes.count)",
                        received: "\(count) words of \(size) bytes"
                    )
                }
                var buffer = [UInt8](repeating: 0, count: byteCount)
                try HDF5Library.check(H5Aread(opened.id, type.id, &buffer), place)
                return .fixed(
                    (0..<count).map { index in
                        let word = buffer[(index * size)..<((index + 1) * size)]
                        return String(decoding: word.prefix { $0 != 0 }, as: UTF8.self)
                    }
                )
            }
        }
    }
#endif
