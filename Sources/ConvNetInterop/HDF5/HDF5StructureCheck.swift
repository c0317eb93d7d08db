import SwiftConvNet

/// Walks through the structures of an HDF5 file, before libhdf5 sees it, and checks all addresses and sizes in them.
///
/// libhdf5 1.10.8 trusts them, and reads or writes outside of its memory where they are damaged. What Keras and `h5py` write by default
/// is known here: superblocks of version 0 and 1, groups as trees of names, headers of version 1, contiguous, compact and chunked arrays.
/// Files that are written for new libraries alone (`libver="latest"`) are refused. Source: HDF5 File Format Specification, II to IV.
struct HDF5StructureCheck {
    private static let undefined = UInt64.max

    private let bytes: UnsafeRawBufferPointer
    private let path: String
    /// The sizes of nodes of trees and of lists of names: half of their most entries.
    private let treeSize: Int, listSize: Int
    /// Where objects, trees and lists begin that have been visited.
    private var visited: Set<Int> = []
    /// The groups around the object at hand.
    private var depth = 0

    /// Checks a file.
    ///
    /// - Throws: `ConvNetError` of kind `format` with the byte where the structure breaks a rule.
    static func run(_ bytes: [UInt8], path: String) throws {
        try bytes.withUnsafeBytes {
            var check = try HDF5StructureCheck($0, path: path)
            // The entry of the root stands at the end of the superblock; version 1 has four bytes more.
            try check.entry(at: check.byte(8) == 0 ? 56 : 60, names: nil)
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
        self.bytes = bytes
        self.path = path
        guard bytes.count >= 100, bytes[8] <= 1, bytes[13] == 8, bytes[14] == 8 else {
            throw ConvNetError(
                .format,
                "The HDF5 file is of a version that is not read",
                at: "\(path), byte 8",
                expected: "a superblock of version 0 or 1, as h5py writes by default",
                received: bytes.count > 8 ? "version \(bytes[8])" : nil,
                remedy: "Write it again without libver"
            )
        }
        listSize = Int(bytes[16]) | Int(bytes[17]) << 8
        treeSize = Int(bytes[18]) | Int(bytes[19]) << 8
        let start = bytes[8] == 0 ? 24 : 28
        guard try number(start, 8) == 0, try number(start + 16, 8) <= bytes.count else {
            throw damaged(start)
        }
    }

    func damaged(_ place: Int) -> ConvNetError {
        ConvNetError(
            .format,
            "The structure of the HDF5 file is damaged, or not one that Keras writes",
            at: "\(path), byte \(place)"
        )
    }

    private func byte(_ place: Int) -> UInt8 { bytes[place] }

    /// A number of `count` bytes.
    func number(_ place: Int, _ count: Int) throws -> Int {
        guard place >= 0, place <= bytes.count - count else { throw damaged(min(place, bytes.count)) }
        let value = (0..<count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[place + $1]) }
        guard let number = Int(exactly: value) else { throw damaged(place) }
        return number
    }

    /// An address; `nil` for none.
    private func address(_ place: Int) throws -> Int? {
        guard place >= 0, place <= bytes.count - 8 else { throw damaged(min(place, bytes.count)) }
        let value = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        if value == Self.undefined { return nil }
        guard let address = Int(exactly: value), address < bytes.count else { throw damaged(place) }
        return address
    }

    private func requiredAddress(_ place: Int) throws -> Int {
        guard let address = try address(place) else { throw damaged(place) }
        return address
    }

    private func requireSignature(_ word: String, at place: Int, room: Int) throws {
        guard place <= bytes.count - room, room >= 4, bytes[place..<(place + 4)].elementsEqual(word.utf8)
        else {
            throw damaged(place)
        }
    }

    /// Notes a visit.
    ///
    /// - Returns: whether it is the first.
    private mutating func visit(_ place: Int) throws -> Bool {
        guard visited.count < HDF5File.objectLimit else { throw damaged(place) }
        return visited.insert(place).inserted
    }

    // MARK: Groups

    /// An entry of a list of names: an object, and perhaps the tree and the heap of the group that it is.
    private mutating func entry(at place: Int, names: Range<Int>?) throws {
        if let names { try requireName(try number(place, 8), in: names, place) }
        switch try number(place + 16, 4) {
        case 0: break
        case 1: try group(tree: requiredAddress(place + 24), heap: requiredAddress(place + 32))
        default: throw damaged(place + 16)
        }
        try header(at: requiredAddress(place + 8))
    }

    private func requireName(_ offset: Int, in names: Range<Int>, _ place: Int) throws {
        guard offset < names.count, bytes[(names.lowerBound + offset)..<names.upperBound].contains(0) else {
            throw damaged(place)
        }
    }

    private mutating func group(tree: Int, heap: Int) throws {
        guard depth < HDF5File.depthLimit else { throw damaged(tree) }
        depth += 1
        defer { depth -= 1 }
        let names = try self.heap(at: heap)
        try self.tree(at: tree, names: names, level: nil)
    }

    /// The names of a group: where they are.
    private func heap(at place: Int) throws -> Range<Int> {
        try requireSignature("HEAP", at: place, room: 32)
        let size = try number(place + 8, 8), start = try requiredAddress(place + 24)
        guard byte(place + 4) == 0, size <= bytes.count - start, start >= place + 32 || start + size <= place
        else {
            throw damaged(place)
        }
        // Free blocks begin with the offset of the next, or 1 for none, and their size.
        var free = try number(place + 16, 8), rest = size / 16
        while free != 1 {
            guard free <= size - 16, rest > 0 else { throw damaged(place + 16) }
            let count = try number(start + free + 8, 8)
            guard count >= 16, count <= size - free else { throw damaged(start + free) }
            free = try number(start + free, 8)
            rest -= 1
        }
        return start..<(start + size)
    }

