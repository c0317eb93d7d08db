import ConvNetReports
import SwiftConvNet
import TestSupport
import Testing

/// A reader of PNG files of three channels, by zlib's decompressor; it knows the filters "none" and "up".
struct PNGImage {
    private(set) var width = 0
    private(set) var height = 0
    private(set) var bytes: [UInt8] = []

    init(_ file: [UInt8]) throws {
        try #require(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        func number(_ place: Int) -> Int { file[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) } }
        var stream: [UInt8] = [], names: [String] = []
        var place = 8
        while place < file.count {
            let size = number(place)
            let named = Array(file[(place + 4)..<(place + 8 + size)])
            names.append(String(decoding: named.prefix(4), as: UTF8.self))
            #expect(number(place + 8 + size) == Int(PNGFile.crc32(named)))
            if names.last == "IHDR" {
                (width, height) = (number(place + 8), number(place + 12))
                #expect(Array(named[12...]) == [8, 2, 0, 0, 0])
            }
            if names.last == "IDAT" { stream = Array(named.dropFirst(4)) }
            place += 12 + size
        }
        #expect(names == ["IHDR", "IDAT", "IEND"])
        let rows = try #require(inflated(stream))
        try #require(rows.count == (3 * width + 1) * height)
        for row in 0..<height {
            let start = row * (3 * width + 1)
            try #require([0, 2].contains(rows[start]))
            for (offset, value) in rows[(start + 1)..<(start + 1 + 3 * width)].enumerated() {
                let above = rows[start] == 2 && row > 0 ? bytes[(row - 1) * 3 * width + offset] : 0
                bytes.append(value &+ above)
            }
        }
    }

    /// Red, green and blue of a pixel.
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
        Array(bytes[(3 * (y * width + x))..<(3 * (y * width + x) + 3)])
    }

    /// The number of pixels of a colour.
    func count(of color: RGBColor) -> Int {
        var count = 0
        for place in stride(from: 0, to: bytes.count, by: 3)
        where bytes[place] == color.red && bytes[place + 1] == color.green && bytes[place + 2] == color.blue {
            count += 1
        }
        return count
    }
}
