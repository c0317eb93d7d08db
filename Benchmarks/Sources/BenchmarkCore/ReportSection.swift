/// A table of figures under one title, of which a chart can be drawn.
package struct ReportSection: Sendable, Hashable, Codable {
    /// The subcommand that made it, and what tells it from others of the same: `gemm`, `layers mnist training`.
    package let name: String
    /// The title for readers.
    package let title: String
    /// What the rows are: `m × n × k`.
    package let rowTitle: String
    /// The settings and what one must know to read the table, a sentence each.
    package var notes: [String]
    /// The cells, row by row.
    package var figures: [Figure]
    /// What the chart shows: the columns of this quantity that are not derived, unless there are no others.
    package let charted: Quantity

    package init(
        name: String,
        title: String,
        rowTitle: String,
        charted: Quantity,
        notes: [String] = [],
        figures: [Figure] = []
    ) {
        self.name = name
        self.title = title
        self.rowTitle = rowTitle
        self.charted = charted
        self.notes = notes
        self.figures = figures
    }

    /// The rows in the order in which they first appear.
    package var rows: [String] { unique(figures.map(\.row)) }

    /// The columns in the order in which they first appear, those that follow from others last.
    package var columns: [(title: String, quantity: Quantity)] {
        var seen = Set<String>()
        let first = figures.filter { seen.insert($0.column).inserted }
        return (first.filter { !$0.isDerived } + first.filter(\.isDerived)).map { ($0.column, $0.quantity) }
    }

    /// What all columns count that were measured; `nil` if they do not count the same.
    package var commonQuantity: Quantity? {
        let found = Set(figures.filter { !$0.isDerived }.map(\.quantity))
        return found.count == 1 ? found.first : nil
    }

    /// The cell of a row and a column.
    package func figure(_ row: String, _ column: String) -> Figure? {
        figures.first { $0.row == row && $0.column == column }
    }

    private func unique(_ names: [String]) -> [String] {
        var seen = Set<String>()
        return names.filter { seen.insert($0).inserted }
    }
}
