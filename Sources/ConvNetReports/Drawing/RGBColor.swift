import Foundation

/// A colour in sRGB, eight bits per component.
package struct RGBColor: Hashable, Sendable {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    /// A colour from its hexadecimal number, `0xD55E00`.
    package init(_ hex: UInt32) {
        red = UInt8(truncatingIfNeeded: hex >> 16)
        green = UInt8(truncatingIfNeeded: hex >> 8)
        blue = UInt8(truncatingIfNeeded: hex)
    }

    private init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The colour as SVG writes it, `#d55e00`.
    package var hex: String {
        "#"
            + [red, green, blue].map { component in
                let digits = String(component, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }

    /// The components as light, 0...1 (the sRGB transfer function of IEC 61966-2-1).
    package var linear: [Double] {
        [red, green, blue].map { component in
            let value = Double(component) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
    }

    /// The relative luminance of WCAG 2.2, from 0 for black to 1 for white.
    package var luminance: Double {
        let light = linear
        return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    }

    /// The contrast ratio of WCAG 2.2, from 1 for equal colours to 21 for black and white.
    package func contrast(with other: RGBColor) -> Double {
        let (a, b) = (luminance + 0.05, other.luminance + 0.05)
        return max(a, b) / min(a, b)
    }

    /// The colour on the way to another one, at the given share (0...1) of the way.
    package func mixed(with other: RGBColor, share: Double) -> RGBColor {
        func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
            UInt8((Double(a) + (Double(b) - Double(a)) * min(max(share, 0), 1)).rounded())
        }
        return RGBColor(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
    }

    /// Black or white, whichever is easier to read on this colour.
    package var readableInk: RGBColor {
        let (black, white) = (RGBColor(0x000000), RGBColor(0xFFFFFF))
        return contrast(with: black) >= contrast(with: white) ? black : white
    }
}
