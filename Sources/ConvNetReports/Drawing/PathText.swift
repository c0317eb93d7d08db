import Foundation

/// A path: its SVG commands, and the lines that they draw.
package struct PathText: Sendable {
    /// Points that straight lines connect.
    package struct Line: Sendable {
        package var points: [(x: Double, y: Double)]
        /// Whether the last point is connected with the first.
        package var isClosed = false
    }

    /// The commands so far.
    package private(set) var text = ""
    /// What the commands draw; circles are polygons of many corners.
    package private(set) var lines: [Line] = []

    package init() {}

    package mutating func move(_ x: Double, _ y: Double) {
        text += "M\(coordinate(x)) \(coordinate(y))"
        lines.append(Line(points: [(x, y)]))
    }

    package mutating func line(_ x: Double, _ y: Double) {
        text += "L\(coordinate(x)) \(coordinate(y))"
        if !lines.isEmpty { lines[lines.count - 1].points.append((x, y)) }
    }

    /// A closed polygon.
    package mutating func polygon(_ corners: [(x: Double, y: Double)]) {
        for (place, corner) in corners.enumerated() {
            if place == 0 { move(corner.x, corner.y) } else { line(corner.x, corner.y) }
        }
        text += "Z"
        if !lines.isEmpty { lines[lines.count - 1].isClosed = true }
    }

    /// A circle, as two arcs.
    package mutating func circle(x: Double, y: Double, radius: Double) {
        let r = coordinate(radius)
        move(x - radius, y)
        // The corners of 48 are a hundredth of the radius away from the circle at most: nothing that a pixel shows.
        let corners = 48
        let points = (0..<corners).map { corner in
            let angle = Double(corner) / Double(corners) * 2 * Double.pi
            return (x: x - radius * cos(angle), y: y - radius * sin(angle))
        }
        lines[lines.count - 1] = Line(points: points, isClosed: true)
        text += "a\(r) \(r) 0 1 0 \(coordinate(2 * radius)) 0a\(r) \(r) 0 1 0 \(coordinate(-2 * radius)) 0Z"
    }
}
