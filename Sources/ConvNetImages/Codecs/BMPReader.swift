import SwiftConvNet

/// BMP files of 1, 2, 4, 8, 16, 24 or 32 bits for each pixel, with rows from the bottom or from the top. Compressed rows (RLE, JPEG,
/// PNG) are refused.
///
/// Source: Microsoft, "Bitmap Storage" (BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER, BITMAPV4HEADER, BITMAPV5HEADER).
struct BMPReader {
    let size: Picture.Header
    private let bytes: [UInt8]
    private let name: String
    /// Where the pixels begin, and the bytes of a row.
    private let offset: Int, stride: Int
    private let bitCount: Int
    private let isTopDown: Bool
    /// Red, green, blue for each index; empty if pixels are colours.
    private let palette: [UInt8]
    /// Where red, green, blue and alpha are in a pixel of 16 or 32 bits.
    private let masks: [BitField]

    /// Bits of a pixel that are one value.
    private struct BitField {
        let shift: Int
        let largest: Int

        init(_ mask: Int) {
            shift = mask == 0 ? 0 : mask.trailingZeroBitCount
            largest = mask >> shift
        }

        func value(of pixel: Int) -> UInt8 {
            largest == 0 ? 0 : UInt8(truncatingIfNeeded: (pixel >> shift & largest) * 255 / largest)
        }
    }

    /// Reads the header, and checks that all rows are there.
    ///
    /// - Throws: `ConvNetError` of kind `format`.
    init(_ bytes: [UInt8], name: String, limits: ImageLimits) throws {
        let fields = Fields(bytes: bytes, name: name)
        self.bytes = bytes
        self.name = name
        offset = try fields.number(10, 4)
        let headerSize = try fields.number(14, 4)
        guard headerSize == 12 || (40...124).contains(headerSize) else {
            throw fields.error("The header is unknown", at: 14, "12, or 40 to 124 bytes", "\(headerSize)")
        }
        let isCore = headerSize == 12
        let width = isCore ? try fields.number(18, 2) : try fields.signed(18)
        let height = isCore ? try fields.number(20, 2) : try fields.signed(22)
        isTopDown = height < 0
        try limits.check(width: width, height: abs(height), of: name)
        size = Picture.Header(height: abs(height), width: width)
        bitCount = try fields.number(isCore ? 24 : 28, 2)
        guard [1, 2, 4, 8, 16, 24, 32].contains(bitCount) else {
            throw fields.error(
                "Pixels cannot have this size",
                at: isCore ? 24 : 28,
                "1, 2, 4, 8, 16, 24 or 32 bits",
                "\(bitCount)"
            )
        }
        let compression = isCore ? 0 : try fields.number(30, 4)
        let hasFields = compression == 3 || compression == 6
        guard compression == 0 || hasFields && [16, 32].contains(bitCount) else {
            let kinds = [1: "RLE8", 2: "RLE4", 4: "JPEG", 5: "PNG"]
            throw fields.error(
                "The rows are compressed in a way that is not read",
                at: 30,
                "rows as they are",
                kinds[compression] ?? "compression \(compression)",
                remedy: "Save the picture without compression"
            )
        }
        stride = (bitCount * width + 31) / 32 * 4
        // The last row may lack what fills it up to four bytes.
        let end = offset + stride * (size.height - 1) + (bitCount * width + 7) / 8
        guard offset >= 14 + headerSize, end <= bytes.count else {
            throw fields.error(
                "The picture ends early",
                at: bytes.count,
                "\(size.height) rows of \(stride) bytes from byte \(offset) on",
                "\(bytes.count) bytes in all"
            )
        }
        palette = bitCount <= 8 ? try fields.palette(bitCount, isCore, headerSize, before: offset) : []
        masks = try fields.masks(bitCount, hasFields, hasAlpha: compression == 6 || headerSize >= 56)
            .map(BitField.init)
    }

    /// - Throws: `ConvNetError` of kind `format` if there is no palette, whose indices a mask has.
    func checkIndices() throws {
        guard bitCount <= 8 else { throw Picture.noIndices(name, received: "colours") }
    }

