import Foundation

/// A table in the box-drawing characters of Keras' summary, which wraps what does not fit its columns.
struct SummaryTable {
    enum Alignment { case left, right }

    struct Column {
        let title: String
        var alignment = Alignment.left
        /// Where the column ends, as a share of the line.
        let end: Double
    }

    private let columns: [Column]
    private let widths: [Int]
    private var rows: [[[String]]] = []

    /// An empty table whose lines have `lineLength` characters.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the line is too short for its columns.
    init(_ columns: [Column], lineLength: Int) throws {
        self.columns = columns
        // Sums of widths stay within the range of `Int`.
        guard (1...(1 << 16)).contains(lineLength) else { throw Self.refusal(of: lineLength) }
        // As Keras (`summary_utils.py`) and the library that draws its tables (`rich`, `_ratio.ratio_reduce`) go about
        // it: widths by shares of the line, two spaces more for padding, then all shortened alike to fit the borders.
        var start = 0
        var widths = columns.map { column in
            let end = Int(column.end * Double(lineLength))
            defer { start = end }
            return end - start + 2
        }
        var excess = widths.reduce(0, +) + columns.count + 1 - lineLength
        for index in widths.indices {
            let share = Int((Double(excess) / Double(widths.count - index)).rounded(.toNearestOrEven))
            widths[index] -= share
            excess -= share
        }
        guard widths.allSatisfy({ $0 >= 6 }) else { throw Self.refusal(of: lineLength) }
        self.widths = widths
    }

    private static func refusal(of lineLength: Int) -> ConvNetError {
        ConvNetError(
            .argument,
            "Not a length of lines for a summary",
            at: "lineLength",
            expected: "at least 40 or so, and at most 65536",
            received: "\(lineLength)"
        )
    }

    /// Appends a row, one text per column.
    mutating func append(_ cells: [String]) {
        rows.append(zip(cells, widths).map { Self.wrap($0, width: $1 - 2) })
    }

    /// The lines of the table.
    var lines: [String] {
        var lines = [
            rule("┏", "━", "┳", "┓"), line(columns.map(\.title), "┃", alignments: columns.map(\.alignment)),
            rule("┡", "━", "╇", "┩"),
        ]
        for (index, row) in rows.enumerated() {
            if index > 0 { lines.append(rule("├", "─", "┼", "┤")) }
            for number in 0..<(row.map(\.count).max() ?? 0) {
                let cells = row.map { number < $0.count ? $0[number] : "" }
                lines.append(line(cells, "│", alignments: columns.map(\.alignment)))
            }
        }
        return lines + [rule("└", "─", "┴", "┘")]
    }

    private func rule(_ left: String, _ stroke: String, _ middle: String, _ right: String) -> String {
        left + widths.map { String(repeating: stroke, count: $0) }.joined(separator: middle) + right
    }

    private func line(_ cells: [String], _ border: String, alignments: [Alignment]) -> String {
        let padded = zip(zip(cells, widths), alignments).map { cell, alignment in
            let space = String(repeating: " ", count: max(cell.1 - 2 - cell.0.count, 0))
            return alignment == .left ? " \(cell.0)\(space) " : " \(space)\(cell.0) "
        }
        return border + padded.joined(separator: border) + border
    }

    /// Breaks a text at spaces, and words that are longer than a line anywhere.
    private static func wrap(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var word = String(word)
            if !line.isEmpty, line.count + 1 + word.count <= width {
                line += " " + word
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while word.count > width {
                lines.append(String(word.prefix(width)))
                word = String(word.dropFirst(width))
            }
            line = word
        }
        return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
    }
}
