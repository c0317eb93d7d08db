/// Collects the elements of an SVG picture, and the style sheet for the colours they use.
///
/// No element has an `id`, so that any number of pictures can stand in one HTML page; the classes mean the
/// same in all of them.
package struct SVGCanvas {
    /// The colours' choice.
    package let theme: ReportTheme
    private var body: [String] = []
    private var darkRules: Set<String> = []

    /// The smallest and the largest side of a picture; sizes beyond are brought within.
    package static let sides = 16...16_384

    package init(theme: ReportTheme) { self.theme = theme }

    /// A rectangle.
    package mutating func rectangle(
        _ frame: Frame,
        fill: ThemedColor?,
        stroke: Stroke? = nil,
        radius: Double = 0
    ) {
        let corner = radius > 0 ? " rx=\"\(coordinate(radius))\"" : ""
        body.append(
            "<rect x=\"\(coordinate(frame.x))\" y=\"\(coordinate(frame.y))\" "
                + "width=\"\(coordinate(frame.width))\" height=\"\(coordinate(frame.height))\"\(corner)"
                + paint(fill: fill, stroke: stroke) + "/>"
        )
    }

    /// A path of SVG commands; see `PathText`.
    package mutating func path(_ path: PathText, fill: ThemedColor? = nil, stroke: Stroke? = nil) {
        guard !path.text.isEmpty else { return }
        body.append("<path d=\"\(path.text)\"\(paint(fill: fill, stroke: stroke))/>")
    }

    /// A straight line.
    package mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ stroke: Stroke) {
        var path = PathText()
        path.move(x1, y1)
        path.line(x2, y2)
        self.path(path, stroke: stroke)
    }

    /// A line of text, its baseline at `y`; `x` is its start, its middle or its end.
    package mutating func text(
        _ string: String,
        x: Double,
        y: Double,
        size: Double,
        anchor: TextAnchor = .start,
        color: ThemedColor = .ink,
        bold: Bool = false,
        turnedBy degrees: Double = 0
    ) {
        guard !string.isEmpty else { return }
        let place = "x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" font-size=\"\(coordinate(size))\""
        let weight = bold ? " font-weight=\"600\"" : ""
        let aligned = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        let turn =
            degrees == 0
            ? "" : " transform=\"rotate(\(coordinate(degrees)) \(coordinate(x)) \(coordinate(y)))\""
        body.append(
            "<text \(place)\(weight)\(aligned)\(turn)\(paint(fill: color))>\(string.escapedForXML)</text>"
        )
    }

    /// An embedded raster image, its pixels as sharp squares where the program can do that: browsers do,
    /// librsvg 2.54 interpolates.
    package mutating func image(dataURI: String, in frame: Frame) {
        // Browsers know the style, older programs the attribute of SVG 1.1.
        body.append(
            "<image x=\"\(coordinate(frame.x))\" y=\"\(coordinate(frame.y))\" "
                + "width=\"\(coordinate(frame.width))\" height=\"\(coordinate(frame.height))\" "
                + "image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\" href=\"\(dataURI)\"/>"
        )
    }

    /// Elements that belong together, with a name that a pointer over them and a screen reader show.
    package mutating func group(titled title: String, _ draw: (inout SVGCanvas) -> Void) {
        body.append("<g><title>\(title.escapedForXML)</title>")
        draw(&self)
        body.append("</g>")
    }

    /// The whole picture as an SVG document.
    package func document(width: Double, height: Double, title: String, description: String) -> String {
        let (w, h) = (coordinate(width), coordinate(height))
        let fonts = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(w)\" height=\"\(h)\" viewBox=\"0 0 \(w) \(h)\" "
                + "role=\"img\" font-family=\"\(fonts)\">",
            "<title>\(title.escapedForXML)</title>",
            "<desc>\(description.escapedForXML)</desc>",
        ]
        if theme == .automatic, !darkRules.isEmpty {
            lines.append(
                "<style>@media (prefers-color-scheme: dark) {\n\(darkRules.sorted().joined(separator: "\n"))\n}</style>"
            )
        }
        lines.append("<rect width=\"\(w)\" height=\"\(h)\"\(background)/>")
        return (lines + body + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    /// A canvas that holds the background's rule from the start, as every document paints it.
    package static func blank(theme: ReportTheme) -> SVGCanvas {
        var canvas = SVGCanvas(theme: theme)
        canvas.background = canvas.paint(fill: .background)
        return canvas
    }

    private var background = ""

    private mutating func paint(fill: ThemedColor?, stroke: Stroke? = nil) -> String {
        var classes: [String] = []
        var attributes = ""
        func value(_ color: ThemedColor) -> String { (theme == .dark ? color.dark : color.light).hex }
        if let fill {
            classes.append("scn-f-\(fill.name)")
            darkRules.insert(".scn-f-\(fill.name){fill:\(fill.dark.hex)}")
            attributes += " fill=\"\(value(fill))\""
        } else {
            attributes += " fill=\"none\""
        }
        if let stroke {
            classes.append("scn-s-\(stroke.color.name)")
            darkRules.insert(".scn-s-\(stroke.color.name){stroke:\(stroke.color.dark.hex)}")
            attributes += " stroke=\"\(value(stroke.color))\" stroke-width=\"\(coordinate(stroke.width))\""
            if !stroke.dashes.isEmpty {
                attributes += " stroke-dasharray=\"\(stroke.dashes.map(coordinate).joined(separator: " "))\""
            }
            if stroke.isRounded { attributes += " stroke-linejoin=\"round\" stroke-linecap=\"round\"" }
        }
        guard theme == .automatic, !classes.isEmpty else { return attributes }
        return " class=\"\(classes.joined(separator: " "))\"\(attributes)"
    }
}
