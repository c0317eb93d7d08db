/// Lines over a pair of axes: the loss over the epochs, say.
///
/// ```swift
/// let chart = LineChart(
///     title: "Accuracy", xAxis: "epoch", yAxis: .init("accuracy", numbers: .percent),
///     series: [.init("training", values: [0.91, 0.97, 0.98]), .init("validation", values: [0.96, 0.98, 0.985])])
/// let picture = chart.svg(width: 480, height: 320)
/// print(chart.plot(width: 60, height: 12))
/// ```
///
/// Series are told apart by colour, by dashes and by markers. Values that are not finite, or beyond
/// ±1e150, are gaps in their line. A chart without any value is still a picture, and says so.
public struct LineChart: Sendable, Hashable {
    /// What stands above the chart.
    public var title: String
    /// The axis from left to right. If every `x` is a whole number, so are its ticks.
    public var xAxis: Axis
    /// The axis from bottom to top.
    public var yAxis: Axis
    /// The lines, in the order of the legend.
    public var series: [Series]

    /// Makes a chart; see the properties for the meaning of each part.
    public init(title: String, xAxis: Axis, yAxis: Axis, series: [Series]) {
        self.title = title
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.series = series
    }
}

extension LineChart {
    /// The smallest and the largest finite value of one coordinate; `nil` if there is no point to draw.
    package func range(of coordinate: KeyPath<Point, Double>) -> ClosedRange<Double>? {
        let values = series.flatMap(\.points).filter(\.isDrawable).map { $0[keyPath: coordinate] }
        guard let low = values.min(), let high = values.max() else { return nil }
        return low...high
    }

    /// Ticks of the axis from left to right; `nil` if there is no point to draw.
    package func xTicks(about count: Int) -> AxisTicks? {
        let whole = series.allSatisfy { $0.points.allSatisfy { !$0.isDrawable || $0.x == $0.x.rounded() } }
        return range(of: \.x).map { AxisTicks(covering: $0, about: count, rounded: false, whole: whole) }
    }

    /// Ticks of the axis from bottom to top; `nil` if there is no point to draw.
    package func yTicks(about count: Int) -> AxisTicks? {
        range(of: \.y).map { AxisTicks(covering: $0, about: count, rounded: true) }
    }

    /// The chart in words, for those who do not see it.
    package var summary: String {
        let lines = series.map { series in
            let drawable = series.points.filter(\.isDrawable)
            guard let last = drawable.last else { return "\(series.name): no values" }
            let count = drawable.count == 1 ? "1 value" : "\(drawable.count) values"
            return
                "\(series.name): \(count), the last \(fixed(last.y, decimals: 4)) at \(fixed(last.x, decimals: 2))"
        }
        let quantity = yAxis.label.isEmpty ? title : yAxis.label
        return "\(quantity) over \(xAxis.label). " + lines.joined(separator: "; ")
    }
}
