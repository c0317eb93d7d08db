/// Two reports side by side: what has become faster, and what slower.
package struct Comparison: Sendable {
    /// One figure that both have.
    package struct Change: Sendable, Hashable {
        package let section: String, row: String, column: String
        package let quantity: Quantity
        package let old: Double, new: Double
        /// How many times as good the new one is.
        package let ratio: Double
        /// Whether the difference is larger than the spread of both, and than 2 %; 10 % where there was one run.
        package let isBeyondNoise: Bool
    }

    /// The figures that both have, in the order of the new report.
    package let changes: [Change]
    /// The figures that only one of them has, as `section: row, column`.
    package let onlyOld: [String], onlyNew: [String]
    private let settings: [String]

    package init(old: Report, new: Report) {
        let before = Self.figures(of: old), after = Self.figures(of: new)
        let earlier = Dictionary(before, uniquingKeysWith: { first, _ in first })
        changes = after.compactMap { key, figure in
            guard let other = earlier[key], other.quantity == figure.quantity, let old = other.median,
                let new = figure.median, old > 0, new > 0
            else { return nil }
            let ratio = figure.quantity.isBetterWhenLarger ? new / old : old / new
            // What was measured once has a spread that nobody knows.
            let leastNoise = min(figure.runs, other.runs) > 1 ? 0.02 : 0.1
            let noise = max(figure.spread ?? 0, other.spread ?? 0, leastNoise)
            return Change(
                section: key[0],
                row: key[1],
                column: key[2],
                quantity: figure.quantity,
                old: old,
                new: new,
                ratio: ratio,
                isBeyondNoise: abs(ratio - 1) > noise
            )
        }
        func missing(_ keys: [[String]], in others: Set<[String]>) -> [String] {
            keys.filter { !others.contains($0) }.map { "\($0[0]): \($0[1]), \($0[2])" }
        }
        onlyOld = missing(before.map(\.0), in: Set(after.map(\.0)))
        onlyNew = missing(after.map(\.0), in: Set(before.map(\.0)))
        settings = zip(old.setting.lines, new.setting.lines).compactMap { old, new in
            old == new ? nil : "\(old.title): \(old.value) before, \(new.value) now"
        }
    }

    private static func figures(of report: Report) -> [([String], Figure)] {
        report.sections.flatMap { section in
            section.figures.filter { !$0.isDerived && $0.median != nil }
                .map { ([section.name, $0.row, $0.column], $0) }
        }
    }

    /// The changes as a table.
    package var section: ReportSection {
        var notes = ["new / old: more than 1 means that the new one is better; ~ lies within the spread"]
        if !changes.isEmpty {
            let mean = Quantity.ratio.text(Statistics.geometricMean(changes.map(\.ratio)))
            notes.append("geometric mean of all: \(mean)")
        }
        notes += settings
        for (title, names) in [("only in the old report", onlyOld), ("only in the new report", onlyNew)]
        where !names.isEmpty {
            notes.append("\(title): \(names.count) figures, such as \(names[0])")
        }
        let figures = changes.flatMap { change in
            let row = "\(change.section) | \(change.row) | \(change.column), \(change.quantity.unit)"
            return [
                Figure(row, "old", change.quantity, [change.old]),
                Figure(row, "new", change.quantity, [change.new]),
                Figure(
                    row,
                    "new / old",
                    .ratio,
                    [change.ratio],
                    note: change.isBeyondNoise ? "" : " ~"
                ),
            ]
        }
        return ReportSection(
            name: "compare",
            title: "Comparison",
            rowTitle: "figure",
            charted: .ratio,
            notes: notes,
            figures: figures
        )
    }
}
