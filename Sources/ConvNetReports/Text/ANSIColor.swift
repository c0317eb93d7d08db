/// Colours of a terminal, as escape sequences.
package enum ANSIColor {
    /// The codes of series, in their order, in colours that show on black and on white.
    package static let series = [36, 35, 32, 33, 34, 31]

    /// The text in the colour of a series.
    package static func paint(_ text: String, series index: Int) -> String {
        "\u{1B}[\(series[index % series.count])m\(text)\u{1B}[0m"
    }

    /// The place of a colour in the palette of 256, which more terminals know than 24 bits: the grey ramp
    /// (232...255, levels 8, 18, … 238) for greys, the 6×6×6 cube (16...231) for everything else.
    package static func paletteIndex(red: UInt8, green: UInt8, blue: UInt8) -> Int {
        if red == green, green == blue {
            if red < 4 { return 16 }
            if red > 246 { return 231 }
            return 232 + min(23, max(0, (Int(red) - 3) / 10))
        }
        // The levels of the cube are 0, 95, 135, 175, 215 and 255.
        func level(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
        return 16 + 36 * level(red) + 6 * level(green) + level(blue)
    }
}
