/// What a picture consists of, whether it becomes an SVG document or pixels.
package struct Canvas: Sendable {
    /// A part of a picture.
    package enum Element: Sendable {
        case rectangle(Frame, fill: ThemedColor?, stroke: Stroke?, radius: Double)
        case path(PathText, fill: ThemedColor?, stroke: Stroke?)
        case text(Text)
        case image(Bitmap, Frame)
        /// Elements that belong together follow, up to `groupEnd`; a pointer over them and a screen reader show the title.
        case groupStart(title: String)
        case groupEnd
    }

    /// A line of text.
    package struct Text: Sendable {
        package var string: String
        /// Where its baseline starts, has its middle or ends.
        package var x: Double, y: Double
        package var size: Double
        package var anchor: TextAnchor
        package var color: ThemedColor
        package var bold: Bool
        /// The turn about `x` and `y`, clockwise.
        package var degrees: Double
    }

    /// The colours' choice.
    package let theme: ReportTheme
    /// In the order in which they are drawn.
    package private(set) var elements: [Element] = []

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
        elements.append(.rectangle(frame, fill: fill, stroke: stroke, radius: radius))
    }

    /// A path; see `PathText`.
    package mutating func path(_ path: PathText, fill: ThemedColor? = nil, stroke: Stroke? = nil) {
        guard !path.text.isEmpty else { return }
        elements.append(.path(path, fill: fill, stroke: stroke))
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
        elements.append(
            .text(
                Text(
                    string: string,
                    x: x,
                    y: y,
                    size: size,
                    anchor: anchor,
                    color: color,
                    bold: bold,
                    degrees: degrees
                )
            )
        )
    }

    /// A raster image, its pixels as sharp squares.
    package mutating func image(_ bitmap: Bitmap, in frame: Frame) { elements.append(.image(bitmap, frame)) }

    /// Elements that belong together, with a name that a pointer over them and a screen reader show.
    package mutating func group(titled title: String, _ draw: (inout Canvas) -> Void) {
        elements.append(.groupStart(title: title))
        draw(&self)
        elements.append(.groupEnd)
    }

    /// The colour of a role, where the theme is not left to the reader's system.
    package func color(_ color: ThemedColor) -> RGBColor { theme == .dark ? color.dark : color.light }
}
