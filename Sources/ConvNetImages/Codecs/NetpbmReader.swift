import SwiftConvNet

/// PBM, PGM and PPM files, in text or in bytes, of at most 16 bits for each value.
struct NetpbmReader {
    let size: Picture.Header
    private var parser: NetpbmParser
    private let form: NetpbmParser.Form
    private let maximum: Int

    /// Reads the header.
    ///
    /// - Throws: `ConvNetError` of kind `format`.
    init(_ bytes: [UInt8], name: String, limits: ImageLimits) throws {
        parser = NetpbmParser(bytes, name: name)
        guard let form = parser.readMagic() else {
            throw parser.error("The file is no Netpbm picture", at: 0, expected: "P1 to P6")
        }
        self.form = form
        let sides = 1...Int(Int32.max)
        let width = try parser.readNumber("the width", in: sides)
        let height = try parser.readNumber("the height", in: sides)
        try limits.check(width: width, height: height, of: name)
        size = Picture.Header(height: height, width: width)
        maximum = form.isBits ? 1 : try parser.readNumber("the largest level", in: 1...65_535)
    }

    /// - Throws: `ConvNetError` of kind `format` if the levels are no indices, as those of a mask are.
    func checkIndices() throws {
        guard form.channels == 1, maximum <= 255 else {
            throw Picture.noIndices(
                parser.name,
                received: form.channels == 1 ? "levels up to \(maximum)" : "colours"
            )
        }
    }

    /// The picture, of one channel or of three, scaled to 0...255.
    ///
    /// - Parameter asStored: leaves levels as they are, as masks have them.
    func picture(asStored: Bool) throws -> Picture {
        var parser = parser
        let count = size.height * size.width * form.channels
        let pixels: [UInt8]
        if form.isBits {
            let bits = try parser.readBits(width: size.width, height: size.height, isPlain: form.isPlain)
            pixels =
                asStored
                ? bits
                : try Picture.bytes(count, for: parser.name) { target in
                    for place in bits.indices { target[place] = bits[place] == 0 ? 255 : 0 }
                }
        } else {
            if asStored { try checkIndices() }
            let levels = try parser.readLevels(count, maximum: maximum, isPlain: form.isPlain)
            let divisor = asStored ? 255 : maximum
            pixels = try Picture.bytes(count, for: parser.name) { target in
                for place in levels.indices {
                    // At most 255, for no level is above the largest.
                    target[place] = UInt8(
                        divisor == 255
                            ? Int(levels[place]) : (Int(levels[place]) * 255 + divisor / 2) / divisor
                    )
                }
            }
        }
        return Picture(checked: pixels, height: size.height, width: size.width, channels: form.channels)
    }
}
