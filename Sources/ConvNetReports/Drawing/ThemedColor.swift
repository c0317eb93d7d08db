/// A colour by its role, with a value for light and one for dark backgrounds.
package struct ThemedColor: Hashable, Sendable {
    /// The name of the role: the end of the CSS class.
    package let name: String
    /// The value on a light background.
    package let light: RGBColor
    /// The value on a dark background.
    package let dark: RGBColor

    package init(_ name: String, light: RGBColor, dark: RGBColor) {
        self.name = name
        self.light = light
        self.dark = dark
    }

    private init(_ name: String, _ light: UInt32, _ dark: UInt32) {
        self.init(name, light: RGBColor(light), dark: RGBColor(dark))
    }

    /// What lies behind everything.
    package static let background = ThemedColor("background", 0xFFFFFF, 0x0D1117)
    /// Titles and numbers.
    package static let ink = ThemedColor("ink", 0x1F2328, 0xE6EDF3)
    /// Captions of axes and explanations.
    package static let muted = ThemedColor("muted", 0x59636E, 0x9DA7B1)
    /// Lines behind the data.
    package static let grid = ThemedColor("grid", 0xE1E5EA, 0x2A3038)
    /// The frame of the data, and ticks.
    package static let axis = ThemedColor("axis", 0x8C959F, 0x6E7681)

    /// Right answers: blue, for red and green look alike to one man in twelve.
    package static let right = ThemedColor("right", 0x0072B2, 0x56B4E9)
    /// Wrong answers.
    package static let wrong = ThemedColor("wrong", 0xD55E00, 0xE69F00)

    /// The colours of series, in their order.
    ///
    /// From Okabe and Ito, "Color Universal Design" (2008). Their light colours have too little contrast on
    /// white, their dark ones on black, so each background has its own choice, with a darker yellow and an
    /// ink. A test holds them to a contrast of 3:1 (WCAG 2.2, 1.4.11) and to being told apart with each of
    /// the three kinds of colour blindness.
    package static let series = [
        ThemedColor("series0", 0x0072B2, 0x56B4E9),
        ThemedColor("series1", 0xD55E00, 0xE69F00),
        ThemedColor("series2", 0x009E73, 0x009E73),
        ThemedColor("series3", 0xCC79A7, 0xCC79A7),
        ThemedColor("series4", 0x7A5C00, 0xF0E442),
        ThemedColor("series5", 0x1F2328, 0xF0F6FC),
    ]
}
