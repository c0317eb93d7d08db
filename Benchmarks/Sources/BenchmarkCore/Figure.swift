/// One cell of a table: a number with what is known about it, or a word that stands in its place.
package struct Figure: Sendable, Hashable, Codable {
    /// The row: `64×56×56 → 64, 3×3 | forward`.
    package let row: String
    /// The column, without its unit: `im2col`.
    package let column: String
    /// What the number counts.
    package let quantity: Quantity
    /// The median; `nil` if there is none.
    package let median: Double?
    /// The best of the runs.
    package let best: Double?
    /// The distance between the quartiles as a share of the median.
    package let spread: Double?
    /// The number of runs.
    package let runs: Int
    /// What stands behind the number, `*` say; or in its place, if there is none.
    package let note: String
    /// Whether it follows from other figures, so that comparing it with an earlier run says nothing new.
    package let isDerived: Bool

    /// A figure of several runs.
    package init(
        _ row: String,
        _ column: String,
        _ quantity: Quantity,
        _ values: [Double],
        note: String = ""
    ) {
        self.row = row
        self.column = column
        self.quantity = quantity
        self.note = note
        isDerived = false
        runs = values.count
        let statistics = values.isEmpty ? nil : Statistics(values)
        median = statistics?.median
        best = quantity.isBetterWhenLarger ? statistics?.maximum : statistics?.minimum
        spread = statistics?.spread
    }

    /// A figure that follows from others, such as a ratio of medians.
    package init(_ row: String, _ column: String, _ quantity: Quantity, derived value: Double?) {
        self.row = row
        self.column = column
        self.quantity = quantity
        median = value
        best = nil
        spread = nil
        runs = 0
        note = ""
        isDerived = true
    }

    /// A word where a number would be: why there is none.
    package init(_ row: String, _ column: String, _ quantity: Quantity, missing note: String) {
        self.init(row, column, quantity, [], note: note)
    }

    /// The cell's text.
    package var text: String {
        guard let median else { return note.isEmpty ? "-" : note }
        return quantity.text(median) + note
    }
}
