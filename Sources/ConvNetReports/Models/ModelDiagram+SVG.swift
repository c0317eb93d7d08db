extension ModelDiagram {
    private static let lineHeight = 17.0
    private static let fontSize = 12.0
    private static let margin = 20.0
    private static let rowGap = 34.0

    /// The diagram as an SVG document: from the inputs above to the predictions below.
    ///
    /// - Parameter theme: the choice of colours.
    public func svg(theme: ReportTheme = .automatic) -> String { picture(theme: theme).svg }

    /// The diagram as a PNG file, for programs that show no SVG; see `LineChartGroup.png`.
    ///
    /// - Parameters:
    ///   - scale: the number of pixels for each unit of the drawing, in 0.25...8.
    ///   - theme: the choice of colours; `automatic` is light.
    public func png(scale: Double = 2, theme: ReportTheme = .light) -> [UInt8] {
        picture(theme: theme).png(scale: scale)
    }

    private func picture(theme: ReportTheme) -> Picture {
        let texts = boxes.map(lines)
        let boxHeight = Double(showsShapes ? 3 : 2) * Self.lineHeight + 12
        let widths = texts.map { lines in
            (lines.enumerated().map { $1.estimatedWidth(fontSize: Self.fontSize, bold: $0 == 0) }.max() ?? 0)
                + 24
        }
        let layout = LayeredLayout(inputs: boxes.map(\.inputs), widths: widths, gap: 24)
        func top(_ row: Int) -> Double { Self.margin + 34 + Double(row) * (boxHeight + Self.rowGap) }
        let titleWidth = title.estimatedWidth(fontSize: 17, bold: true)
        let width = max(layout.width, titleWidth) + 2 * Self.margin
        let left = (width - layout.width) / 2
        let height = top((layout.rows.max() ?? 0) + 1) - Self.rowGap + Self.margin

        var canvas = Canvas(theme: theme)
        canvas.text(title, x: width / 2, y: Self.margin + 8, size: 17, anchor: .middle, bold: true)
        for (place, box) in boxes.enumerated() {
            for (number, input) in box.inputs.enumerated() {
                // Arrows into one box end beside each other.
                let spread = Double(number + 1) / Double(box.inputs.count + 1) - 0.5
                let end = (
                    x: left + layout.x[place] + spread * min(widths[place], 120), y: top(layout.rows[place])
                )
                var path = PathText()
                path.move(left + layout.x[input], top(layout.rows[input]) + boxHeight)
                for (step, x) in layout.bends[place][number].enumerated() {
                    let y = top(layout.rows[input] + 1 + step)
                    path.line(left + x, y)
                    path.line(left + x, y + boxHeight)
                }
                path.line(end.x, end.y - 8)
                canvas.path(path, stroke: Stroke(.axis, width: 1.4, isRounded: true))
                var head = PathText()
                head.polygon([(end.x - 4, end.y - 8), (end.x + 4, end.y - 8), end])
                canvas.path(head, fill: .axis)
            }
        }
        for (place, box) in boxes.enumerated() {
            let frame = Frame(
                x: left + layout.x[place] - widths[place] / 2,
                y: top(layout.rows[place]),
                width: widths[place],
                height: boxHeight
            )
            canvas.group(titled: "\(box.name) (\(box.kind)) \(box.shapes)") { canvas in
                canvas.rectangle(frame, fill: .background, stroke: Stroke(.right, width: 1.4), radius: 5)
                for (number, line) in texts[place].enumerated() {
                    canvas.text(
                        line,
                        x: frame.middleX,
                        y: frame.y + 6 + Double(number) * Self.lineHeight + 13,
                        size: Self.fontSize,
                        anchor: .middle,
                        color: number == 0 ? .ink : .muted,
                        bold: number == 0
                    )
                }
            }
        }
        return Picture(
            canvas: canvas,
            width: width,
            height: height,
            title: title,
            description: "\(boxes.count) layers: "
                + boxes.map { "\($0.name) (\($0.kind))" }.joined(separator: ", ")
        )
    }
}
