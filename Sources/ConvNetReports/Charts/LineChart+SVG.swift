extension LineChart {
    /// The chart as an SVG document.
    ///
    /// - Parameters:
    ///   - width: the width in pixels, at least 240.
    ///   - height: the height in pixels, at least 180.
    ///   - theme: the choice of colours.
    public func svg(width: Int = 560, height: Int = 360, theme: ReportTheme = .automatic) -> String {
        LineChartGroup([self]).svg(width: width, height: height, theme: theme)
    }

    /// The chart as a PNG file; see `LineChartGroup.png`.
    ///
    /// - Parameters:
    ///   - width: the width of the drawing, at least 240.
    ///   - height: its height, at least 180.
    ///   - scale: the number of pixels for each unit of the drawing, in 0.25...8.
    ///   - theme: the choice of colours; `automatic` is light.
    public func png(
        width: Int = 560,
        height: Int = 360,
        scale: Double = 2,
        theme: ReportTheme = .light
    ) -> [UInt8] {
        LineChartGroup([self]).png(width: width, height: height, scale: scale, theme: theme)
    }

    /// The smallest size in which a chart is readable.
    package static let smallestSize = (width: 240, height: 180)

    /// Draws the chart into a part of a picture.
    package func draw(on canvas: inout Canvas, in frame: Frame) {
        var top = frame.y + 12
        if !title.isEmpty {
            top += 18
            let cut = title.cut(toPixels: frame.width - 24, fontSize: 16, bold: true)
            canvas.text(cut, x: frame.middleX, y: top, size: 16, anchor: .middle, bold: true)
            top += 4
        }
        let legend = LegendLayout(names: series.map(\.name), width: frame.width - 32)
        legend.draw(on: &canvas, middle: frame.middleX, top: top + 6)
        top += legend.height + 14

        let bottom = frame.bottom - (xAxis.label.isEmpty ? 34 : 52)
        let yTicks = yTicks(about: max(2, min(8, Int((bottom - top) / 44) + 1)))
        let labels = yTicks.map { ticks in ticks.values.map { ticks.label($0, style: yAxis.numbers) } } ?? []
        let labelWidth = labels.map { $0.estimatedWidth(fontSize: 12) }.max() ?? 0
        let left = frame.x + (yAxis.label.isEmpty ? 12 : 36) + labelWidth + 8
        let plot = Frame(
            x: left,
            y: top,
            width: max(frame.right - 22 - left, 20),
            height: max(bottom - top, 20)
        )

        if let yTicks, let xTicks = xTicks(fitting: plot.width) {
            let scale = ChartScale(plot: plot, x: xTicks.domain, y: yTicks.domain)
            for (value, label) in zip(yTicks.values, labels) {
                let y = scale.y(value)
                canvas.line(plot.x, y, plot.right, y, Stroke(.grid))
                canvas.text(label, x: plot.x - 8, y: y + 4, size: 12, anchor: .end, color: .muted)
            }
            for value in xTicks.values {
                let x = scale.x(value)
                canvas.line(x, plot.bottom, x, plot.bottom + 5, Stroke(.axis))
                let label = xTicks.label(value, style: xAxis.numbers)
                canvas.text(label, x: x, y: plot.bottom + 19, size: 12, anchor: .middle, color: .muted)
            }
            canvas.line(plot.x, plot.bottom, plot.right, plot.bottom, Stroke(.axis))
            for (index, series) in series.enumerated() {
                canvas.group(titled: series.name) {
                    draw(series, style: SeriesStyle(index), on: &$0, scale: scale)
                }
            }
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
            xAxis.label.cut(toPixels: plot.width, fontSize: 13),
            x: plot.middleX,
            y: frame.bottom - 12,
            size: 13,
            anchor: .middle,
            color: .muted
        )
        canvas.text(
            yAxis.label.cut(toPixels: plot.height + 40, fontSize: 13),
            x: frame.x + 20,
            y: plot.middleY,
            size: 13,
            anchor: .middle,
            color: .muted,
            turnedBy: -90
        )
    }

    /// Ticks whose numbers do not touch.
    private func xTicks(fitting width: Double) -> AxisTicks? {
        for count in stride(from: max(2, min(11, Int(width / 48) + 1)), through: 2, by: -1) {
            guard let ticks = xTicks(about: count) else { return nil }
            let needed = ticks.values.reduce(0) {
                $0 + ticks.label($1, style: xAxis.numbers).estimatedWidth(fontSize: 12) + 12
            }
            if needed <= width || count == 2 { return ticks }
        }
        return nil
    }

    private func draw(_ series: Series, style: SeriesStyle, on canvas: inout Canvas, scale: ChartScale) {
        var line = PathText()
        var marked: [(x: Double, y: Double)] = []
        for run in series.runs {
            for (place, point) in run.enumerated() {
                let (x, y) = (scale.x(point.x), scale.y(point.y))
                if place == 0 { line.move(x, y) } else { line.line(x, y) }
                // Markers keep a distance, so that hundreds of points still look like a line.
                let distant = marked.last.map { abs(x - $0.x) + abs(y - $0.y) >= 24 } ?? true
                if run.count == 1 || distant { marked.append((x, y)) }
            }
        }
        canvas.path(line, stroke: style.stroke)
        for point in marked {
            canvas.path(
                style.marker(x: point.x, y: point.y),
                fill: style.color,
                stroke: Stroke(.background, width: 1)
            )
        }
    }
}
