import CZlib
import ConvNetDatasets
import SwiftConvNet
import TestSupport

/// Gzip data, inflated piece by piece.
struct GzipTarget: FuzzTarget {
    static let name = "gzip"
    private static let limit = 1 << 18

    let seeds: [[UInt8]] = [
        gzip([]),
        gzip(noise(300)),
        gzip(noise(300).map { $0 & 3 }),
        gzip([UInt8](repeating: 0, count: 400_000)),
        gzip(noise(50)) + gzip([]) + gzip(noise(40, seed: 2)),
        gzip(gzip([UInt8](repeating: 7, count: 100_000))),
        // A header with every optional field: extra, name, comment, checksum of the header (not verified here).
        [0x1f, 0x8b, 8, 0b1_1100, 0, 0, 0, 0, 0, 3, 2, 0, 1, 2] + Array("../../name\0comment\0".utf8)
            + gzip(noise(20)).dropFirst(10),
    ]

    func repair(_ input: inout [UInt8], _ random: inout Randomness) { Self.repairTrailer(&input) }

    func contentSize(_ input: [UInt8]) -> Int { Self.inflatedSize(input) }

    func read(_ input: [UInt8]) throws {
        let reader = try GzipReader(input, file: "input")
        var total = 0
        // Pieces of odd sizes, for the place where a member ends may be anywhere in one.
        var piece = [UInt8](repeating: 0, count: 61 + Int(input.last ?? 0) * 61)
        while total < Self.limit {
            let count = try piece.withUnsafeMutableBytes { try reader.read(into: $0) }
            try require(
                (0...piece.count).contains(count) && reader.position <= input.count,
                "reads stay in bounds"
            )
            total += count
            if count < piece.count { return }
        }
    }

    static func isGzip(_ input: [UInt8]) -> Bool { input.starts(with: [0x1f, 0x8b]) }

    /// The size of the content, as far as it can be inflated, at most the largest limit that targets set.
    static func inflatedSize(_ input: [UInt8]) -> Int {
        guard isGzip(input) else { return input.count }
        return input.count + inflate(input).reduce(0) { $0 + $1.size }
    }

    /// Sets the checksum and the length at the end of each member to those of the content that it now has.
    static func repairTrailer(_ input: inout [UInt8]) {
        for member in inflate(input) where member.isWhole {
            withUnsafeBytes(
                of: (member.checksum.littleEndian, UInt32(truncatingIfNeeded: member.size).littleEndian)
            ) {
                input.replaceSubrange((member.end - 8)..<member.end, with: $0)
            }
        }
    }

    private struct Member {
        var size = 0
        var checksum: UInt32 = 0
        var end = 0
        var isWhole = false
    }

    /// Inflates without looking at checksums.
    private static func inflate(_ input: [UInt8]) -> [Member] {
        var stream = z_stream()
        guard czlib_inflate_init(&stream, 15 + 16) == Z_OK else { return [] }
        defer { inflateEnd(&stream) }
        var members: [Member] = []
        var source = input
        var room = [UInt8](repeating: 0, count: 1 << 15)
        return source.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while stream.avail_in > 0, members.reduce(0, { $0 + $1.size }) <= limit {
                inflateReset(&stream)
                inflateValidate(&stream, 0)
                var member = Member()
                var code = Z_OK
                repeat {
                    room.withUnsafeMutableBufferPointer { room in
                        stream.next_out = room.baseAddress
                        stream.avail_out = UInt32(room.count)
                        code = CZlib.inflate(&stream, Z_NO_FLUSH)
                        let count = room.count - Int(stream.avail_out)
                        member.size += count
                        member.checksum = UInt32(
                            truncatingIfNeeded: crc32(UInt(member.checksum), room.baseAddress, UInt32(count))
                        )
                    }
                } while code == Z_OK && member.size <= limit
                member.end = source.count - Int(stream.avail_in)
                member.isWhole = code == Z_STREAM_END
                members.append(member)
                guard member.isWhole else { break }
            }
            return members
        }
    }
}
