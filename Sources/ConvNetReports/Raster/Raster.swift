import Foundation

/// Pixels that a picture is drawn into, red, green and blue; edges are smooth, for a pixel is mixed by the share of it that is covered.
struct Raster {
    private(set) var width: Int
    private(set) var height: Int
    /// Row by row from the top, three bytes for each pixel.
    private(set) var bytes: [UInt8]
    private let scale: Double
    /// The share of each pixel within `touched` that the shape at hand covers, 0...1.
    private var coverage: [Float]

    /// Pixels of one colour.
    ///
    /// - Parameters:
    ///   - width: the width of the picture.
    ///   - height: its height.
    ///   - scale: the number of pixels for each unit of these.
    ///   - background: their colour.
    init(width: Double, height: Double, scale: Double, _ background: RGBColor) {
        func side(_ length: Double) -> Int {
            min(max(Int((length * scale).rounded(.up)), 1), Canvas.sides.upperBound)
        }
        self.width = side(width)
        self.height = side(height)
        self.scale = scale
        let count = self.width * self.height
        bytes = [UInt8](unsafeUninitializedCapacity: 3 * count) { pixels, filled in
            for pixel in 0..<count {
                pixels[3 * pixel] = background.red
                pixels[3 * pixel + 1] = background.green
                pixels[3 * pixel + 2] = background.blue
            }
            filled = 3 * count
        }
        coverage = Array(repeating: 0, count: count)
    }

    /// Draws all elements, one over the other.
    mutating func draw(_ canvas: Canvas) {
        for element in canvas.elements {
            switch element {
            case .rectangle(let frame, let fill, let stroke, let radius):
                let frame = scaled(frame), radius = radius * scale
                if let fill { paint(canvas.color(fill), in: cover(frame, radius)) }
                if let stroke, stroke.dashes.isEmpty {
                    let area = coverEdge(of: frame, radius, width: stroke.width * scale)
                    paint(canvas.color(stroke.color), in: area)
                } else if let stroke {
                    draw([Self.outline(of: frame)], stroke, canvas)
                }
            case .path(let path, let fill, let stroke):
                let lines = path.lines.map(scaled)
                if let fill { paint(canvas.color(fill), in: cover(lines)) }
                if let stroke { draw(lines, stroke, canvas) }
            case .text(let text): draw(text, canvas)
            case .image(let bitmap, let frame): draw(bitmap, in: scaled(frame))
            case .groupStart, .groupEnd: break
            }
        }
    }

    private func scaled(_ frame: Frame) -> Frame {
        Frame(
            x: frame.x * scale,
            y: frame.y * scale,
            width: frame.width * scale,
            height: frame.height * scale
        )
    }

    private func scaled(_ line: PathText.Line) -> PathText.Line {
        PathText.Line(points: line.points.map { ($0.x * scale, $0.y * scale) }, isClosed: line.isClosed)
    }

    private static func outline(of frame: Frame) -> PathText.Line {
        let (x, y, right, bottom) = (frame.x, frame.y, frame.right, frame.bottom)
        return PathText.Line(points: [(x, y), (right, y), (right, bottom), (x, bottom)], isClosed: true)
    }

    // MARK: Areas

    /// Pixels from here to there, without the last ones.
    private struct Area {
        var columns: Range<Int>
        var rows: Range<Int>
    }

