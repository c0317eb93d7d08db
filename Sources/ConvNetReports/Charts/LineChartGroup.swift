/// Several charts in one picture, such as accuracy on the left and loss on the right.
public struct LineChartGroup: Sendable, Hashable {
    /// How charts stand to each other.
    public enum Arrangement: String, Sendable, Hashable {
        /// From left to right.
        case sideBySide
        /// From top to bottom.
        case stacked
    }

    /// The charts, in reading order.
    public var charts: [LineChart]
    /// How they stand to each other.
    public var arrangement: Arrangement
    /// What stands above all of them; empty for nothing.
    public var title: String

    /// Charts in one picture.
    public init(_ charts: [LineChart], arrangement: Arrangement = .sideBySide, title: String = "") {
        self.charts = charts
        self.arrangement = arrangement
        self.title = title
    }

    /// The charts as one SVG document.
    ///
    /// - Parameters:
    ///   - width: the width of the whole in pixels, at least 240 per chart side by side.
    ///   - height: the height of the whole in pixels, at least 180 per stacked chart.
    ///   - theme: the choice of colours.
    public func svg(width: Int = 960, height: Int = 360, theme: ReportTheme = .automatic) -> String {
        picture(width: width, height: height, theme: theme).svg
    }

    /// The charts as one PNG file, for programs that show no SVG. Letters are drawn with strokes: those of ASCII and some more;
    /// others, but for letters with accents, are boxes.
    ///
    /// - Parameters:
    ///   - width: the width of the whole drawing, at least 240 per chart side by side.
    ///   - height: its height, at least 180 per stacked chart.
    ///   - scale: the number of pixels for each unit of the drawing, in 0.25...8.
    ///   - theme: the choice of colours; `automatic` is light.
    public func png(
        width: Int = 960,
        height: Int = 360,
        scale: Double = 2,
        theme: ReportTheme = .light
    ) -> [UInt8] {
        picture(width: width, height: height, theme: theme).png(scale: scale)
    }

    private func picture(width: Int, height: Int, theme: ReportTheme) -> Picture {
        let columns = arrangement == .sideBySide ? max(charts.count, 1) : 1
        let rows = arrangement == .stacked ? max(charts.count, 1) : 1
        let header = title.isEmpty ? 0 : 34
        let smallest = LineChart.smallestSize
        let width = Double(Self.side(width, atLeast: smallest.width * columns))
        let height = Double(Self.side(height, atLeast: smallest.height * rows + header))

        var canvas = Canvas(theme: theme)
        canvas.text(
            title.cut(toPixels: width - 32, fontSize: 19, bold: true),
            x: width / 2,
            y: 30,
            size: 19,
            anchor: .middle,
            bold: true
        )
        let partWidth = width / Double(columns)
        let partHeight = (height - Double(header)) / Double(rows)
        for (place, chart) in charts.enumerated() {
            let frame = Frame(
                x: arrangement == .sideBySide ? Double(place) * partWidth : 0,
                y: Double(header) + (arrangement == .stacked ? Double(place) * partHeight : 0),
                width: partWidth,
                height: partHeight
            )
            canvas.group(titled: chart.title) { chart.draw(on: &$0, in: frame) }
        }
        let names = charts.map(\.title).filter { !$0.isEmpty }.joined(separator: ", ")
        return Picture(
            canvas: canvas,
            width: width,
            height: height,
            title: title.isEmpty ? names : title,
            description: charts.map(\.summary).joined(separator: ". ")
        )
    }

    private static func side(_ value: Int, atLeast smallest: Int) -> Int {
        max(min(value, Canvas.sides.upperBound), smallest)
    }
}
