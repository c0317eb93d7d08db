/// The names of series in rows, each behind a piece of its line.
package struct LegendLayout: Sendable {
    private struct Entry {
        var index: Int
        var name: String
        var width: Double
    }

    private static let rowHeight = 20.0
    private static let sample = 34.0
    private static let gap = 18.0
    private static let fontSize = 12.5

    private var rows: [[Entry]] = []

    /// Lays the names out in rows no wider than `width`; an empty name has no entry.
    package init(names: [String], width: Double) {
        var used = 0.0
        for (index, name) in names.enumerated() where !name.isEmpty {
            let text = name.cut(toPixels: width - Self.sample - 6, fontSize: Self.fontSize)
            let entryWidth = Self.sample + 6 + text.estimatedWidth(fontSize: Self.fontSize)
            let entry = Entry(index: index, name: text, width: entryWidth)
            if rows.isEmpty || used + Self.gap + entryWidth > width {
                rows.append([entry])
                used = entryWidth
            } else {
                rows[rows.count - 1].append(entry)
                used += Self.gap + entryWidth
            }
        }
    }

    /// The height of all rows.
    package var height: Double { Double(rows.count) * Self.rowHeight }

    /// Draws the rows, centred.
    package func draw(on canvas: inout Canvas, middle: Double, top: Double) {
        for (place, row) in rows.enumerated() {
            let width = row.reduce(Self.gap * Double(row.count - 1)) { $0 + $1.width }
            let y = top + (Double(place) + 0.5) * Self.rowHeight
            var x = middle - width / 2
            for entry in row {
                let style = SeriesStyle(entry.index)
                canvas.line(x, y, x + Self.sample, y, style.stroke)
                canvas.path(
                    style.marker(x: x + Self.sample / 2, y: y),
                    fill: style.color,
                    stroke: Stroke(.background, width: 1)
                )
                canvas.text(entry.name, x: x + Self.sample + 6, y: y + 4, size: Self.fontSize)
                x += entry.width + Self.gap
            }
        }
    }
}