    /// The pixels of the picture that a rectangle touches.
    private func area(from left: Double, _ top: Double, to right: Double, _ bottom: Double) -> Area {
        func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
            // Beyond the picture, and whatever is no number, nothing is drawn.
            guard low < Double(count), high > 0 else { return 0..<0 }
            let first = Int(max(low.rounded(.down), 0))
            return first..<max(first, Int(min(high.rounded(.up), Double(count))))
        }
        return Area(columns: range(left, right, width), rows: range(top, bottom, height))
    }

    /// Mixes a colour into the pixels by their coverage, which is 0 afterwards.
    private mutating func paint(_ color: RGBColor, in area: Area) {
        let components = [Float(color.red), Float(color.green), Float(color.blue)]
        for y in area.rows {
            for x in area.columns {
                let pixel = y * width + x
                let share = coverage[pixel]
                guard share > 0 else { continue }
                coverage[pixel] = 0
                for (channel, component) in components.enumerated() {
                    let old = Float(bytes[3 * pixel + channel])
                    bytes[3 * pixel + channel] = UInt8((old + (component - old) * min(share, 1)).rounded())
                }
            }
        }
    }

    /// The distance of a point from the edge of a rectangle with round corners, negative within.
    private func distance(_ x: Double, _ y: Double, _ frame: Frame, _ radius: Double) -> Double {
        let dx = abs(x - frame.middleX) - frame.width / 2 + radius
        let dy = abs(y - frame.middleY) - frame.height / 2 + radius
        let outside = (max(dx, 0) * max(dx, 0) + max(dy, 0) * max(dy, 0)).squareRoot()
        return outside + min(max(dx, dy), 0) - radius
    }

    /// Covers a rectangle.
    private mutating func cover(_ frame: Frame, _ radius: Double) -> Area {
        let area = area(from: frame.x, frame.y, to: frame.right, frame.bottom)
        for y in area.rows {
            let rows = min(frame.bottom, Double(y + 1)) - max(frame.y, Double(y))
            for x in area.columns {
                let columns = min(frame.right, Double(x + 1)) - max(frame.x, Double(x))
                var share = max(rows, 0) * max(columns, 0)
                if radius > 0 {
                    let inside = 0.5 - distance(Double(x) + 0.5, Double(y) + 0.5, frame, radius)
                    share = min(share, max(inside, 0))
                }
                coverage[y * width + x] = Float(share)
            }
        }
        return area
    }

    /// Covers the edge of a rectangle, as wide as a stroke.
    private mutating func coverEdge(of frame: Frame, _ radius: Double, width stroke: Double) -> Area {
        let outer = frame.grown(by: stroke / 2 + 1)
        let area = area(from: outer.x, outer.y, to: outer.right, outer.bottom)
        for y in area.rows {
            for x in area.columns {
                let edge = abs(distance(Double(x) + 0.5, Double(y) + 0.5, frame, radius))
                coverage[y * width + x] = Float(min(max(stroke / 2 + 0.5 - edge, 0), min(stroke, 1)))
            }
        }
        return area
    }

    /// Covers what polygons enclose, by four lines within each row of pixels.
    private mutating func cover(_ polygons: [PathText.Line]) -> Area {
        let points = polygons.flatMap(\.points)
        guard let left = points.map(\.x).min(), let right = points.map(\.x).max(),
            let top = points.map(\.y).min(), let bottom = points.map(\.y).max()
        else { return Area(columns: 0..<0, rows: 0..<0) }
        let area = area(from: left, top, to: right, bottom)
        let lines = 4
        for y in area.rows {
            for line in 0..<lines {
                let middle = Double(y) + (Double(line) + 0.5) / Double(lines)
                let crossings = polygons.flatMap { Self.crossings(of: $0, at: middle) }.sorted()
                for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
                    for x in area.columns {
                        let inside =
                            min(crossings[pair + 1], Double(x + 1)) - max(crossings[pair], Double(x))
                        if inside > 0 { coverage[y * width + x] += Float(inside / Double(lines)) }
                    }
                }
            }
        }
        return area
    }

    /// Where the sides of a polygon cross a horizontal line.
    private static func crossings(of polygon: PathText.Line, at y: Double) -> [Double] {
        let points = polygon.points
        return points.indices.compactMap { place in
            let (a, b) = (points[place], points[(place + 1) % points.count])
            guard (a.y <= y) != (b.y <= y) else { return nil }
            return a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)
        }
    }

    // MARK: Lines

    /// Draws along lines; a pixel that several of them touch is mixed once.
    private mutating func draw(_ lines: [PathText.Line], _ stroke: Stroke, _ canvas: Canvas) {
        let dashes = stroke.dashes.map { $0 * scale }
        cover(
            lines.flatMap { $0.cut(into: dashes) },
            width: stroke.width * scale,
            isRounded: stroke.isRounded,
            canvas.color(stroke.color)
        )
    }

    private mutating func cover(
        _ lines: [PathText.Line],
        width stroke: Double,
        isRounded: Bool,
        _ color: RGBColor
    ) {
        var touched: Area?
        for line in lines {
            let points = line.isClosed ? line.points + line.points.prefix(1) : line.points
            for place in 0..<max(points.count - 1, 1) where !points.isEmpty {
                let (a, b) = (points[place], points[min(place + 1, points.count - 1)])
                // Corners are round; the ends of a line are, if they are to be.
                let own = coverSegment(
                    a,
                    b,
                    stroke,
                    roundStart: isRounded || line.isClosed || place > 0,
                    roundEnd: isRounded || line.isClosed || place < points.count - 2
                )
                touched = touched.map { Self.union($0, own) } ?? own
            }
        }
        if let touched { paint(color, in: touched) }
    }

    private static func union(_ a: Area, _ b: Area) -> Area {
        if a.columns.isEmpty || a.rows.isEmpty { return b }
        if b.columns.isEmpty || b.rows.isEmpty { return a }
        return Area(
            columns: min(
                a.columns.lowerBound,
                b.columns.lowerBound
            )..<max(
                a.columns.upperBound,
                b.columns.upperBound
            ),
            rows: min(a.rows.lowerBound, b.rows.lowerBound)..<max(a.rows.upperBound, b.rows.upperBound)
        )
    }

    /// Covers the pixels along a straight line, by their distance from it.
    private mutating func coverSegment(
        _ a: (x: Double, y: Double),
        _ b: (x: Double, y: Double),
        _ stroke: Double,
        roundStart: Bool,
        roundEnd: Bool
    ) -> Area {
        let reach = stroke / 2 + 1
        let area = area(
            from: min(a.x, b.x) - reach,
            min(a.y, b.y) - reach,
            to: max(a.x, b.x) + reach,
            max(a.y, b.y) + reach
        )
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = (dx * dx + dy * dy).squareRoot()
        // A point is drawn as a dot.
        let (ux, uy) = length > 0 ? (dx / length, dy / length) : (1, 0)
        for y in area.rows {
            for x in area.columns {
                let (px, py) = (Double(x) + 0.5 - a.x, Double(y) + 0.5 - a.y)
                let along = px * ux + py * uy
                var across = abs(py * ux - px * uy)
                var end = 1.0
                let beyond = along < 0 ? -along : max(along - length, 0)
                if along < 0 ? roundStart : along > length && roundEnd {
                    across = (across * across + beyond * beyond).squareRoot()
                } else if !(along < length / 2 ? roundStart : roundEnd) {
                    end = min(max(min(along, length - along) + 0.5, 0), 1)
                }
                let share = min(max(reach - 0.5 - across, 0), min(stroke, 1)) * end
                let pixel = y * width + x
                coverage[pixel] = max(coverage[pixel], Float(share))
            }
        }
        return area
    }

    // MARK: Text and images

    private mutating func draw(_ text: Canvas.Text, _ canvas: Canvas) {
        let glyphs = StrokeFont.glyphs(of: text.string), size = text.size * scale
        let width = StrokeFont.width(of: glyphs) * size
        var start =
            switch text.anchor {
            case .start: 0.0
            case .middle: -width / 2
            case .end: -width
            }
        let angle = text.degrees * Double.pi / 180
        let (c, s) = (cos(angle), sin(angle))
        var lines: [PathText.Line] = []
        for glyph in glyphs {
            for line in glyph.lines {
                let points = line.points.map { point in
                    let (x, y) = (start + point.x * size, -point.y * size)
                    return (x: text.x * scale + x * c - y * s, y: text.y * scale + x * s + y * c)
                }
                lines.append(PathText.Line(points: points, isClosed: line.isClosed))
            }
            start += glyph.advance * size
        }
        let thickness = StrokeFont.thickness(bold: text.bold) * size
        cover(lines, width: thickness, isRounded: true, canvas.color(text.color))
    }

    /// Draws the pixels of an image as squares.
    private mutating func draw(_ bitmap: Bitmap, in frame: Frame) {
        let area = area(from: frame.x, frame.y, to: frame.right, frame.bottom)
        func place(_ pixel: Int, _ start: Double, _ length: Double, _ count: Int) -> Int {
            min(max(Int((Double(pixel) + 0.5 - start) / length * Double(count)), 0), count - 1)
        }
        for y in area.rows {
            let row = place(y, frame.y, frame.height, bitmap.height)
            for x in area.columns {
                let source = row * bitmap.width + place(x, frame.x, frame.width, bitmap.width)
                for channel in 0..<3 {
                    bytes[3 * (y * width + x) + channel] =
                        bitmap.bytes[source * bitmap.channels + (bitmap.channels == 3 ? channel : 0)]
                }
            }
        }
    }
}

extension PathText.Line {
    /// The pieces of the line that dashes leave, or the line itself without dashes.
    ///
    /// - Parameter dashes: the lengths of dashes and gaps in turn.
    func cut(into dashes: [Double]) -> [PathText.Line] {
        let pattern = dashes.count % 2 == 0 ? dashes : dashes + dashes
        guard pattern.contains(where: { $0 > 0 }), let first = points.first else { return [self] }
        var pieces: [PathText.Line] = []
        var piece = [first]
        var index = 0, left = pattern[0]
        for (start, end) in zip(points, points.dropFirst() + (isClosed ? [first] : [])) {
            let (dx, dy) = (end.x - start.x, end.y - start.y)
            let length = (dx * dx + dy * dy).squareRoot()
            var done = 0.0
            while length - done > left {
                done += left
                let point = (x: start.x + dx * done / length, y: start.y + dy * done / length)
                if index % 2 == 0 { pieces.append(PathText.Line(points: piece + [point])) }
                index = (index + 1) % pattern.count
                left = pattern[index]
                piece = [point]
            }
            left -= length - done
            if index % 2 == 0 { piece.append(end) }
        }
        if index % 2 == 0, piece.count > 1 { pieces.append(PathText.Line(points: piece)) }
        return pieces
    }
}
