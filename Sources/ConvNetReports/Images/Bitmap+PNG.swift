import Foundation

extension Bitmap {
    /// The image as a PNG file whose data is stored without compression.
    ///
    /// Of the ways to put pixels into an SVG, this one is understood by every SVG program, for the SVG
    /// standard asks for PNG (BMP it does not mention); a digit of 28×28 takes 880 bytes (1.2 KB in base64),
    /// less than rectangles by grey level, and less than BMP, which needs a palette of 1 KB for grey; it has
    /// no seams between pixels, as neighbouring rectangles may have; and it needs no compressor.
    package var png: [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // Bit depth 8; colour type 0 is grey, 2 is RGB; deflate, no filter method but 0, not interlaced.
        let header = Self.bigEndian(width) + Self.bigEndian(height) + [8, channels == 3 ? 2 : 0, 0, 0, 0]
        file += Self.chunk("IHDR", header)

        let rowSize = width * channels
        var rows: [UInt8] = []
        rows.reserveCapacity((rowSize + 1) * height)
        for row in 0..<height {
            rows.append(0)  // Filter "none".
            rows += bytes[(row * rowSize)..<((row + 1) * rowSize)]
        }
        file += Self.chunk("IDAT", Self.storedZlibStream(rows))
        return file + Self.chunk("IEND", [])
    }

    /// The PNG file as a `data:` URI.
    package var dataURI: String { "data:image/png;base64," + Data(png).base64EncodedString() }

    /// A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4).
    private static func storedZlibStream(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        let largestBlock = 0xFFFF
        for start in stride(from: 0, to: data.count, by: largestBlock) {
            let end = min(start + largestBlock, data.count)
            let size = UInt16(end - start)
            stream.append(end == data.count ? 1 : 0)
            for value in [size, ~size] { stream += [UInt8(value & 0xFF), UInt8(value >> 8)] }
            stream += data[start..<end]
        }
        // Adler-32.
        var (a, b) = (1, 0)
        for byte in data {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        return stream + bigEndian(b << 16 | a)
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let named = Array(type.utf8) + data
        return bigEndian(data.count) + named + bigEndian(Int(crc32(named)))
    }

    /// The checksum of PNG chunks (ISO 3309, the polynomial reflected).
    package static func crc32(_ data: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in data {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
        }
        return ~crc
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        let value = UInt32(truncatingIfNeeded: value)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
