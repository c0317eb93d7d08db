/// The chunks of a PNG file (ISO/IEC 15948).
package enum PNGFile {
    /// A file of eight bits per value, not interlaced.
    ///
    /// - Parameters:
    ///   - width: the pixels of a row.
    ///   - height: the rows.
    ///   - channels: 1 for grey, 3 for red, green and blue, 4 for these and alpha.
    ///   - data: the rows, each behind the number of its filter, as a stream of zlib.
    package static func bytes(width: Int, height: Int, channels: Int, data: [UInt8]) -> [UInt8] {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // Bit depth 8; colour type 0 is grey, 2 is RGB, 6 is RGBA; deflate, the one family of filters, not interlaced.
        let colorType: UInt8 = channels == 4 ? 6 : channels == 3 ? 2 : 0
        let header = bigEndian(width) + bigEndian(height) + [8, colorType, 0, 0, 0]
        return signature + chunk("IHDR", header) + chunk("IDAT", data) + chunk("IEND", [])
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

    static func bigEndian(_ value: Int) -> [UInt8] {
        let value = UInt32(truncatingIfNeeded: value)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
