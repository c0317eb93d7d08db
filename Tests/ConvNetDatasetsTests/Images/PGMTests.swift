import ConvNetDatasets
import SwiftConvNet
import TestSupport
import Testing

@Suite("PGM files")
struct PGMTests {
    private func decode(_ content: [UInt8]) throws -> GrayImage {
        try GrayImage(decodingPGM: content, name: "image.pgm")
    }

    private func decode(_ text: String) throws -> GrayImage { try decode(Array(text.utf8)) }

    @Test(
        "of plain text are read, with comments and any white space",
        arguments: [
            "P2\n3 2\n10\n0 1 2\n3 4 10\n",
            "P2 3 2 10 0 1 2 3 4 10",
            "P2\r\n3 2\r\n10\r\n0 1 2\r\n3 4 10\r\n",
            "P2# made by hand\n# 9 9\n3 # columns\n2#rows\n10\n#grey\n0 1 2 #row\n3 4 10#end",
            "P2\t003\u{B}02\u{C}0010\n00 01 02 03 04 00010",
        ]
    )
    func plain(text: String) throws {
        let image = try decode(text)
        #expect(image.width == 3)
        #expect(image.height == 2)
        #expect(image.pixels == [0, 0.1, 0.2, 0.3, 0.4, 1])
    }

    @Test("of bytes are read, though bytes look like white space, digits or comments")
    func binary() throws {
        let bytes: [UInt8] = [10, 35, 48, 32, 0, 255]
        for header in ["P5\n3 2\n255\n", "P5 3 2 255 ", "P5\n#a\n3 #b\n2\n255\t", "P5 3 2 255#c\n"] {
            let image = try decode(Array(header.utf8) + bytes)
            #expect(image.pixels == bytes.map { Float($0) / 255 })
        }
        #expect(try decode(Array("P5 3 2 255\n".utf8) + bytes + [10, 10]).pixels.count == 6)
    }

    @Test("of two bytes per pixel are read, the high one first")
    func wide() throws {
        #expect(
            try decode(Array("P5 2 1 65535 ".utf8) + [0x80, 0x00, 0xFF, 0xFF]).pixels == [32768 / 65535, 1]
        )
        #expect(try decode(Array("P5 2 1 256 ".utf8) + [1, 0, 0, 128]).pixels == [1, 0.5])
        #expect(try decode("P2 2 1 65535 65535 13107").pixels == [1, 0.2])
    }

    @Test(
        "that are broken are errors which name the place",
        arguments: [
            ("", 0, "PGM image"), ("P", 0, "PGM image"), ("P6 1 1 255 abc", 0, "PGM image"),
            ("text", 0, "PGM image"),
            ("P2", 2, "width"), ("P21 1 1 1", 2, "width"), ("P5 x 2 255\n", 3, "width"),
            ("P5 0 2 255\n", 3, "width"),
            ("P5 -1 2 255\n", 3, "width"), ("P5 3x 2 255\n", 3, "width"),
            ("P5 99999999999999999999 2 255\n", 3, "width"), ("P5 16385 1 255\n", 3, "width"),
            ("P5 2\n", 5, "height"), ("P5 2 0 255\n", 5, "height"), ("P5 16384 16384 255\n", 14, "too large"),
            ("P5 2 2 0\n", 7, "largest grey level"), ("P5 2 2 65536\n", 7, "largest grey level"),
            ("P5 2 2 255", 10, "ends early"), ("P5 2 2 255\nabc", 14, "ends early"),
            ("P5 16384 2048 255\nabc", 21, "ends early"), ("P2 16384 2048 255\n1 2 3", 23, "ends early"),
            ("P5 1 1 9\n:", 9, "out of range"), ("P5 1 1 255\nab", 12, "follows"),
            ("P2 1 1 9\n3 4", 11, "follows"),
            ("P2 2 1 9\n3", 10, "grey level 1"), ("P2 2 1 9\n3 10", 11, "grey level 1"),
            ("P2 2 1 9\n3 -4", 11, "grey level 1"), ("P2 2 1 9\n3 4.5", 11, "grey level 1"),
        ]
    )
    func broken(text: String, byte: Int, message: String) throws {
        let error = try #require(throws: ConvNetError.self) { try decode(text) }
        #expect(error.kind == .format)
        #expect(error.location == "image.pgm, byte \(byte)", "\(error)")
        #expect(error.summary.contains(message), "\(error)")
    }

    @Test("cut short anywhere, or with a byte changed, are an image or an error")
    func damaged() throws {
        let plain = Array("P2\n#c\n4 3\n255\n0 1 2 3 4 5 6 7 8 9 10 255\n".utf8)
        let binary = Array("P5\n4 3\n255\n".utf8) + (0..<12).map { UInt8($0 * 20) }
        for file in [plain, binary] {
            for length in file.indices {
                if let image = try? decode(Array(file[..<length])) { #expect(image.pixels.count == 12) }
                for value: UInt8 in [0, 9, 32, 35, 48, 57, 255] {
                    var changed = file
                    changed[length] = value
                    if let image = try? decode(changed) {
                        #expect(image.pixels.count == image.width * image.height)
                    }
                }
            }
        }
        for length in binary.indices {
            #expect(throws: ConvNetError.self) { try decode(Array(binary[..<length])) }
        }
    }

    @Test("are told from other pictures, with a way to convert those")
    func otherFormats() throws {
        for (magic, name) in [([0x89, 0x50, 0x4E, 0x47, 0x0D], "PNG"), ([0xFF, 0xD8, 0xFF], "JPEG")]
            as [([UInt8], String)]
        {
            let error = try #require(throws: ConvNetError.self) { try decode(magic) }
            #expect(error.received == "a \(name) file")
            #expect(error.remedy?.contains("magick") == true)
        }
    }

    @Test("are read from a path, and a path without one is an error")
    func path() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("P2 1 1 4 1\n", to: folder.file("a.pgm"))
        #expect(try GrayImage(contentsOfPGM: folder.file("a.pgm")).pixels == [0.25])
        let error = try #require(throws: ConvNetError.self) {
            try GrayImage(contentsOfPGM: folder.file("b.pgm"))
        }
        #expect(error.kind == .file)
    }

    @Test("hold images of any size; sizes and values out of range are errors")
    func image() throws {
        #expect(try GrayImage([0, 1], width: 2, height: 1).pixels == [0, 1])
        for (pixels, width, height) in [
            ([0], 0, 1), ([0, 1], 1, 1), ([], 0, 0), ([], -1, -1), ([.nan], 1, 1), ([1.5], 1, 1),
            ([0], Int.max, Int.max),
        ] as [([Float], Int, Int)] {
            #expect(throws: ConvNetError.self) { try GrayImage(pixels, width: width, height: height) }
        }
    }
}