    /// The picture: red, green and blue, with alpha if the file has it.
    ///
    /// - Parameter asIndices: gives the indices of the palette instead.
    func picture(asIndices: Bool) throws -> Picture {
        if asIndices {
            try checkIndices()
            return try read(channels: 1) { target, index, _ in target[0] = index }
        }
        if bitCount <= 8 {
            return try read(channels: 3) { target, index, _ in
                for channel in 0..<3 { target[channel] = palette[3 * Int(index) + channel] }
            }
        }
        if bitCount == 24 {
            return try read(channels: 3) { target, _, place in
                for channel in 0..<3 { target[channel] = bytes[place + 2 - channel] }
            }
        }
        return try read(channels: masks.count) { target, _, place in
            var pixel = 0
            for byte in (0..<(bitCount / 8)).reversed() { pixel = pixel << 8 | Int(bytes[place + byte]) }
            for (channel, mask) in masks.enumerated() { target[channel] = mask.value(of: pixel) }
        }
    }

    /// Calls `pixel` for each pixel, with the places for its values, and its index, or the place of its bytes.
    private func read(
        channels: Int,
        _ pixel: (_ target: UnsafeMutablePointer<UInt8>, _ index: UInt8, _ place: Int) -> Void
    ) throws -> Picture {
        let (height, width) = (size.height, size.width)
        var wrong: (x: Int, y: Int, index: Int)?
        let pixels = try Picture.bytes(height * width * channels, for: name) { target in
            guard var target = target.baseAddress else { return }
            target.update(repeating: 0, count: height * width * channels)
            for y in 0..<height {
                let row = offset + stride * (isTopDown ? y : height - 1 - y)
                for x in 0..<width {
                    let bit = x * bitCount
                    let place = row + bit / 8
                    var index: UInt8 = 0
                    if bitCount <= 8 {
                        index =
                            bytes[place] >> UInt8(8 - bitCount - bit % 8) & UInt8((1 << bitCount) - 1)
                        if 3 * Int(index) >= palette.count {
                            wrong = wrong ?? (x, y, Int(index))
                            continue
                        }
                    }
                    pixel(target, index, place)
                    target += channels
                }
            }
        }
        if let wrong {
            throw ConvNetError(
                .format,
                "A pixel has no colour in the palette",
                at: "\(name), row \(wrong.y), column \(wrong.x)",
                expected: "an index below \(palette.count / 3)",
                received: "\(wrong.index)"
            )
        }
        return Picture(checked: pixels, height: height, width: width, channels: channels)
    }

    /// Little-endian numbers of a header.
    private struct Fields {
        let bytes: [UInt8]
        let name: String

        func error(
            _ summary: String,
            at byte: Int,
            _ expected: String,
            _ received: String,
            remedy: String? = nil
        )
            -> ConvNetError
        {
            ConvNetError(
                .format,
                summary,
                at: "\(name), byte \(byte)",
                expected: expected,
                received: received,
                remedy: remedy
            )
        }

        func number(_ place: Int, _ size: Int) throws -> Int {
            guard place + size <= bytes.count else {
                throw error(
                    "The BMP file ends early",
                    at: bytes.count,
                    "a header",
                    "\(bytes.count) bytes in all"
                )
            }
            return bytes[place..<(place + size)].reversed().reduce(0) { $0 << 8 | Int($1) }
        }

        func signed(_ place: Int) throws -> Int {
            Int(Int32(truncatingIfNeeded: try number(place, 4)))
        }

        /// Red, green and blue of each index, as many as the header says and as there is room for.
        func palette(_ bitCount: Int, _ isCore: Bool, _ headerSize: Int, before offset: Int) throws -> [UInt8]
        {
            let entry = isCore ? 3 : 4
            let start = 14 + headerSize
            let claimed = isCore ? 0 : try number(46, 4)
            let count = min(claimed == 0 ? 1 << bitCount : claimed, 1 << bitCount, (offset - start) / entry)
            guard count > 0 else { throw error("The palette is missing", at: start, "colours", "pixels") }
            return (0..<count).flatMap { index in
                (0..<3).map { bytes[start + index * entry + 2 - $0] }
            }
        }

        /// The bits of red, green, blue, and of alpha if there is any.
        func masks(_ bitCount: Int, _ hasFields: Bool, hasAlpha: Bool) throws -> [Int] {
            guard hasFields else {
                return bitCount == 16 ? [0x7C00, 0x03E0, 0x001F] : [0xFF_0000, 0xFF00, 0xFF]
            }
            let masks = try (0..<(hasAlpha ? 4 : 3)).map { try number(54 + 4 * $0, 4) }
            return masks.last == 0 && hasAlpha ? masks.dropLast() : masks
        }
    }
}
