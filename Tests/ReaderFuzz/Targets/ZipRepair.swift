import CZlib

/// Makes the parts of a ZIP archive agree again, after one of them has been changed.
enum ZipRepair {
    private static let local: [UInt8] = [0x50, 0x4B, 3, 4], central: [UInt8] = [0x50, 0x4B, 1, 2]

    /// A file of the archive as its own header describes it.
    private struct Entry {
        let method: UInt16
        let name: [UInt8], data: [UInt8]
    }

    /// Writes the archive anew, with the files that its bytes still hold: their sizes, checksums and places are right then.
    static func mend(_ input: inout [UInt8]) {
        let entries = entries(of: input)
        guard !entries.isEmpty else { return }
        var result: [UInt8] = [], table: [UInt8] = []
        for entry in entries {
            let content = entry.method == 8 ? inflated(entry.data) : entry.data
            let header =
                bytes(entry.method) + bytes(UInt32(0x0021_0000)) + bytes(checksum(content))
                + bytes(UInt32(entry.data.count)) + bytes(UInt32(content.count))
                + bytes(UInt16(entry.name.count))
                + bytes(UInt16(0))
            table += central + bytes(UInt32(20 << 16 | 20)) + bytes(UInt16(0)) + header
            table += [UInt8](repeating: 0, count: 10) + bytes(UInt32(result.count)) + entry.name
            result += local + bytes(UInt16(20)) + bytes(UInt16(0)) + header + entry.name + entry.data
        }
        let start = result.count
        result +=
            table + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + bytes(UInt16(entries.count))
            + bytes(UInt16(entries.count))
        input = result + bytes(UInt32(table.count)) + bytes(UInt32(start)) + bytes(UInt16(0))
    }

    /// The unpacked size of all files, as far as they are whole.
    static func contentSize(_ input: [UInt8]) -> Int {
        entries(of: input).reduce(input.count) { $0 + ($1.method == 8 ? inflated($1.data).count : 0) }
    }

    private static func entries(of input: [UInt8]) -> [Entry] {
        var entries: [Entry] = [], from = 0
        while let start = place(of: local, in: input, from: from), start + 30 <= input.count {
            let method = UInt16(input[start + 8]) | UInt16(input[start + 9]) << 8
            let name = start + 30, size = Int(input[start + 26]) | Int(input[start + 27]) << 8
            let extra = Int(input[start + 28]) | Int(input[start + 29]) << 8
            let first = min(name + size + extra, input.count)
            let ends = [local, central].compactMap { place(of: $0, in: input, from: first) }
            let end = ends.min() ?? input.count
            entries.append(
                Entry(
                    method: method,
                    name: Array(input[name..<min(name + size, input.count)]),
                    data: Array(input[first..<end])
                )
            )
            from = end
        }
        return entries
    }

    /// Where the four bytes of a mark are next. `firstRange(of:)` allocates for each place that it looks at.
    private static func place(of mark: [UInt8], in input: [UInt8], from: Int) -> Int? {
        input.withUnsafeBufferPointer { input in
            var place = from
            while place + 4 <= input.count {
                if input[place] == mark[0], input[place + 1] == mark[1], input[place + 2] == mark[2],
                    input[place + 3] == mark[3]
                {
                    return place
                }
                place += 1
            }
            return nil
        }
    }

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
    }

    /// What deflated data hold, up to 1 MiB.
    private static func inflated(_ data: [UInt8]) -> [UInt8] {
        var stream = z_stream(), source = data, room = [UInt8](repeating: 0, count: 1 << 20)
        guard czlib_inflate_init(&stream, -15) == Z_OK else { return [] }
        defer { inflateEnd(&stream) }
        let count = source.withUnsafeMutableBufferPointer { source in
            room.withUnsafeMutableBufferPointer { room in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = room.baseAddress
                stream.avail_out = UInt32(room.count)
                _ = CZlib.inflate(&stream, Z_FINISH)
                return room.count - Int(stream.avail_out)
            }
        }
        return Array(room.prefix(count))
    }
}
