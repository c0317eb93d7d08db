/// The text of an SVG picture: its elements, and the style sheet for the colours they use.
///
/// No element has an `id`, so that any number of pictures can stand in one HTML page; the classes mean the
/// same in all of them.
struct SVGDocument {
    private let theme: ReportTheme
    private let canvas: Canvas
    private var body: [String] = []
    private var darkRules: Set<String> = []
    private(set) var text = ""

    init(_ picture: Picture) {
        canvas = picture.canvas
        theme = canvas.theme
        let background = paint(fill: .background)
        for element in canvas.elements { append(element) }
        let (w, h) = (coordinate(picture.width), coordinate(picture.height))
        let fonts = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(w)\" height=\"\(h)\" viewBox=\"0 0 \(w) \(h)\" "
                + "role=\"img\" font-family=\"\(fonts)\">",
            "<title>\(picture.title.escapedForXML)</title>",
            "<desc>\(picture.description.escapedForXML)</desc>",
        ]
        if theme == .automatic, !darkRules.isEmpty {
            lines.append(
                "<style>@media (prefers-color-scheme: dark) {\n\(darkRules.sorted().joined(separator: "\n"))\n}</style>"
            )
        }
        lines.append("<rect width=\"\(w)\" height=\"\(h)\"\(background)/>")
        text = (lines + body + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private mutating func append(_ element: Canvas.Element) {
        switch element {
        case .rectangle(let frame, let fill, let stroke, let radius):
            let corner = radius > 0 ? " rx=\"\(coordinate(radius))\"" : ""
            body.append("<rect \(Self.place(frame))\(corner)" + paint(fill: fill, stroke: stroke) + "/>")
        case .path(let path, let fill, let stroke):
            body.append("<path d=\"\(path.text)\"\(paint(fill: fill, stroke: stroke))/>")
        case .text(let text): append(text)
        case .image(let bitmap, let frame):
            // Browsers know the style, older programs the attribute of SVG 1.1; librsvg 2.54 interpolates nevertheless.
            body.append(
                "<image \(Self.place(frame)) "
                    + "image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\" href=\"\(bitmap.dataURI)\"/>"
            )
        case .groupStart(let title): body.append("<g><title>\(title.escapedForXML)</title>")
        case .groupEnd: body.append("</g>")
        }
    }

    private mutating func append(_ text: Canvas.Text) {
        let (x, y) = (coordinate(text.x), coordinate(text.y))
        let place = "x=\"\(x)\" y=\"\(y)\" font-size=\"\(coordinate(text.size))\""
        let weight = text.bold ? " font-weight=\"600\"" : ""
        let aligned = text.anchor == .start ? "" : " text-anchor=\"\(text.anchor.rawValue)\""
        let turn =
            text.degrees == 0 ? "" : " transform=\"rotate(\(coordinate(text.degrees)) \(x) \(y))\""
        body.append(
            "<text \(place)\(weight)\(aligned)\(turn)\(paint(fill: text.color))>\(text.string.escapedForXML)</text>"
        )
    }

    private static func place(_ frame: Frame) -> String {
        "x=\"\(coordinate(frame.x))\" y=\"\(coordinate(frame.y))\" "
            + "width=\"\(coordinate(frame.width))\" height=\"\(coordinate(frame.height))\""
    }

    private mutating func paint(fill: ThemedColor?, stroke: Stroke? = nil) -> String {
        var classes: [String] = []
        var attributes = ""
        if let fill {
            classes.append("scn-f-\(fill.name)")
            darkRules.insert(".scn-f-\(fill.name){fill:\(fill.dark.hex)}")
            attributes += " fill=\"\(canvas.color(fill).hex)\""
        } else {
            attributes += " fill=\"none\""
        }
        if let stroke {
            classes.append("scn-s-\(stroke.color.name)")
            darkRules.insert(".scn-s-\(stroke.color.name){stroke:\(stroke.color.dark.hex)}")
            attributes +=
                " stroke=\"\(canvas.color(stroke.color).hex)\" stroke-width=\"\(coordinate(stroke.width))\""
            if !stroke.dashes.isEmpty {
                attributes += " stroke-dasharray=\"\(stroke.dashes.map(coordinate).joined(separator: " "))\""
            }
            if stroke.isRounded { attributes += " stroke-linejoin=\"round\" stroke-linecap=\"round\"" }
        }
        guard theme == .automatic, !classes.isEmpty else { return attributes }
        return " class=\"\(classes.joined(separator: " "))\"\(attributes)"
    }
}
