import SwiftConvNet

extension LineChart {
    /// One point of a line.
    public struct Point: Sendable, Hashable {
        /// The place along the axis from left to right.
        public var x: Double
        /// The value there; NaN makes a gap.
        public var y: Double

        /// A point from its coordinates.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }

        /// Whether the point is shown: finite, and of a size whose arithmetic cannot overflow.
        package var isDrawable: Bool { abs(x) <= 1e150 && abs(y) <= 1e150 }
    }

    /// One line: a name and its points.
    public struct Series: Sendable, Hashable {
        /// The name in the legend; an empty one has no entry there.
        public var name: String
        /// The points, in the order in which the line connects them.
        public var points: [Point]

        /// A line through points.
        public init(_ name: String, points: [Point]) {
            self.name = name
            self.points = points
        }

        /// A line through values at `first`, `first + 1`, …, such as one value per epoch.
        public init(_ name: String, values: some Sequence<some BinaryFloatingPoint>, from first: Int = 1) {
            self.init(
                name,
                points: values.enumerated().map { Point(x: Double(first) + Double($0), y: Double($1)) }
            )
        }

        /// A line through the points with the given coordinates.
        ///
        /// - Throws: `ConvNetError` of kind `argument` if there are not as many of one as of the other.
        public init(
            _ name: String,
            x: some Collection<some BinaryFloatingPoint>,
            y: some Collection<some BinaryFloatingPoint>
        ) throws {
            guard x.count == y.count else {
                throw ConvNetError(
                    .argument,
                    "A series needs as many x as y",
                    at: "series \"\(name)\"",
                    expected: "\(x.count) values of y",
                    received: "\(y.count)"
                )
            }
            self.init(name, points: zip(x, y).map { Point(x: Double($0), y: Double($1)) })
        }

        /// The points in runs without a gap; no run is empty.
        package var runs: [[Point]] {
            points.split { !$0.isDrawable }.map(Array.init)
        }
    }
}
