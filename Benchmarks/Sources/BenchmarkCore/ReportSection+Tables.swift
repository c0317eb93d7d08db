extension ReportSection {
    /// The unit stands in the title if it is the same everywhere, else in the head of each column.
    private var head: [String] {
        let common = commonQuantity
        return [rowTitle]
            + columns.map { column in
                if column.title.isEmpty { return column.quantity.unit }
                return column.quantity == common
                    ? column.title : "\(column.title), \(column.quantity.unit)"
            }
    }

    private var titleWithUnit: String { commonQuantity.map { "\(title) (\($0.unit))" } ?? title }

    private var cells: [[String]] {
        let columns = columns
        // Looked up once: a table of conv has hundreds of cells.
        let places = Dictionary(
            figures.map { ([$0.row, $0.column], $0.text) },
            uniquingKeysWith: { first, _ in first }
        )
        return rows.map { row in [row] + columns.map { places[[row, $0.title]] ?? "-" } }
    }

    /// The table as text for a terminal, with the notes below.
    package var text: String {
        let lines = [head] + cells
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).enumerated().map { place, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return place == 0 ? cell.0 + space : space + cell.0
            }
            return padded.joined(separator: "  ")
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return ([titleWithUnit, "", line(head), rule] + cells.map(line) + notes.map { "  " + $0 })
            .joined(separator: "\n") + "\n"
    }

    /// The table in Markdown, with its title as a heading and the notes below.
    package var markdown: String {
        func line(_ cells: [String]) -> String {
            "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        let rule = "|---|" + columns.map { _ in "---:|" }.joined()
        var lines = ["## \(titleWithUnit)", "", line(head), rule] + cells.map(line) + [""]
        if !notes.isEmpty { lines += notes.map { "- \($0)" } + [""] }
        return lines.joined(separator: "\n")
    }
}