    /// A node of a tree of names, those below it, and those to its right.
    ///
    /// - Parameter level: the height above the lists of names that the node has to have.
    private mutating func tree(at first: Int, names: Range<Int>, level: Int?) throws {
        var level = level, next: Int? = first
        while let place = next, try visit(place) {
            try requireSignature("TREE", at: place, room: 24 + 32 * treeSize + 8)
            let own = Int(byte(place + 5)), count = try number(place + 6, 2)
            guard byte(place + 4) == 0, level == nil || level == own, own <= 16, count <= 2 * treeSize else {
                throw damaged(place)
            }
            _ = try address(place + 8)
            (level, next) = (own, try address(place + 16))
            for index in 0..<count {
                let key = place + 24 + 16 * index
                try requireName(try number(key, 8), in: names, key)
                try requireName(try number(key + 16, 8), in: names, key + 16)
                let child = try requiredAddress(key + 8)
                if own > 0 {
                    try tree(at: child, names: names, level: own - 1)
                } else {
                    try list(at: child, names: names)
                }
            }
        }
    }

    /// A list of names.
    private mutating func list(at place: Int, names: Range<Int>) throws {
        guard try visit(place) else { return }
        try requireSignature("SNOD", at: place, room: 8 + 80 * listSize)
        let count = try number(place + 6, 2)
        guard byte(place + 4) == 1, count <= 2 * listSize else { throw damaged(place) }
        for index in 0..<count { try entry(at: place + 8 + 40 * index, names: names) }
    }

    // MARK: Objects

    /// The header of a group or an array.
    private mutating func header(at place: Int) throws {
        guard try visit(place) else { return }
        guard try number(place, 1) == 1 else { throw damaged(place) }
        var blocks = [(start: place + 16, count: try number(place + 8, 4))], next = 0
        while next < blocks.count {
            let (start, count) = blocks[next]
            guard count <= bytes.count - start else { throw damaged(start) }
            var message = start
            while message + 8 <= start + count {
                let type = try number(message, 2), size = try number(message + 2, 2), data = message + 8
                // Bit 1: the message stands elsewhere.
                guard size <= start + count - data, try number(message + 4, 1) & 2 == 0 else {
                    throw damaged(message)
                }
                if type == 0x10 {
                    guard blocks.count < 256, size >= 16 else { throw damaged(message) }
                    blocks.append((try requiredAddress(data), try number(data + 8, 8)))
                } else {
                    try self.message(type, at: data, size: size)
                }
                message = data + size
            }
            next += 1
        }
    }

    private mutating func message(_ type: Int, at place: Int, size: Int) throws {
        switch type {
        case 0x00: break
        case 0x01: try elements(at: place, size: size)
        case 0x03: try self.type(at: place, size: size)
        case 0x04: try oldFillValue(at: place, size: size)
        case 0x05: try fillValue(at: place, size: size)
        case 0x08: try layout(at: place, size: size)
        case 0x0B: try filters(at: place, size: size)
        case 0x0C: try attribute(at: place, size: size)
        case 0x11:
            guard size >= 16 else { throw damaged(place) }
            try group(tree: requiredAddress(place), heap: requiredAddress(place + 8))
        case 0x12:  // the time of the last change
            guard size >= 8 else { throw damaged(place) }
        default: throw damaged(place)
        }
    }

    /// Where the elements of an array are.
    private mutating func layout(at place: Int, size: Int) throws {
        guard size >= 12, byte(place) == 3 else { throw damaged(place) }
        switch byte(place + 1) {
        case 0:
            guard try number(place + 2, 2) <= size - 4 else { throw damaged(place) }
        case 1:
            guard size >= 18 else { throw damaged(place) }
            if let start = try address(place + 2) {
                guard try number(place + 10, 8) <= bytes.count - start else { throw damaged(place) }
            }
        case 2:
            let rank = Int(byte(place + 2))
            guard (1...33).contains(rank), size >= 11 + 4 * rank else { throw damaged(place) }
            if let tree = try address(place + 3) { try chunks(at: tree, rank: rank, level: nil) }
        default: throw damaged(place)
        }
    }

    /// A node of a tree of chunks, those below it, and those to its right.
    private mutating func chunks(at first: Int, rank: Int, level: Int?) throws {
        let keySize = 8 + 8 * rank
        var level = level, next: Int? = first
        while let place = next, try visit(place) {
            try requireSignature("TREE", at: place, room: 24)
            let own = Int(byte(place + 5)), count = try number(place + 6, 2)
            guard byte(place + 4) == 1, level == nil || level == own, own <= 16 else { throw damaged(place) }
            _ = try address(place + 8)
            (level, next) = (own, try address(place + 16))
            for index in 0..<count {
                let key = place + 24 + (keySize + 8) * index
                let child = try requiredAddress(key + keySize)
                if own > 0 {
                    try chunks(at: child, rank: rank, level: own - 1)
                } else {
                    guard try number(key, 4) <= bytes.count - child else { throw damaged(key) }
                }
            }
        }
    }
}
