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
        picture(width: width, theme: theme).svg
    }

    /// The charts as one PNG file, for programs that show no SVG; see `LineChartGroup.png`.
    ///
    /// - Parameters:
    ///   - width: the width of the drawing, at least 320.
    ///   - scale: the number of pixels for each unit of the drawing, in 0.25...8.
    ///   - theme: the choice of colours; `automatic` is light.
    public func png(width: Int = 720, scale: Double = 2, theme: ReportTheme = .light) -> [UInt8] {
        picture(width: width, theme: theme).png(scale: scale)
    }

    private func picture(width: Int, theme: ReportTheme) -> Picture {
        let width = Double(max(min(width, Canvas.sides.upperBound), 320))
        let header = title.isEmpty ? 0.0 : 34
        let height = max(charts.reduce(header) { $0 + $1.height(width: width) }, 40)

        var canvas = Canvas(theme: theme)
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
        return Picture(
            canvas: canvas,
            width: width,
            height: height,
            title: title.isEmpty ? names : title,
            description: charts.map(\.summary).joined(separator: ". ")
        )
    }
}
