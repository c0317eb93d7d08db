import ConvNetReports
import SwiftConvNet
import Testing

/// A reader of PNG files with stored blocks, which checks every checksum.
struct StoredPNG {
    private(set) var width = 0
    private(set) var height = 0
    private(set) var channels = 0
    private(set) var bytes: [UInt8] = []

    init(_ file: [UInt8]) throws {
        try #require(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        var stream: [UInt8] = []
        var names: [String] = []
        var place = 8
        while place < file.count {
            let size = Self.number(file[place..<(place + 4)])
            let named = Array(file[(place + 4)..<(place + 8 + size)])
            let name = String(decoding: named.prefix(4), as: UTF8.self)
            names.append(name)
            let sum = Self.number(file[(place + 8 + size)..<(place + 12 + size)])
            #expect(sum == Int(PNGFile.crc32(named)))
            if name == "IDAT" { stream += named.dropFirst(4) }
            if name == "IHDR" {
                width = Self.number(named[4..<8])
                height = Self.number(named[8..<12])
                #expect(named[12] == 8 && Array(named[14...]) == [0, 0, 0])
                channels = named[13] == 2 ? 3 : named[13] == 0 ? 1 : -1
            }
            place += 12 + size
        }
        #expect(names == ["IHDR", "IDAT", "IEND"])
        try unpack(stream)
    }

    private mutating func unpack(_ stream: [UInt8]) throws {
        // RFC 1950: the method is deflate, and the header a multiple of 31.
        #expect(stream[0] & 0x0F == 8 && (Int(stream[0]) * 256 + Int(stream[1])) % 31 == 0)
        var raw: [UInt8] = []
        var place = 2
        var isLast = false
        while !isLast {
            try #require(stream[place] <= 1, "not a stored block")
            isLast = stream[place] == 1
            let size = Int(stream[place + 1]) | Int(stream[place + 2]) << 8
            let inverse = Int(stream[place + 3]) | Int(stream[place + 4]) << 8
            try #require(size ^ inverse == 0xFFFF)
            raw += stream[(place + 5)..<(place + 5 + size)]
            place += 5 + size
        }
        var (a, b) = (1, 0)
        for byte in raw {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        #expect(Self.number(stream[place...]) == b * 65536 + a)
        let row = width * channels + 1
        try #require(raw.count == row * height)
        for start in stride(from: 0, to: raw.count, by: row) {
            #expect(raw[start] == 0)
            bytes += raw[(start + 1)..<(start + row)]
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
