import ConvNetImages
import Foundation
import SwiftConvNet
import TestSupport

/// What all readers of pictures are fed with and asked for.
protocol PictureTarget: FuzzTarget {}

extension PictureTarget {
    /// Small, so that broken headers which claim much are refused, and what is decoded stays small.
    static var limits: ImageLimits { ImageLimits(pixels: 1 << 16, fileBytes: 1 << 20) }

    /// Four values for each pixel at most, while others of them are converted, and what a codec takes.
    var allowance: Int { 8 << 20 }

    func read(_ input: [UInt8]) throws {
        let header = try Picture.header(input, name: "input", limits: Self.limits)
        try require(header.height * header.width <= Self.limits.pixels, "a header keeps the limit")
        // Another mode for each input.
        let modes = ColorMode.allCases
        let mode = modes[Int(input.last ?? 0) % modes.count]
        let picture = try Picture(decoding: input, name: "input", colorMode: mode, limits: Self.limits)
        try require(
            picture.pixels.count == picture.height * picture.width * mode.channels,
            "values fill the picture"
        )
        try require(
            header == Picture.Header(height: picture.height, width: picture.width),
            "the header says the size"
        )
        let small = Size2D(picture.height / 3 + 1, picture.width / 3 + 1)
        let scaled = try Picture(
            decoding: input,
            name: "input",
            colorMode: mode,
            limits: Self.limits,
            covering: small
        )
        try require(scaled.height >= small.height && scaled.width >= small.width, "a size is covered")
    }
}

/// BMP pictures.
struct BMPTarget: PictureTarget {
    static let name = "bmp"

    let seeds: [[UInt8]] = [
        Self.file(width: 5, height: 4, bits: 24, rows: noise(64)),
        Self.file(width: 5, height: -4, bits: 32, rows: noise(80)),
        Self.file(width: 9, height: 3, bits: 1, palette: 2, rows: noise(12)),
        Self.file(width: 9, height: 3, bits: 4, palette: 16, rows: noise(24)),
        Self.file(width: 9, height: 3, bits: 8, palette: 256, rows: noise(36)),
        Self.file(width: 3, height: 3, bits: 16, rows: noise(24)),
        Self.file(width: 3, height: 3, bits: 16, masks: [0xF800, 0x7E0, 0x1F], rows: noise(24)),
    ]

