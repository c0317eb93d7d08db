/// The colours of a heat map's cells: a ramp from the background to a full colour, in steps.
package struct HeatColor: Sendable {
    /// The step of the full colour.
    package static let steps = 10

    /// What is behind the number.
    package let fill: ThemedColor
    /// The number: black or white, whichever is easier to read.
    package let ink: ThemedColor

    /// The colour at a share (0...1) of the way to the full one.
    package init(_ full: ThemedColor, share: Double) {
        let step = Int((min(max(share, 0), 1) * Double(Self.steps)).rounded())
        let part = Double(step) / Double(Self.steps)
        let light = ThemedColor.background.light.mixed(with: full.light, share: part)
        let dark = ThemedColor.background.dark.mixed(with: full.dark, share: part)
        fill = ThemedColor("\(full.name)\(step)", light: light, dark: dark)
        ink = ThemedColor("on-\(full.name)\(step)", light: light.readableInk, dark: dark.readableInk)
    }
}
