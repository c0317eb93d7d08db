import ConvNetDatasets
import SwiftConvNet
import TestSupport
import Testing

@Suite("Gzip data")
struct GzipReaderTests {
    /// Reads everything, up to `limit` bytes, in pieces of `piece`.
    private func inflate(_ bytes: [UInt8], limit: Int = 10_000_000, piece: Int = 1 << 16) throws -> [UInt8] {
        let reader = try GzipReader(bytes, file: "data.gz")
        var result: [UInt8] = []
        while result.count < limit {
            let part = try [UInt8](unsafeUninitializedCapacity: piece) { buffer, count in
                count = try reader.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            result += part
            if part.count < piece { break }
        }
        return result
    }

    private func error(_ bytes: [UInt8]) -> ConvNetError? {
        #expect(throws: ConvNetError.self) { try inflate(bytes) }
    }

    @Test("gives back what was compressed, in pieces of any size", arguments: [1, 7, 1000, 1 << 16, 1 << 20])
    func roundTrip(piece: Int) throws {
        let content = noise(5000) + [UInt8](repeating: 3, count: 200_000)
        #expect(try inflate(gzip(content), piece: piece) == content)
        #expect(try inflate(gzip([]), piece: piece) == [])
    }

    @Test("joins several members, empty ones too")
    func members() throws {
        let parts = [noise(1000), [], noise(70_000, seed: 2), [], []]
        #expect(try inflate(parts.flatMap(gzip)) == parts.flatMap { $0 })
    }

    @Test("refuses data that end early, wherever that is")
    func truncated() {
        let whole = gzip(noise(300)) + gzip(noise(300, seed: 2))
        let firstMember = gzip(noise(300)).count
        for count in 0..<whole.count where count != firstMember {
            let error = error(Array(whole.prefix(count)))
            #expect(error?.kind == .format, "\(count) bytes")
            if count > firstMember + 1 || count < firstMember {
                #expect(error?.summary == "The gzip data ends early", "\(count) bytes")
                #expect(error?.location == "data.gz, byte \(count) of the compressed data")
            }
        }
    }

    @Test("never trusts data of which a bit has changed")
    func flippedBits() throws {
        let content = noise(300).map { $0 & 7 }
        let whole = gzip(content)
        var harmless = 0
        for bit in 0..<(whole.count * 8) {
            var damaged = whole
            damaged[bit / 8] ^= 1 << (bit % 8)
            // Some bits mean nothing: the time and the system in the header, the filling of a byte.
            if let read = try? inflate(damaged) {
                #expect(read == content, "bit \(bit)")
                harmless += 1
            }
        }
        #expect((48..<60).contains(harmless))
    }

    @Test("says what is wrong with a checksum and a length")
    func trailer() {
        var wrongChecksum = gzip(noise(300))
        wrongChecksum[wrongChecksum.count - 8] ^= 1
        #expect(error(wrongChecksum)?.summary == "The gzip data is damaged: incorrect data check")
        var wrongLength = gzip(noise(300))
        wrongLength[wrongLength.count - 1] ^= 1
        #expect(error(wrongLength)?.summary == "The gzip data is damaged: incorrect length check")
    }

    @Test("ignores zeros up to the end, as gzip(1) does", arguments: [1, 9, 512, 100_000])
    func padding(count: Int) throws {
        let parts = [noise(300), noise(70_000, seed: 2)]
        let padded = parts.flatMap(gzip) + [UInt8](repeating: 0, count: count)
        for piece in [7, 1 << 17] { #expect(try inflate(padded, piece: piece) == parts.flatMap { $0 }) }
        // Not between members, nor before anything else.
        #expect(error(padded + gzip([1]))?.summary == "Something follows the gzip data")
        #expect(error(padded + [1])?.summary == "Something follows the gzip data")
    }

    @Test(
        "refuses what follows the data",
        arguments: [[0, 1], [0x1f], [0x1f, 0x8c, 8], Array("more".utf8)]
    )
    func trailing(rest: [UInt8]) {
        let whole = gzip(noise(300))
        let error = error(whole + rest)
        #expect(error?.kind == .format)
        #expect(error?.summary == "Something follows the gzip data")
        #expect(error?.location == "data.gz, byte \(whole.count) of the compressed data")
    }

    @Test("inflates no more than is asked for")
    func bounded() throws {
        let bomb = gzip([UInt8](repeating: 0, count: 50_000_000))
        #expect(bomb.count < 60_000)
        let reader = try GzipReader(bomb, file: "bomb.gz")
        var target = [UInt8](repeating: 1, count: 1000)
        #expect(try target.withUnsafeMutableBytes { try reader.read(into: $0) } == 1000)
        #expect(target.allSatisfy { $0 == 0 })
        #expect(reader.position < 2000)
    }
}