    /// Cuts or fills the rows to what the header says.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        guard input.count >= 54, input.starts(with: Array("BM".utf8)) else { return }
        func number(_ place: Int) -> Int {
            Int(
                Int32(
                    truncatingIfNeeded: input[place..<(place + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
                )
            )
        }
        let offset = number(10), width = Double(number(18)), height = Double(abs(number(22)))
        let bits = Double(Int(input[28]) | Int(input[29]) << 8)
        let size = ((width * bits + 31) / 32).rounded(.down) * 4 * height
        guard offset >= 54, size >= 0, Double(offset) + size < Double(Mutator.largestInput) else { return }
        let whole = offset + Int(size)
        input = Array(input.prefix(whole)) + noise(max(whole - input.count, 0), seed: UInt32(random.below(9)))
    }

    private static func file(
        width: Int,
        height: Int,
        bits: Int,
        palette: Int = 0,
        masks: [Int] = [],
        rows: [UInt8]
    ) -> [UInt8] {
        var file = Array("BM".utf8)
        let offset = 54 + 4 * (palette + masks.count)
        let numbers: [(value: Int, size: Int)] = [
            (offset + rows.count, 4), (0, 4), (offset, 4), (40, 4), (width, 4), (height, 4), (1, 2),
            (bits, 2),
            (masks.isEmpty ? 0 : 3, 4), (0, 4), (0, 4), (0, 4), (palette, 4), (0, 4),
        ]
        for (value, size) in numbers + masks.map({ ($0, 4) }) {
            file += (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return file + noise(4 * palette) + rows
    }
}

/// PBM, PGM and PPM pictures.
struct PPMTarget: PictureTarget {
    static let name = "ppm"

    let seeds: [[UInt8]] = [
        Array("P3\n# a comment\n2 2\n255\n0 1 2 3 4 5\n6 7 8 9 10 255\n".utf8),
        Array("P6\n6 5\n255\n".utf8) + noise(90),
        Array("P6 3 2 65535\n".utf8) + noise(36),
        Array("P6#c\n#d\n8 8 7\n".utf8) + noise(192).map { $0 & 7 },
        Array("P1 5 2\n0101\n0 10101".utf8),
        Array("P4 11 3\n".utf8) + noise(6),
        Array("P5 4 4 255\n".utf8) + noise(16),
    ]
    let words = ["P1", "P3", "P4", "P6", "#", "\n", " ", "\t", "\r", "65536", "256", "65535"]

    /// Gives a binary picture the number of values that its header names.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        guard input.count > 2, input[0] == UInt8(ascii: "P"), (52...54).contains(input[1]) else { return }
        let isBits = input[1] == 52
        let parts = input.prefix(64).split { !(48...57).contains($0) }.dropFirst().prefix(isBits ? 2 : 3)
        guard parts.count == (isBits ? 2 : 3), let end = parts.last?.endIndex else { return }
        let values = parts.map { $0.reduce(0.0) { $0 * 10 + Double($1 - 48) } }
        let row = isBits ? ((values[0] + 7) / 8).rounded(.down) : values[0] * (input[1] == 54 ? 3 : 1)
        let size = row * values[1] * (!isBits && values[2] > 255 ? 2 : 1)
        guard size < Double(Mutator.largestInput) else { return }
        let whole = end + 1 + Int(size)
        input = Array(input.prefix(whole)) + noise(max(whole - input.count, 0), seed: UInt32(random.below(9)))
        if !isBits, values[2] < 256 {
            for place in (end + 1)..<whole { input[place] %= UInt8(max(values[2], 1)) }
        }
    }
}

#if Images

    /// PNG pictures.
    struct PNGTarget: PictureTarget {
        static let name = "png"

        let seeds: [[UInt8]]
        let words = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "iCCP", "acTL"]

        init() throws {
            seeds = try PictureSeeds.files("png")
        }

        /// Puts lengths and checksums of chunks right, and sometimes gives the pixels as many bytes as the header asks for.
        func repair(_ input: inout [UInt8], _ random: inout Randomness) {
            guard input.count >= 33 else { return }
            let rows = random.isOne(in: 2) ? Self.rows(input, &random) : nil
            var output = Array(input[..<8])
            var place = 8
            var hasData = false
            while place + 8 <= input.count {
                let claimed = input[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
                let type = Array(input[(place + 4)..<(place + 8)])
                let length = min(claimed, input.count - place - 8)
                var data = Array(input[(place + 8)..<(place + 8 + length)])
                if type == Array("IDAT".utf8), let rows {
                    data = hasData ? [] : ZlibStream.stored(rows)
                    hasData = true
                }
                let named = type + data
                output += withUnsafeBytes(of: UInt32(data.count).bigEndian) { Array($0) }
                output += named
                output += withUnsafeBytes(of: PNGFile.crc32(named).bigEndian) { Array($0) }
                place += 12 + length
            }
            input = output
        }

        /// As many bytes as the rows of a picture that is not interlaced have, of random filters and values.
        private static func rows(_ input: [UInt8], _ random: inout Randomness) -> [UInt8]? {
            func number(_ place: Int) -> Int { input[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) } }
            let (width, height) = (Double(number(16)), number(20))
            let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][Int(input[25])] ?? 1
            let size = ((width * Double(channels) * Double(input[24]) + 7) / 8).rounded(.down)
            // Interlaced ones have some more.
            guard size * Double(height + 1) < Double(Mutator.largestInput) / 16, height < 1_000 else {
                return nil
            }
            let seed = UInt32(random.below(9))
            return (0..<(2 * height + 8)).flatMap { row in
                [UInt8(row % 5)] + noise(Int(size), seed: seed &+ UInt32(row))
            }
        }
    }

    /// JPEG pictures.
    struct JPEGTarget: PictureTarget {
        static let name = "jpeg"

        let seeds: [[UInt8]]
        let words = ["Exif\0\0", "II*\0", "MM\0*", "JFIF\0"]
        /// Coefficients of progressive files, too.
        var allowance: Int { 16 << 20 }

        init() throws {
            seeds = try PictureSeeds.files("jpg") + PictureSeeds.orientedFiles()
        }

        /// Puts the lengths of segments right that reach beyond the file, and ends the file.
        func repair(_ input: inout [UInt8], _ random: inout Randomness) {
            var place = 2
            while place + 4 <= input.count, input[place] == 0xFF, input[place + 1] != 0xDA {
                let length = Int(input[place + 2]) << 8 | Int(input[place + 3])
                let rest = input.count - place - 2
                guard length >= 2, length <= rest else {
                    // Up to the next marker, or the end.
                    let next = input[(place + 4)...].firstIndex(of: 0xFF) ?? input.count
                    let right = min(max(next - place - 2, 2), 0xFFFF)
                    input[place + 2] = UInt8(right >> 8)
                    input[place + 3] = UInt8(right & 0xFF)
                    place += 2 + right
                    continue
                }
                place += 2 + length
            }
            if !input.suffix(2).elementsEqual([0xFF, 0xD9]) { input += [0xFF, 0xD9] }
        }
    }

    /// The small files that the golden values of `Tests/Goldens/images.json` are of.
    private enum PictureSeeds {
        private struct File: Decodable {
            let ending: String
            let file: Data
        }

        private struct Oriented: Decodable {
            let files: [Data]
        }

        private struct Content: Decodable {
            let decoded: [File]
            let oriented: Oriented
        }

        static func files(_ ending: String) throws -> [[UInt8]] {
            try Golden.read("images", as: Content.self).decoded.filter { $0.ending == ending }.map {
                Array($0.file)
            }
        }

        static func orientedFiles() throws -> [[UInt8]] {
            try Golden.read("images", as: Content.self).oriented.files.map { Array($0) }
        }
    }

#endif
