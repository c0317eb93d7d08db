import ConvNetImages
import SwiftConvNet
import TestSupport
import Testing

@Suite("PBM, PGM and PPM files")
struct NetpbmTests {
    private func picture(_ text: String, _ bytes: [UInt8] = [], _ mode: ColorMode = .rgb) throws -> Picture {
        try Picture(decoding: Array(text.utf8) + bytes, name: "a.ppm", colorMode: mode)
    }

    @Test("in text and in bytes hold the same pictures")
    func forms() throws {
        let colors: [UInt8] = [1, 2, 3, 40, 50, 60, 7, 8, 9, 255, 0, 100]
        let text = try picture("P3\n# made by hand\n2 2 255\n1 2 3 40 50 60\n7 8 9 255 0 100\n")
        #expect(text.pixels == colors && text.height == 2 && text.width == 2 && text.channels == 3)
        #expect(try picture("P6 2 2 255\n", colors) == text)
        let gray = try picture("P2 3 1 255 0 128 255", [], .grayscale)
        #expect(gray.pixels == [0, 128, 255])
        #expect(try picture("P5 3 1 255\n", [0, 128, 255], .grayscale) == gray)
        let bits = try picture("P1 10 2\n0101010101\n1 1 1 1 1 0 0 0 0 0", [], .grayscale)
        #expect(
            bits.pixels.prefix(3) == [255, 0, 255] && bits.pixels.suffix(6) == [0, 255, 255, 255, 255, 255]
        )
        #expect(
            try picture("P4 10 2\n", [0b0101_0101, 0b0100_0000, 0b1111_1000, 0b0000_0000], .grayscale) == bits
        )
    }

    @Test("of other levels, and of 16 bits, are scaled to 0...255 and rounded")
    func levels() throws {
        #expect(try picture("P2 4 1 3 0 1 2 3", [], .grayscale).pixels == [0, 85, 170, 255])
        #expect(
            try picture("P5 3 1 65535\n", [0, 0, 0x80, 0, 0xFF, 0xFF], .grayscale).pixels == [0, 128, 255]
        )
        #expect(try picture("P6 1 1 1000\n", [0, 0, 1, 244, 3, 232]).pixels == [0, 128, 255])
    }

    @Test("have the channels that are asked for")
    func channels() throws {
        #expect(try picture("P2 1 1 255 9").pixels == [9, 9, 9])
        #expect(try picture("P2 1 1 255 9", [], .rgba).pixels == [9, 9, 9, 255])
        #expect(try picture("P3 1 1 255 100 200 30", [], .grayscale).pixels == [150])
    }

    @Test(
        "that are broken are errors of kind format which name the place",
        arguments: [
            ("P3 1 1 255 1 2", "grey level 2"), ("P6 1 1 255\nab", "ends early"),
            ("P6 1 1 255\nabcd", "follows"),
            ("P6 0 1 255\nabc", "width"), ("P6 99999 99999 255\n", "too large"), ("P1 2 1 0", "pixel 1"),
            ("P1 2 1 0 2", "pixel 1"), ("P4 9 1\na", "ends early"), ("P6 1 1 0\nabc", "largest level"),
            ("P7 1 1", "no picture"), ("P6 1 1 2\n\u{3}\u{1}\u{1}", "out of range"), ("", "no picture"),
        ]
    )
    func broken(text: String, message: String) throws {
        let error = try #require(throws: ConvNetError.self) { try picture(text) }
        #expect(error.kind == .format && error.location?.hasPrefix("a.ppm") == true, "\(error)")
        #expect(error.summary.contains(message), "\(error)")
    }

    @Test("Other files are named, with a way to convert pictures")
    func others() throws {
        let gif = try #require(throws: ConvNetError.self) {
            try Picture(decoding: Array("GIF89a......".utf8), name: "a.gif")
        }
        #expect(gif.received == "a GIF file" && gif.remedy?.contains("magick") == true)
        let folder = try TemporaryFolder()
        let missing = try #require(throws: ConvNetError.self) {
            try Picture(contentsOf: folder.file("x.png"))
        }
        #expect(missing.kind == .file)
        try AtomicFile.write("P2 1 1 255 9", to: folder.file("a.pgm"))
        #expect(throws: ConvNetError.self) {
            try Picture(contentsOf: folder.file("a.pgm"), limits: ImageLimits(fileBytes: 5))
        }
        #expect(try Picture(contentsOf: folder.file("a.pgm")).pixels == [9, 9, 9])
    }

    @Test("Pictures are checked, and are tensors of 0...255")
    func pictures() throws {
        let picture = try Picture([0, 255, 7, 8, 9, 10], height: 2, width: 1, channels: 3)
        let tensor = try picture.tensor
        #expect(tensor.shape == [2, 1, 3] && tensor.elements == [0, 255, 7, 8, 9, 10])
        for (count, height, width, channels) in [
            (6, 2, 1, 2), (6, 1, 1, 3), (0, 0, 1, 3), (0, -1, 1, 1), (1, Int.max, 2, 1), (3, 3, 1, 0),
        ] {
            let error = #expect(throws: ConvNetError.self) {
                try Picture(
                    Array(repeating: 0, count: count),
                    height: height,
                    width: width,
                    channels: channels
                )
            }
            #expect(error?.kind == .shape)
        }
        let error = #expect(throws: ConvNetError.self) { try picture.save(to: "a.jpg") }
        #expect(error?.kind == .argument)
    }
}
