/// Streams of zlib (RFC 1950) that need no compressor.
package enum ZlibStream {
    /// The bytes in stored blocks (RFC 1951, 3.2.4).
    package static func stored(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        let largestBlock = 0xFFFF
        for start in stride(from: 0, to: data.count, by: largestBlock) {
            let end = min(start + largestBlock, data.count)
            let size = UInt16(end - start)
            stream.append(end == data.count ? 1 : 0)
            for value in [size, ~size] { stream += [UInt8(value & 0xFF), UInt8(value >> 8)] }
            stream += data[start..<end]
        }
        return stream + checksum(of: data)
    }

    /// The bytes in one block of fixed codes (RFC 1951, 3.2.6), in which a run of equal bytes is one byte and copies of it: for
    /// data that are the same byte almost everywhere.
    package static func runs(of data: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        // The last block, of fixed codes.
        bits.append(1, count: 1)
        bits.append(1, count: 2)
        var place = 0
        while place < data.count {
            let byte = data[place]
            bits.appendLiteral(Int(byte))
            place += 1
            var run = 0
            while place + run < data.count, data[place + run] == byte { run += 1 }
            while run >= 3 {
                // A rest of 1 or 2 would be too short for a copy, and is written as it is.
                let length = min(run, 258)
                bits.appendCopy(length: length)
                run -= length
                place += length
            }
        }
        bits.appendLiteral(256)
        return [0x78, 0x01] + bits.finished + checksum(of: data)
    }

    /// Adler-32.
    private static func checksum(of data: [UInt8]) -> [UInt8] {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in data {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return PNGFile.bigEndian(Int(b << 16 | a))
    }
}

/// Bits in the order of RFC 1951: the first one is the lowest of its byte.
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var buffer: UInt32 = 0
    private var used: UInt32 = 0

    /// Appends the lowest bits of a number, the lowest first.
    mutating func append(_ value: Int, count: Int) {
        buffer |= UInt32(value) << used
        used += UInt32(count)
        while used >= 8 {
            bytes.append(UInt8(buffer & 0xFF))
            buffer >>= 8
            used -= 8
        }
    }

    /// Appends the fixed code of a byte, or of the end of the block, 256.
    mutating func appendLiteral(_ value: Int) {
        switch value {
        case 0...143: appendCode(0b0011_0000 + value, count: 8)
        case 144...255: appendCode(0b1_1001_0000 + value - 144, count: 9)
        default: appendSymbol(value)
        }
    }

    /// Appends a copy of `length` bytes, 3...258, from one byte before.
    mutating func appendCopy(length: Int) {
        // The first length of each code, and its extra bits.
        let codes = [
            (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1),
            (17, 1),
            (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4),
            (115, 4), (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
        ]
        let code = codes.lastIndex { $0.0 <= length } ?? 0
        appendSymbol(257 + code)
        append(length - codes[code].0, count: codes[code].1)
        // The code of distance 1.
        appendCode(0, count: 5)
    }

    private mutating func appendSymbol(_ symbol: Int) {
        if symbol < 280 {
            appendCode(symbol - 256, count: 7)
        } else {
            appendCode(0b1100_0000 + symbol - 280, count: 8)
        }
    }

    /// Appends a code, the highest bit first.
    private mutating func appendCode(_ code: Int, count: Int) {
        for bit in (0..<count).reversed() { append(code >> bit & 1, count: 1) }
    }

    /// All bytes; the last one is filled up with zeros.
    var finished: [UInt8] { used > 0 ? bytes + [UInt8(buffer & 0xFF)] : bytes }
}
