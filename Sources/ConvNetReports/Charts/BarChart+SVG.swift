extension BarChart {
    /// The chart as an SVG document, as high as its bars need.
    ///
    /// - Parameters:
    ///   - width: the width in pixels, at least 320.
    ///   - theme: the choice of colours.
    public func svg(width: Int = 720, theme: ReportTheme = .automatic) -> String {
        BarChartGroup([self]).svg(width: width, theme: theme)
    }

    /// The chart as a PNG file; see `LineChartGroup.png`.
    ///
    /// - Parameters:
    ///   - width: the width of the drawing, at least 320.
    ///   - scale: the number of pixels for each unit of the drawing, in 0.25...8.
    ///   - theme: the choice of colours; `automatic` is light.
    public func png(width: Int = 720, scale: Double = 2, theme: ReportTheme = .light) -> [UInt8] {
        BarChartGroup([self]).png(width: width, scale: scale, theme: theme)
    }

    private static let barHeight = 13.0
    private static let rowGap = 12.0
    private static let fontSize = 12.0

    /// The height that the chart needs in a picture of a width.
    package func height(width: Double) -> Double {
        headHeight(width: width) + plotHeight + (valueAxis.label.isEmpty ? 34 : 52)
    }

    private var rowHeight: Double { Double(max(series.count, 1)) * Self.barHeight + Self.rowGap }
    private var plotHeight: Double { max(Double(categories.count) * rowHeight + 8, 40) }

    private func headHeight(width: Double) -> Double {
        12 + (title.isEmpty ? 0 : 22) + legend(width: width).height + 14
    }

    private func legend(width: Double) -> LegendLayout {
        LegendLayout(names: series.map(\.name), width: width - 32)
    }

    /// Draws the chart into a part of a picture, whose height must be `height(width:)`.
    package func draw(on canvas: inout Canvas, in frame: Frame) {
        if !title.isEmpty {
            let cut = title.cut(toPixels: frame.width - 24, fontSize: 16, bold: true)
            canvas.text(cut, x: frame.middleX, y: frame.y + 30, size: 16, anchor: .middle, bold: true)
        }
        let legendTop = frame.y + 12 + (title.isEmpty ? 0 : 22)
        legend(width: frame.width).draw(on: &canvas, middle: frame.middleX, top: legendTop + 6)

        let names = categories.map { $0.cut(toPixels: frame.width * 0.4, fontSize: Self.fontSize) }
        let nameWidth = names.map { $0.estimatedWidth(fontSize: Self.fontSize) }.max() ?? 0
        let left = frame.x + nameWidth + 38
        let plot = Frame(
            x: left,
            y: frame.y + headHeight(width: frame.width),
            width: max(frame.right - 20 - left, 40),
            height: plotHeight
        )
        // The longest bar leaves room for its number.
        let scaled = Frame(x: plot.x, y: plot.y, width: max(plot.width - 64, 20), height: plot.height)
        if let ticks = ticks(about: max(2, min(8, Int(scaled.width / 80) + 1))) {
            let span = ticks.domain.upperBound - ticks.domain.lowerBound
            func x(_ value: Double) -> Double {
                scaled.x + (value - ticks.domain.lowerBound) / span * scaled.width
            }
            for value in ticks.values {
                canvas.line(x(value), plot.y, x(value), plot.bottom, Stroke(.grid))
                let label = ticks.label(value, style: valueAxis.numbers)
                canvas.text(
                    label,
                    x: x(value),
                    y: plot.bottom + 17,
                    size: Self.fontSize,
                    anchor: .middle,
                    color: .muted
                )
            }
            for category in categories.indices {
                let top = plot.y + Double(category) * rowHeight + Self.rowGap / 2 + 4
                let middle = top + (rowHeight - Self.rowGap) / 2
                canvas.text(
                    names[category],
                    x: plot.x - 26,
                    y: middle + 4,
                    size: Self.fontSize,
                    anchor: .end
                )
                canvas.group(titled: categories[category]) { canvas in
                    for index in series.indices {
                        let y = top + Double(index) * Self.barHeight
                        drawBar(index, category, on: &canvas, y: y, markerX: plot.x - 12, x: x)
                    }
                }
            }
            canvas.line(x(0), plot.y, x(0), plot.bottom, Stroke(.axis))
        } else {
            canvas.rectangle(plot, fill: nil, stroke: Stroke(.grid))
            canvas.text(
                "no values",
                x: plot.middleX,
                y: plot.middleY + 4,
                size: 13,
                anchor: .middle,
                color: .muted
            )
        }
        canvas.text(
            valueAxis.label.cut(toPixels: plot.width, fontSize: 13),
            x: scaled.middleX,
            y: plot.bottom + 40,
            size: 13,
            anchor: .middle,
            color: .muted
        )
    }

    private func drawBar(
        _ index: Int,
        _ category: Int,
        on canvas: inout Canvas,
        y: Double,
        markerX: Double,
        x: (Double) -> Double
    ) {
        guard let value = value(series: index, category: category) else { return }
        let style = SeriesStyle(index)
        let middle = y + Self.barHeight / 2
        if series.count > 1 {
            canvas.path(style.marker(x: markerX, y: middle), fill: style.color)
        }
        let (start, end) = (min(x(0), x(value)), max(x(0), x(value)))
        canvas.rectangle(
            Frame(x: start, y: y + 1, width: end - start, height: Self.barHeight - 2),
            fill: style.color
        )
        let number = valueAxis.numbers == .percent ? fixed(value * 100, decimals: 0) + " %" : Self.text(value)
        canvas.text(number, x: end + 5, y: middle + 4, size: 11, color: .muted)
    }
}
