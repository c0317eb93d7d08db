/// The commands of an SVG path.
package struct PathText: Sendable {
    /// The commands so far.
    package private(set) var text = ""

    package init() {}

    package mutating func move(_ x: Double, _ y: Double) { text += "M\(coordinate(x)) \(coordinate(y))" }
    package mutating func line(_ x: Double, _ y: Double) { text += "L\(coordinate(x)) \(coordinate(y))" }

    /// A closed polygon.
    package mutating func polygon(_ corners: [(x: Double, y: Double)]) {
        for (place, corner) in corners.enumerated() {
            if place == 0 { move(corner.x, corner.y) } else { line(corner.x, corner.y) }
        }
        text += "Z"
    }

    /// A circle, as two arcs.
    package mutating func circle(x: Double, y: Double, radius: Double) {
        let r = coordinate(radius)
        move(x - radius, y)
        text += "a\(r) \(r) 0 1 0 \(coordinate(2 * radius)) 0a\(r) \(r) 0 1 0 \(coordinate(-2 * radius)) 0Z"
    }
}
