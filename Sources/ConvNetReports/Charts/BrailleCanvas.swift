/// Dots in the cells of a terminal: two across and four down in each, as Unicode's Braille patterns
/// (U+2800...U+28FF) have them.
package struct BrailleCanvas: Sendable {
    /// The cells across.
    package let columns: Int
    /// The cells down.
    package let rows: Int
    private var bits: [UInt8]

    package init(columns: Int, rows: Int) {
        self.columns = max(columns, 0)
        self.rows = max(rows, 0)
        bits = [UInt8](repeating: 0, count: self.columns * self.rows)
    }

    /// Sets the dot `x` from the left and `y` from the top; outside nothing happens.
    package mutating func set(x: Int, y: Int) {
        guard x >= 0, y >= 0, x < 2 * columns, y < 4 * rows else { return }
        // The pattern's bits run down the left column, then the right; the fourth row was added later.
        let masks: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
        bits[(y / 4) * columns + x / 2] |= masks[(y % 4) * 2 + x % 2]
    }

    /// The character of a cell; `nil` if it has no dot.
    package func character(column: Int, row: Int) -> Character? {
        let pattern = bits[row * columns + column]
        return pattern == 0 ? nil : Unicode.Scalar(0x2800 + UInt32(pattern)).map { Character($0) }
    }
}
