/// How a line is drawn.
package struct Stroke: Hashable, Sendable {
    package var color: ThemedColor
    package var width: Double
    /// The lengths of dashes and gaps in turn; none for a solid line.
    package var dashes: [Double]
    /// Whether ends and corners are round.
    package var isRounded: Bool

    package init(_ color: ThemedColor, width: Double = 1, dashes: [Double] = [], isRounded: Bool = false) {
        self.color = color
        self.width = width
        self.dashes = dashes
        self.isRounded = isRounded
    }
}
