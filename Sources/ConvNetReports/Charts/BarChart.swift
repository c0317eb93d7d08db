/// Bars side by side: one row of bars for each category, one bar in it for each series.
///
/// ```swift
/// let chart = BarChart(
///     title: "Training", valueAxis: "images/s", categories: ["batch 32", "batch 128"],
///     series: [.init("1 worker", values: [2900, 3100]), .init("2 workers", values: [5400, 5900])])
/// let picture = chart.svg()
/// ```
///
/// Bars lie from left to right, so that long names have room, and begin at zero. Series are told apart by colour and by
/// the marker before each bar; at its end stands the value. A value that is not finite, or beyond ±1e150, is a gap.
public struct BarChart: Sendable, Hashable {
    /// The bars of one colour.
    public struct Series: Sendable, Hashable {
        /// The name in the legend.
        public var name: String
        /// A value for each category; missing ones are gaps, those beyond the last category are not drawn.
        public var values: [Double]

        /// A series of values, one for each category.
        public init(_ name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    /// What stands above the chart.
    public var title: String
    /// The axis from left to right.
    public var valueAxis: LineChart.Axis
    /// The names of the rows, from top to bottom.
    public var categories: [String]
    /// The bars, in the order of the legend.
    public var series: [Series]

    /// Makes a chart; see the properties for the meaning of each part.
    public init(title: String, valueAxis: LineChart.Axis, categories: [String], series: [Series]) {
        self.title = title
        self.valueAxis = valueAxis
        self.categories = categories
        self.series = series
    }

    /// The value of a bar; `nil` for a gap.
    package func value(series: Int, category: Int) -> Double? {
        let values = self.series[series].values
        guard values.indices.contains(category), abs(values[category]) <= 1e150 else { return nil }
        return values[category]
    }

    /// Ticks from zero to the furthest bar on each side; `nil` if there is no bar.
    package func ticks(about count: Int) -> AxisTicks? {
        let values = series.indices.flatMap { series in
            categories.indices.compactMap { value(series: series, category: $0) }
        }
        guard let low = values.min(), let high = values.max() else { return nil }
        // Bars of length zero still need an axis.
        let top = low == 0 && high == 0 ? 1 : max(high, 0)
        return AxisTicks(covering: min(low, 0)...top, about: count, rounded: true)
    }

    /// The chart in words, for those who do not see it.
    package var summary: String {
        let rows = categories.indices.map { category in
            let values = series.indices.map { index in
                "\(series[index].name) "
                    + (value(series: index, category: category).map(Self.text) ?? "no value")
            }
            return "\(categories[category]): " + values.joined(separator: ", ")
        }
        return ([valueAxis.label] + rows).joined(separator: ". ")
    }

    /// A value as it stands at the end of its bar, with about three digits that count.
    package static func text(_ value: Double) -> String {
        switch abs(value) {
        case 0: "0"
        case 1e12...: "\(value)"
        case 1e6...: fixed(value / 1e6, decimals: value / 1e6 < 100 ? 1 : 0) + "M"
        case 1000...: grouped(Int(value.rounded()))
        case 100...: fixed(value, decimals: 0)
        case 10...: fixed(value, decimals: 1)
        case 0.01...: fixed(value, decimals: 2)
        default: "\(Float(value))"
        }
    }
}
