/// Several bar charts in one picture, one below the other.
public struct BarChartGroup: Sendable, Hashable {
    /// The charts, from top to bottom.
    public var charts: [BarChart]
    /// What stands above all of them; empty for nothing.
    public var title: String

    /// Charts in one picture.
    public init(_ charts: [BarChart], title: String = "") {
        self.charts = charts
        self.title = title
    }

    /// The charts as one SVG document, as high as their bars need.
    ///
    /// - Parameters:
    ///   - width: the width in pixels, at least 320.
    ///   - theme: the choice of colours.
    public func svg(width: Int = 720, theme: ReportTheme = .automatic) -> String {
        let width = Double(max(min(width, SVGCanvas.sides.upperBound), 320))
        let header = title.isEmpty ? 0.0 : 34
        let height = max(charts.reduce(header) { $0 + $1.height(width: width) }, 40)

        var canvas = SVGCanvas.blank(theme: theme)
        canvas.text(
            title.cut(toPixels: width - 32, fontSize: 19, bold: true),
            x: width / 2,
            y: 30,
            size: 19,
            anchor: .middle,
            bold: true
        )
        var top = header
        for chart in charts {
            let height = chart.height(width: width)
            let frame = Frame(x: 0, y: top, width: width, height: height)
            canvas.group(titled: chart.title) { chart.draw(on: &$0, in: frame) }
            top += height
        }
        let names = charts.map(\.title).filter { !$0.isEmpty }.joined(separator: ", ")
        return canvas.document(
            width: width,
            height: height,
            title: title.isEmpty ? names : title,
            description: charts.map(\.summary).joined(separator: ". ")
        )
    }
}
