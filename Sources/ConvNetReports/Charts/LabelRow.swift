/// A line of text with labels at given columns that never overlap.
package struct LabelRow: Sendable {
    private var cells: [Character]
    private var free = 0

    package init(width: Int) { cells = Array(repeating: " ", count: max(width, 0)) }

    /// Writes a label around a column, moved inwards at the ends; it is left out where it would touch the
    /// one before.
    package mutating func place(_ label: String, middle: Int) {
        let width = label.count
        guard width <= cells.count else { return }
        let start = min(max(middle - (width - 1) / 2, 0), cells.count - width)
        guard start >= free else { return }
        for (offset, character) in label.enumerated() { cells[start + offset] = character }
        free = start + width + 1
    }

    /// The line.
    package var text: String { String(cells) }
}
