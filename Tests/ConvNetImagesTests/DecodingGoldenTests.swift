import ConvNetImages
import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// Pictures as TensorFlow decodes them: `Tests/Goldens/images.py`.
@Suite("Pictures as TensorFlow decodes them", .enabled(if: Picture.readsPNGAndJPEG))
struct DecodingGoldenTests {
    @Test("PNG, of all colour types and depths, interlaced or not: the same bytes")
    func png() throws {
        let cases = try ImageGoldens.all.get().decoded.filter { $0.ending == "png" }
        #expect(cases.count >= 30)
        for golden in cases {
            for (channels, pixels) in golden.pixels {
                let picture = try Picture(decoding: Array(golden.file), colorMode: mode(channels))
                #expect(picture.pixels.map(Float.init) == pixels.values, "\(golden.name), \(channels)")
                #expect([picture.height, picture.width, picture.channels] == pixels.shape)
            }
        }
    }

    /// The inverse transform of TensorFlow's `decode_jpeg(dct_method="INTEGER_ACCURATE")` is the one used here. By default TensorFlow has
    /// a faster, less exact one (`JDCT_IFAST`), whose levels differ by some units.
    @Test("JPEG: the same bytes by the exact transform; by TensorFlow's default 8 at most, and 2 in the mean")
    func jpeg() throws {
        let cases = try ImageGoldens.all.get().decoded.filter { $0.ending == "jpg" }
        #expect(cases.count == 5)
        for golden in cases {
            for (channels, pixels) in golden.pixels {
                let picture = try Picture(decoding: Array(golden.file), colorMode: mode(channels))
                let difference = try picture.difference(from: pixels)
                #expect(
                    difference.largest <= 8 && difference.mean <= 2,
                    "\(golden.name), \(channels): \(difference)"
                )
            }
            for (channels, pixels) in try #require(golden.accurate) {
                let picture = try Picture(decoding: Array(golden.file), colorMode: mode(channels))
                #expect(picture.pixels.map(Float.init) == pixels.values, "\(golden.name), \(channels)")
            }
            let rgba = try Picture(decoding: Array(golden.file), colorMode: .rgba)
            let rgb = try Picture(decoding: Array(golden.file))
            for pixel in 0..<(rgb.height * rgb.width) {
                let colors = Array(rgb.pixels[(3 * pixel)..<(3 * pixel + 3)])
                #expect(Array(rgba.pixels[(4 * pixel)..<(4 * pixel + 4)]) == colors + [255])
            }
        }
    }

    @Test("BMP of 24 bits: the same bytes")
    func bmp() throws {
        let golden = try #require(try ImageGoldens.all.get().decoded.first { $0.ending == "bmp" })
        let pixels = try #require(golden.pixels["3"])
        #expect(try Picture(decoding: Array(golden.file)).pixels.map(Float.init) == pixels.values)
    }

    @Test("JPEG at a half, a quarter, an eighth of the size, as libjpeg-turbo gives Pillow")
    func reduced() throws {
        let golden = try ImageGoldens.all.get().reduced
        let file = Array(golden.file)
        for (reduction, size) in [("2", Size2D(25, 33)), ("4", Size2D(12, 16)), ("8", Size2D(6, 8))] {
            let picture = try Picture(decoding: file, covering: size)
            let pixels = try #require(golden.pixels[reduction])
            let difference = try picture.difference(from: pixels)
            #expect(difference.largest <= 2, "\(reduction): \(difference)")
        }
        // A size that is not covered takes the next larger picture.
        #expect(try Picture(decoding: file, covering: Size2D(26, 1)).height == 50)
        #expect(try Picture(decoding: file, covering: Size2D(13, 16)).height == 25)
        #expect(try Picture(decoding: file, covering: Size2D(1, 1)).height == 7)
        #expect(try Picture(decoding: file, covering: nil).width == 67)
    }

    @Test("Stray bytes before the end of a JPEG file are passed over; an end that is missing is not")
    func strayBytes() throws {
        let goldens = try ImageGoldens.all.get().decoded
        let file = Array(try #require(goldens.first { $0.name == "JPEG, colour" }).file)
        let picture = try Picture(decoding: file, name: "whole")
        let stray = file.dropLast(2) + [0x12, 0x34, 0x56] + file.suffix(2)
        #expect(try Picture(decoding: Array(stray), name: "stray").pixels == picture.pixels)
        #expect(throws: ConvNetError.self) { try Picture(decoding: Array(file.dropLast(40)), name: "cut") }
    }

    @Test("A JPEG file is turned the way up that its camera has noted")
    func orientation() throws {
        let files = try ImageGoldens.all.get().oriented.files.map(Array.init)
        let upright = try Picture(decoding: files[0])
        let (height, width) = (upright.height, upright.width)
        #expect(height == 8 && width == 16)
        // Where the pixel at (y, x) of the turned picture is in the file: EXIF 2.3, table of Orientation.
        let sources: [(_ y: Int, _ x: Int) -> (Int, Int)] = [
            { ($0, $1) }, { ($0, width - 1 - $1) }, { (height - 1 - $0, width - 1 - $1) },
            { (height - 1 - $0, $1) }, { ($1, $0) }, { (height - 1 - $1, $0) },
            { (height - 1 - $1, width - 1 - $0) }, { ($1, width - 1 - $0) },
        ]
        for (place, file) in files.enumerated() {
            let picture = try Picture(decoding: file)
            #expect((picture.height == width) == (place >= 4))
            #expect(
                try Picture.header(file, name: "x") == .init(height: picture.height, width: picture.width)
            )
            for y in 0..<picture.height {
                for x in 0..<picture.width {
                    let (fromY, fromX) = sources[place](y, x)
                    for channel in 0..<3 {
                        #expect(
                            picture.pixels[(y * picture.width + x) * 3 + channel]
                                == upright.pixels[(fromY * width + fromX) * 3 + channel]
                        )
                    }
                }
            }
        }
    }

    @Test("The colours of print are refused, with a way to convert them")
    func cmyk() throws {
        let file = Array(try ImageGoldens.all.get().oriented.cmyk)
        let error = try #require(throws: ConvNetError.self) { try Picture(decoding: file, name: "print.jpg") }
        #expect(error.kind == .format && error.received == "CMYK" && error.location == "print.jpg")
        #expect(error.remedy?.contains("magick") == true)
    }

    @Test("A file cut short anywhere is an error that names it")
    func cutShort() throws {
        let goldens = try ImageGoldens.all.get().decoded
        for name in ["PNG, type 6, 8 bits, interlaced", "JPEG, grey", "JPEG, progressive", "BMP, 24 bits"] {
            let file = Array(try #require(goldens.first { $0.name == name }).file)
            for count in stride(from: 0, to: file.count - 4, by: 3) {
                let error = #expect(throws: ConvNetError.self, "\(name), \(count) bytes") {
                    try Picture(decoding: Array(file[..<count]), name: "short")
                }
                #expect(error?.kind == .format && error?.location?.hasPrefix("short") == true)
            }
        }
    }

    @Test("After a broken file, whole ones are read")
    func afterBroken() throws {
        let goldens = try ImageGoldens.all.get().decoded
        let file = Array(try #require(goldens.first { $0.name == "JPEG, colour" }).file)
        let picture = try Picture(decoding: file)
        for place in stride(from: 2, to: file.count, by: 7) {
            var broken = file
            broken[place] ^= 0xFF
            if let other = try? Picture(decoding: broken) { #expect(other.pixels.count > 0) }
            #expect(try Picture(decoding: file) == picture)
        }
    }

    @Test("A header that claims a large picture is refused before memory is asked for")
    func bombs() throws {
        let goldens = try ImageGoldens.all.get().decoded
        var png = Array(try #require(goldens.first { $0.name == "PNG, type 2, 8 bits" }).file)
        // 60,000 by 60,000, with the checksum put right.
        png.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
        withUnsafeBytes(of: PNGFile.crc32(Array(png[12..<29])).bigEndian) {
            png.replaceSubrange(29..<33, with: $0)
        }
        var jpeg = Array(try #require(goldens.first { $0.name == "JPEG, grey" }).file)
        let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0xDC, 0xFF, 0xDC])
        for file in [png, jpeg] {
            let error = try #require(throws: ConvNetError.self) { try Picture(decoding: file) }
            #expect(error.kind == .format && error.summary == "The picture is too large", "\(error)")
        }
        let small = Array(try #require(goldens.first { $0.name == "JPEG, grey" }).file)
        #expect(throws: ConvNetError.self) {
            try Picture(decoding: small, limits: ImageLimits(pixels: 19 * 26 - 1))
        }
        #expect(try Picture(decoding: small, limits: ImageLimits(pixels: 19 * 26)).width == 26)
    }

    @Test("What is written as PNG is read again", arguments: [1, 3, 4])
    func roundTrip(channels: Int) throws {
        for (height, width) in [(1, 1), (5, 3), (40, 33)] {
            let pixels = (0..<(height * width * channels)).map {
                UInt8(truncatingIfNeeded: $0 * $0 / 7 + $0 / 50)
            }
            let picture = try Picture(pixels, height: height, width: width, channels: channels)
            let mode = try mode("\(channels)")
            #expect(try Picture(decoding: picture.png(), colorMode: mode) == picture)
            let folder = try TemporaryFolder()
            try picture.save(to: folder.file("a.PNG"))
            #expect(try Picture(contentsOf: folder.file("a.PNG"), colorMode: mode) == picture)
        }
        // Smooth pictures get smaller.
        let smooth = try Picture((0..<30_000).map { UInt8($0 / 300) }, height: 100, width: 100, channels: 3)
        #expect(try smooth.png().count < 3_000)
    }
}
