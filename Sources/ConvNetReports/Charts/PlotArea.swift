import SwiftConvNet

/// The cells of a terminal in which the lines of a chart are drawn.
package struct PlotArea: Sendable {
    /// What a cell shows, and of which series.
    package struct Cell: Hashable, Sendable {
        package var character: Character
        package var series: Int
    }

    private let columns: Int
    private let rows: Int
    private let x: ClosedRange<Double>
    private let y: ClosedRange<Double>
    private let characters: TerminalCharacters
    /// The cells, row by row from the top; `nil` where nothing is.
    package private(set) var cells: [[Cell?]]
    private var markers: Set<[Int]> = []

    package init(
        columns: Int,
        rows: Int,
        x: ClosedRange<Double>,
        y: ClosedRange<Double>,
        characters: TerminalCharacters
    ) {
        self.columns = columns
        self.rows = rows
        self.x = x
        self.y = y
        self.characters = characters
        cells = Array(repeating: Array(repeating: nil, count: columns), count: rows)
    }

    /// Whether a series is drawn with every other dot.
    package static func isDotted(_ index: Int) -> Bool { index % 2 == 1 }

    /// The column of a value of the axis from left to right.
    package func column(of value: Double) -> Int { dot(value, in: x, count: columns) }

    /// The row of a value of the axis from bottom to top.
    package func row(of value: Double) -> Int { rows - 1 - dot(value, in: y, count: rows) }

    private func dot(_ value: Double, in domain: ClosedRange<Double>, count: Int) -> Int {
        let share = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
        return min(max(Int((share * Double(count - 1)).rounded()), 0), count - 1)
    }

    /// Draws a series over those before it; a marker is never covered by a line.
    package mutating func draw(_ series: LineChart.Series, index: Int) {
        let fine = characters == .unicode
        let symbol = SeriesStyle(index).symbol(characters)
        var canvas = BrailleCanvas(columns: columns, rows: rows)
        var marked: [[Int]] = []
        for run in series.runs {
            var previous: (x: Int, y: Int)?
            for point in run {
                let place = fine ? fineDot(of: point) : (column(of: point.x), row(of: point.y))
                trace(from: previous ?? place, to: place) { x, y, step in
                    if !fine {
                        set([y, x], Cell(character: symbol, series: index))
                    } else if !Self.isDotted(index) || step % 4 < 2 {
                        canvas.set(x: x, y: y)
                    }
                }
                previous = place
                let cell = [row(of: point.y), column(of: point.x)]
                let distant = marked.last.map { abs(cell[0] - $0[0]) + abs(cell[1] - $0[1]) >= 4 } ?? true
                if run.count == 1 || distant { marked.append(cell) }
            }
        }
        for row in 0..<rows {
            for column in 0..<columns {
                guard let character = canvas.character(column: column, row: row) else { continue }
                set([row, column], Cell(character: character, series: index))
            }
        }
        for cell in marked {
            set(cell, Cell(character: symbol, series: index))
            markers.insert(cell)
        }
    }

    private mutating func set(_ place: [Int], _ cell: Cell) {
        if !markers.contains(place) { cells[place[0]][place[1]] = cell }
    }

    /// The Braille dot of a point, near the middle of the cell that its marker and its ticks have.
    private func fineDot(of point: LineChart.Point) -> (x: Int, y: Int) {
        func fine(_ value: Double, in domain: ClosedRange<Double>, count: Int, dots: Int) -> Int {
            let share = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
            let place = share * Double(count - 1) * Double(dots) + Double(dots - 1) / 2
            return Int(place.rounded())
        }
        return (
            fine(point.x, in: x, count: columns, dots: 2),
            4 * rows - 1 - fine(point.y, in: y, count: rows, dots: 4)
        )
    }

    /// Calls `visit` for each dot of a straight line, with the number of steps made.
    private func trace(
        from start: (x: Int, y: Int),
        to end: (x: Int, y: Int),
        _ visit: (_ x: Int, _ y: Int, _ step: Int) -> Void
    ) {
        let steps = max(abs(end.x - start.x), abs(end.y - start.y))
        for step in 0...steps {
            let share = steps == 0 ? 0 : Double(step) / Double(steps)
            let x = Double(start.x) + share * Double(end.x - start.x)
            let y = Double(start.y) + share * Double(end.y - start.y)
            visit(Int(x.rounded()), Int(y.rounded()), step)
        }
    }
}
