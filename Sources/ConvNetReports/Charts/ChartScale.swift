/// From values to places in a picture.
package struct ChartScale: Sendable {
    private let plot: Frame
    private let xDomain: ClosedRange<Double>
    private let yDomain: ClosedRange<Double>

    /// The distance between the outermost values and the sides, for their markers.
    private static let inset = 12.0

    /// A scale that fills a frame.
    package init(plot: Frame, x: ClosedRange<Double>, y: ClosedRange<Double>) {
        self.plot = plot
        xDomain = x
        yDomain = y
    }

    /// The place of a value of the axis from left to right.
    package func x(_ value: Double) -> Double {
        plot.x + Self.inset + share(value, xDomain) * (plot.width - 2 * Self.inset)
    }

    /// The place of a value of the axis from bottom to top.
    package func y(_ value: Double) -> Double { plot.bottom - share(value, yDomain) * plot.height }

    private func share(_ value: Double, _ domain: ClosedRange<Double>) -> Double {
        (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    }
}
