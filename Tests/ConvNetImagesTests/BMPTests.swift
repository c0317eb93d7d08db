import ConvNetImages
import SwiftConvNet
import TestSupport
import Testing

@Suite("BMP files")
struct BMPTests {
    /// A file of 40 bytes of header, or of 12 with `isCore`.
    private func file(
        width: Int,
        height: Int,
        bits: Int,
        compression: Int = 0,
        palette: [[UInt8]] = [],
        masks: [UInt32] = [],
        isCore: Bool = false,
        colorsUsed: Int = 0,
        rows: [UInt8]
    ) -> [UInt8] {
        func little(_ value: Int, _ size: Int) -> [UInt8] {
            (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var header: [UInt8] = []
        if isCore {
            for (value, size) in [(12, 4), (width, 2), (height, 2), (1, 2), (bits, 2)] {
                header += little(value, size)
            }
        } else {
            for (value, size) in [
                (40, 4), (width, 4), (height, 4), (1, 2), (bits, 2), (compression, 4), (0, 4), (0, 4), (0, 4),
                (colorsUsed, 4), (0, 4),
            ] {
                header += little(value, size)
            }
        }
        for mask in masks { header += little(Int(mask), 4) }
        for color in palette {
            header += [color[2], color[1], color[0]]
            if !isCore { header.append(0) }
        }
        let offset = 14 + header.count
        var file = Array("BM".utf8)
        file += little(offset + rows.count, 4)
        file += little(0, 4)
        file += little(offset, 4)
        return file + header + rows
    }

    private let palette: [[UInt8]] = [[10, 20, 30], [40, 50, 60], [70, 80, 90], [255, 0, 1]]

    private func pixels(_ file: [UInt8], _ mode: ColorMode = .rgb) throws -> [UInt8] {
        try Picture(decoding: file, colorMode: mode).pixels
    }

    @Test("of 1, 2, 4 and 8 bits have the colours of their palettes, and rows from the bottom")
    func palettes() throws {
        let all = palette.flatMap { $0 }
        // Two rows of three pixels: 0 1 0 at the bottom, 1 1 0 at the top.
        let two = file(
            width: 3,
            height: 2,
            bits: 1,
            palette: Array(palette[..<2]),
            rows: [0b0100_0000, 0, 0, 0, 0b1100_0000, 0, 0, 0]
        )
        #expect(
            try pixels(two)
                == palette[1] + palette[1] + palette[0] + palette[0] + palette[1] + palette[0]
        )
        #expect(
            try pixels(file(width: 4, height: 1, bits: 2, palette: palette, rows: [0b0001_1011, 0, 0, 0]))
                == all
        )
        for isCore in [false, true] {
            let four = file(
                width: 4,
                height: -1 * (isCore ? -1 : 1),
                bits: 4,
                palette: palette + Array(repeating: [0, 0, 0], count: 12),
                isCore: isCore,
                rows: [0x01, 0x23, 0, 0]
            )
            #expect(try pixels(four) == all)
        }
        let eight = file(width: 4, height: 1, bits: 8, palette: palette, colorsUsed: 4, rows: [0, 1, 2, 3])
        #expect(try pixels(eight) == all)
        // The last row may lack its filling.
        let short = file(width: 3, height: 1, bits: 8, palette: palette, colorsUsed: 4, rows: [3, 2, 1])
        #expect(try pixels(short) == palette[3] + palette[2] + palette[1])
    }

    @Test("of 16, 24 and 32 bits have colours, from the top with a negative height")
    func colors() throws {
        let rows: [UInt8] = [3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0]
        #expect(try pixels(file(width: 2, height: -2, bits: 24, rows: rows)) == Array(1...12))
        #expect(
            try pixels(file(width: 2, height: 2, bits: 24, rows: rows)) == Array(7...12) + Array(1...6)
        )
        // 5 bits each; and 5, 6 and 5 by masks.
        #expect(try pixels(file(width: 1, height: 1, bits: 16, rows: [0x1F, 0x7C, 0, 0])) == [255, 0, 255])
        let masks: [UInt32] = [0xF800, 0x07E0, 0x001F]
        #expect(
            try pixels(
                file(width: 1, height: 1, bits: 16, compression: 3, masks: masks, rows: [0xE0, 0x07, 0, 0])
            )
                == [0, 255, 0]
        )
        #expect(
            try pixels(file(width: 1, height: 1, bits: 32, rows: [3, 2, 1, 77]), .rgba) == [1, 2, 3, 255]
        )
        let alpha: [UInt32] = [0xFF, 0xFF00, 0xFF_0000, 0xFF00_0000]
        #expect(
            try pixels(
                file(width: 1, height: 1, bits: 32, compression: 6, masks: alpha, rows: [1, 2, 3, 77]),
                .rgba
            )
                == [1, 2, 3, 77]
        )
    }

    @Test("in grey have the luma of BT.601")
    func gray() throws {
        let picture = file(width: 1, height: 1, bits: 24, rows: [30, 200, 100, 0])
        #expect(try pixels(picture, .grayscale) == [UInt8(0.299 * 100 + 0.587 * 200 + 0.114 * 30)])
    }

    @Test(
        "that are broken are errors of kind format which name the file",
        arguments: [
            ("header", 14, [41 - 2, 0, 0, 0]), ("bits", 28, [7, 0]), ("compression", 30, [1, 0, 0, 0]),
            ("offset", 10, [255, 255, 255, 127]), ("width", 18, [0, 0, 0, 0]),
            ("width", 18, [0, 0, 0, 0x80]),
            ("height", 22, [0, 0, 0, 0x80]), ("offset", 10, [0, 0, 0, 0]),
        ] as [(String, Int, [UInt8])]
    )
    func broken(what: String, place: Int, bytes: [UInt8]) throws {
        var picture = file(width: 2, height: 1, bits: 8, palette: palette, rows: [0, 1, 0, 0])
        picture.replaceSubrange(place..<(place + bytes.count), with: bytes)
        let error = try #require(throws: ConvNetError.self) { try Picture(decoding: picture, name: "a.bmp") }
        #expect(error.kind == .format && error.location?.hasPrefix("a.bmp") == true, "\(what): \(error)")
    }

    @Test("whose pixels have no colour, and that are compressed, say so")
    func reasons() throws {
        let odd = file(width: 2, height: 1, bits: 8, palette: palette, colorsUsed: 4, rows: [0, 9, 0, 0])
        var error = try #require(throws: ConvNetError.self) { try Picture(decoding: odd, name: "a.bmp") }
        #expect(error.location == "a.bmp, row 0, column 1" && error.received == "9")
        let packed = file(width: 2, height: 1, bits: 8, compression: 1, palette: palette, rows: [0, 9, 0, 0])
        error = try #require(throws: ConvNetError.self) { try Picture(decoding: packed) }
        #expect(error.received == "RLE8" && error.remedy?.contains("without compression") == true)
    }

    @Test("cut short anywhere are errors")
    func cutShort() throws {
        let whole = file(width: 5, height: 3, bits: 24, rows: Array(repeating: 7, count: 48))
        #expect(try pixels(whole).count == 45)
        for count in 0..<(whole.count - 1) {
            #expect(throws: ConvNetError.self) { try Picture(decoding: Array(whole[..<count])) }
        }
    }
}
