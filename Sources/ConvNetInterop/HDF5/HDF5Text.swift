import SwiftConvNet

/// Texts of variable length that an HDF5 file has as an attribute, such as `model_config`.
///
/// libhdf5 1.10.8 ends the process where such a text is damaged: its pointers into the global heap are followed without checks. So it
/// is read here, from the bytes. Attribute messages (of the versions 1 to 3) begin with their name's size; they hold the text's
/// length, and the address and the index of an object in a collection of the global heap. Source: HDF5 File Format Specification,
/// III.E and IV.A.2.m.
struct HDF5Text {
    private let bytes: [UInt8]
    private let path: String

    init(_ file: HDF5File) {
        bytes = file.bytes
        path = file.path
    }

    /// The texts of an attribute of an object; `nil` if the object has none of this name.
    ///
    /// - Parameter address: where the object's header is.
    /// - Throws: `ConvNetError` of kind `format` if a text is not where the attribute says.
    func attribute(_ name: String, ofObjectAt address: Int) throws -> [String]? {
        let wanted = Array(name.utf8) + [0]
        for block in blocks(ofHeaderAt: address) {
            var start = block.lowerBound
            while let place = find(wanted, in: start..<block.upperBound) {
                if let values = values(ofNameAt: place, size: wanted.count) {
                    return try values.map { try text($0, of: name) }
                }
                start = place + 1
            }
        }
        return nil
    }

    /// Where the messages of an object's header are; the whole file for a header of version 2, which only files have that were written for
    /// new libraries alone.
    private func blocks(ofHeaderAt address: Int) -> [Range<Int>] {
        guard number(address, 1) == 1, let size = number(address + 8, 4), size <= bytes.count - address - 16
        else {
            return [0..<bytes.count]
        }
        var blocks = [(address + 16)..<(address + 16 + size)], next = 0
        // A damaged header may lead round in a circle.
        while next < blocks.count, blocks.count < 64 {
            var message = blocks[next].lowerBound
            while message + 8 <= blocks[next].upperBound, let type = number(message, 2),
                let size = number(message + 2, 2)
            {
                // A continuation: the address and the size of another block.
                if type == 0x10, let start = number(message + 8, 8), let count = number(message + 16, 8),
                    start <= bytes.count, count <= bytes.count - start
                {
                    blocks.append(start..<(start + count))
                }
                message += 8 + size
            }
            next += 1
        }
        return blocks
    }

    /// Where a text is.
    private struct Reference { let length: Int, address: Int, index: Int }

    private func find(_ wanted: [UInt8], in range: Range<Int>) -> Int? {
        guard range.count >= wanted.count else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            (range.lowerBound...(range.upperBound - wanted.count)).first { place in
                wanted.indices.allSatisfy { bytes[place + $0] == wanted[$0] }
            }
        }
    }

    /// The references in the attribute message whose name begins at `place`; `nil` if there is no such message.
    private func values(ofNameAt place: Int, size: Int) -> [Reference]? {
        // Before the name: version, flags, the sizes of name, type and space, and from version 3 on the encoding.
        for (version, header) in [(1, 8), (2, 8), (3, 9)] {
            let start = place - header
            guard start >= 0, bytes[start] == UInt8(version), number(start + 2, 2) == size,
                let typeSize = number(start + 4, 2), let spaceSize = number(start + 6, 2)
            else { continue }
            func padded(_ count: Int) -> Int { version == 1 ? (count + 7) / 8 * 8 : count }
            let type = place + padded(size), space = type + padded(typeSize),
                value = space + padded(spaceSize)
            // Class 9, variable length, of which kind 1 is a text.
            guard let kind = number(type, 1), kind & 0x0F == 9, let bits = number(type + 1, 1),
                bits & 0x0F == 1,
                let count = count(ofSpaceAt: space), count <= (bytes.count - value) / 16
            else { continue }
            return (0..<count).compactMap { index in
                let start = value + 16 * index
                guard let length = number(start, 4), let address = number(start + 4, 8),
                    let index = number(start + 12, 4)
                else { return nil }
                return Reference(length: length, address: address, index: index)
            }
        }
        return nil
    }

    /// The number of elements of the dataspace message at `place`, of version 1 or 2 and of at most one axis; `nil` for others.
    private func count(ofSpaceAt place: Int) -> Int? {
        guard let version = number(place, 1), let rank = number(place + 1, 1) else { return nil }
        if rank == 0 { return 1 }
        return rank == 1 ? number(place + (version == 1 ? 8 : 4), 8) : nil
    }

    /// The object of the global heap that a reference names, as text.
    private func text(_ reference: Reference, of name: String) throws -> String {
        let place = "\(path), attribute \(name)"
        let damaged = ConvNetError(.format, "The text of an attribute is not where the file says", at: place)
        let start = reference.address
        guard start < bytes.count, bytes[start...].starts(with: "GCOL".utf8), let size = number(start + 8, 8),
            size >= 16, size <= bytes.count - start
        else { throw damaged }
        let end = start + size
        var object = start + 16
        while object + 16 <= end, let index = number(object, 2), let count = number(object + 8, 8), index != 0
        {
            let data = object + 16
            guard count <= end - data else { throw damaged }
            if index == reference.index {
                guard reference.length <= count else { throw damaged }
                return String(
                    decoding: bytes[data..<(data + reference.length)].prefix { $0 != 0 },
                    as: UTF8.self
                )
            }
            object = data + (count + 7) / 8 * 8
        }
        throw damaged
    }

    /// A number of `count` bytes, the lowest first; `nil` outside the file, or if it is larger than the largest `Int`.
    private func number(_ place: Int, _ count: Int) -> Int? {
        guard place >= 0, place <= bytes.count - count else { return nil }
        let value = bytes[place..<(place + count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }
}
