/// Images in rows and columns, each with a caption and perhaps a mark: samples of a dataset, or predictions.
///
/// ```swift
/// let grid = ImageGrid(title: "Predictions", images: [
///     CaptionedImage(try Bitmap(pixels, width: 28, height: 28), caption: "7\n99.8 %", mark: .right)
/// ])
/// let picture = grid.svg()
/// print(TerminalImage(grid.images, width: 80).text)
/// ```
public struct ImageGrid: Sendable, Hashable {
    /// What stands above the images; empty for nothing.
    public var title: String
    /// The images, row by row.
    public var images: [CaptionedImage]
    /// The images in a row.
    public var columns: Int

    /// Images in rows of `columns`.
    public init(title: String, images: [CaptionedImage], columns: Int = 5) {
        self.title = title
        self.images = images
        self.columns = columns
    }
}

extension ImageGrid {
    private static let padding = 24.0
    private static let gap = 20.0
    private static let lineHeight = 18.0
    private static let fontSize = 13.0

    /// The images as an SVG document that contains them.
    ///
    /// - Parameters:
    ///   - imageSize: the longer side of an image in pixels, 32...1024. Pixels of an image are shown as
    ///     squares; a multiple of the image's own size makes them equally large.
    ///   - theme: the choice of colours.
    public func svg(imageSize: Int = 112, theme: ReportTheme = .automatic) -> String {
        picture(imageSize: imageSize, theme: theme).svg
    }

    /// The images as one PNG file, for programs that show no SVG; see `LineChartGroup.png`.
    ///
    /// - Parameters:
    ///   - imageSize: the longer side of each image in the drawing, in 32...1024.
    ///   - scale: the number of pixels for each unit of the drawing, in 0.25...8.
    ///   - theme: the choice of colours; `automatic` is light.
    public func png(imageSize: Int = 112, scale: Double = 2, theme: ReportTheme = .light) -> [UInt8] {
        picture(imageSize: imageSize, theme: theme).png(scale: scale)
    }

    private func picture(imageSize: Int, theme: ReportTheme) -> Picture {
        let side = Double(min(max(imageSize, 32), 1024))
        let columns = max(
            1,
            min(columns, max(images.count, 1), Int(Double(Canvas.sides.upperBound) / (side + Self.gap)))
        )
        let rows = (images.count + columns - 1) / columns
        let lines = images.map(\.captionLines.count).max() ?? 0
        let cellHeight = side + 12 + Double(lines) * Self.lineHeight + Self.gap
        let header = title.isEmpty ? Self.padding : Self.padding + 38
        let marks = Mark.allCases.filter { mark in images.contains { $0.mark == mark } }
        let content = Double(columns) * (side + Self.gap) - Self.gap
        let width = max(content, 240) + 2 * Self.padding
        let height = header + max(Double(rows) * cellHeight, 40) + (marks.isEmpty ? 4 : 30)

        var canvas = Canvas(theme: theme)
        let cut = title.cut(toPixels: width - 2 * Self.padding, fontSize: 16, bold: true)
        canvas.text(cut, x: width / 2, y: Self.padding + 14, size: 16, anchor: .middle, bold: true)
        if images.isEmpty {
            canvas.text("no images", x: width / 2, y: header + 20, size: 13, anchor: .middle, color: .muted)
        }
        for (place, item) in images.enumerated() {
            let frame = Frame(
                x: (width - content) / 2 + Double(place % columns) * (side + Self.gap),
                y: header + Double(place / columns) * cellHeight,
                width: side,
                height: side
            )
            let state = item.mark.map { " (\($0.rawValue))" } ?? ""
            canvas.group(titled: item.captionLines.joined(separator: ", ") + state) {
                draw(item, on: &$0, in: frame)
            }
        }
        drawKey(of: marks, on: &canvas, middle: width / 2, y: height - 22)
        return Picture(
            canvas: canvas,
            width: width,
            height: height,
            title: title.isEmpty ? "Images" : title,
            description: images.map { item in
                item.captionLines.joined(separator: ", ") + (item.mark.map { ": \($0.rawValue)" } ?? "")
            }.joined(separator: "; ")
        )
    }

    private func draw(_ item: CaptionedImage, on canvas: inout Canvas, in frame: Frame) {
        let longer = Double(max(item.image.width, item.image.height))
        let (w, h) = (
            frame.width * Double(item.image.width) / longer, frame.height * Double(item.image.height) / longer
        )
        let picture = Frame(
            x: frame.middleX - w / 2,
            y: frame.middleY - h / 2,
            width: max(w, 1),
            height: max(h, 1)
        )
        canvas.image(item.image, in: picture)
        switch item.mark {
        case nil: canvas.rectangle(picture.grown(by: 0.5), fill: nil, stroke: Stroke(.axis))
        case .right: canvas.rectangle(picture.grown(by: 1.5), fill: nil, stroke: Stroke(.right, width: 2))
        case .wrong:
            let border = Stroke(.wrong, width: 4, dashes: [9, 5])
            canvas.rectangle(picture.grown(by: 3), fill: nil, stroke: border)
        }
        if let mark = item.mark { drawBadge(mark, on: &canvas, x: picture.right, y: picture.y) }
        for (line, text) in item.captionLines.enumerated() {
            canvas.text(
                text.cut(toPixels: frame.width + Self.gap - 6, fontSize: Self.fontSize),
                x: frame.middleX,
                y: frame.bottom + 10 + Double(line + 1) * Self.lineHeight - 4,
                size: Self.fontSize,
                anchor: .middle,
                color: line == 0 ? .ink : .muted
            )
        }
    }

    private func drawBadge(_ mark: Mark, on canvas: inout Canvas, x: Double, y: Double) {
        var disc = PathText()
        disc.circle(x: x, y: y, radius: 10)
        canvas.path(disc, fill: mark.color, stroke: Stroke(.background, width: 2))
        let ink = Stroke(.background, width: 2.4, isRounded: true)
        canvas.path(mark.symbolPath(x: x, y: y, radius: 4.5), stroke: ink)
    }

    private func drawKey(of marks: [Mark], on canvas: inout Canvas, middle: Double, y: Double) {
        let entries = marks.map { mark in
            let count = images.count { $0.mark == mark }
            let text = "\(grouped(count)) \(mark.rawValue)"
            return (mark: mark, text: text, width: 30 + text.estimatedWidth(fontSize: Self.fontSize))
        }
        var x = middle - (entries.reduce(0) { $0 + $1.width } + Double(max(entries.count - 1, 0)) * 16) / 2
        for entry in entries {
            drawBadge(entry.mark, on: &canvas, x: x + 10, y: y)
            canvas.text(entry.text, x: x + 26, y: y + 4.5, size: Self.fontSize)
            x += entry.width + 16
        }
    }
}
