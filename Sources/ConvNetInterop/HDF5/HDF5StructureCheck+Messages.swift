/// Messages of headers whose parts have sizes of their own. Source: HDF5 File Format Specification, IV.A.2.
extension HDF5StructureCheck {
    /// An attribute: a name, a type, a dataspace, and the elements.
    func attribute(at place: Int, size: Int) throws {
        let version = try number(place, 1), header = version == 3 ? 9 : 8
        // Versions 2 and 3: bits that say that the type or the dataspace stand elsewhere.
        guard (1...3).contains(version), size >= header, try version == 1 || number(place + 1, 1) & 3 == 0
        else {
            throw damaged(place)
        }
        let sizes = try [2, 4, 6].map { try number(place + $0, 2) }
        let rooms = sizes.map { version == 1 ? ($0 + 7) & ~7 : $0 }
        guard sizes.allSatisfy({ $0 > 0 }), header + rooms.reduce(0, +) <= size else { throw damaged(place) }
        let name = place + header, type = name + rooms[0], space = type + rooms[1], data = space + rooms[2]
        guard try number(name + sizes[0] - 1, 1) == 0 else { throw damaged(name) }
        let element = try self.type(at: type, size: sizes[1]).element
        let (bytes, overflow) = try elements(at: space, size: sizes[2]).multipliedReportingOverflow(
            by: element
        )
        guard !overflow, bytes <= place + size - data else { throw damaged(data) }
    }

    /// A dataspace.
    ///
    /// - Returns: the number of elements.
    @discardableResult
    func elements(at place: Int, size: Int) throws -> Int {
        guard size >= 4 else { throw damaged(place) }
        let version = try number(place, 1), rank = try number(place + 1, 1), flags = try number(place + 2, 1)
        let header = version == 1 ? 8 : 4
        guard (1...2).contains(version), rank <= 32, flags <= 1, header + 8 * rank * (1 + flags) <= size
        else {
            throw damaged(place)
        }
        // Version 2 knows dataspaces without elements.
        if version == 2, try number(place + 3, 1) == 2 { return 0 }
        return try (0..<rank).reduce(1) { count, axis in
            let (next, overflow) = try count.multipliedReportingOverflow(
                by: number(place + header + 8 * axis, 8)
            )
            guard !overflow else { throw damaged(place) }
            return next
        }
    }

    /// The fill value of old libraries: a size, and as many bytes.
    func oldFillValue(at place: Int, size: Int) throws {
        guard size >= 4, try number(place, 4) <= size - 4 else { throw damaged(place) }
    }

    /// A fill value: version 2 has a byte that says whether there is one, version 3 a bit.
    func fillValue(at place: Int, size: Int) throws {
        guard size >= 4 else { throw damaged(place) }
        let hasValue: Bool, header: Int
        switch try number(place, 1) {
        case 2: (hasValue, header) = (try number(place + 3, 1) > 0, 4)
        case 3: (hasValue, header) = (try number(place + 1, 1) & 0x20 != 0, 2)
        default: throw damaged(place)
        }
        if hasValue { try oldFillValue(at: place + header, size: size - header) }
    }

    /// The filters that chunks go through: each has a number, a name and values of four bytes.
    func filters(at place: Int, size: Int) throws {
        guard size >= 2 else { throw damaged(place) }
        let version = try number(place, 1), count = try number(place + 1, 1)
        guard (1...2).contains(version), count <= 32 else { throw damaged(place) }
        let end = place + size
        var filter = place + (version == 1 ? 8 : 2)
        for _ in 0..<count {
            // Version 2 has no name for the filters of the library itself.
            let hasName = try version == 1 || number(filter, 2) >= 256
            let name = hasName ? try number(filter + 2, 2) : 0
            let values = try number(filter + (hasName ? 6 : 4), 2)
            filter += hasName ? 8 : 6
            guard version == 2 || name % 8 == 0, filter + name <= end else { throw damaged(place) }
            if name > 0, try number(filter + name - 1, 1) != 0 { throw damaged(filter) }
            // Version 1 fills an odd number of values up.
            filter += name + 4 * (version == 1 ? (values + 1) & ~1 : values)
            guard filter <= end else { throw damaged(place) }
        }
    }

    /// A type: numbers, strings, references, enumerations, and lists of these; no records and arrays, which Keras does not write.
    ///
    /// - Returns: the bytes of the type, and those of an element.
    @discardableResult
    func type(at place: Int, size: Int, depth: Int = 0) throws -> (own: Int, element: Int) {
        guard size >= 8, depth < 4 else { throw damaged(place) }
        let kind = try number(place, 1), element = try number(place + 4, 4)
        let version = kind >> 4, properties = place + 8
        guard (1...3).contains(version), (1...Int(Int32.max)).contains(element) else { throw damaged(place) }
        let own: Int
        switch kind & 15 {
        case 0, 4:  // whole numbers, bits
            own = 12
            guard size >= own, try bits(at: properties, [0, 2], count: 2, of: element) else {
                throw damaged(place)
            }
        case 1:  // numbers with an exponent
            own = 20
            let sign = try number(place + 2, 1)
            guard size >= own, sign < 8 * element, try bits(at: properties, [0, 2], count: 2, of: element),
                try bits(at: properties, [4, 5], count: 1, of: element),
                try bits(at: properties, [6, 7], count: 1, of: element)
            else {
                throw damaged(place)
            }
        case 3, 7: own = 8  // strings, references
        case 5: own = 8 + (try number(place + 1, 1) + 7) & ~7  // bytes with a tag
        case 8:  // names of numbers
            let base = try type(at: properties, size: size - 8, depth: depth + 1)
            guard base.element == element else { throw damaged(place) }
            var end = properties + base.own
            let members = try number(place + 1, 2)
            for _ in 0..<members {
                let start = end
                while try end < place + size && number(end, 1) != 0 { end += 1 }
                end += 1
                if version < 3 { end = start + (end - start + 7) & ~7 }
            }
            own = end + members * element - place
        case 9: own = 8 + (try type(at: properties, size: size - 8, depth: depth + 1).own)  // lists
        default: throw damaged(place)
        }
        guard own <= size else { throw damaged(place) }
        return (own, element)
    }

    /// Whether a place and a number of bits, in fields of `count` bytes, lie within an element.
    private func bits(at properties: Int, _ fields: [Int], count: Int, of element: Int) throws -> Bool {
        let place = try number(properties + fields[0], count),
            width = try number(properties + fields[1], count)
        return width > 0 && place + width <= 8 * element
    }
}
