/// A rectangle in the coordinates of an SVG picture, `y` downwards.
package struct Frame: Hashable, Sendable {
    package var x: Double
    package var y: Double
    package var width: Double
    package var height: Double

    package init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    package var right: Double { x + width }
    package var bottom: Double { y + height }
    package var middleX: Double { x + width / 2 }
    package var middleY: Double { y + height / 2 }

    /// The rectangle with its sides moved outwards.
    package func grown(by margin: Double) -> Frame {
        Frame(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
    }
}
