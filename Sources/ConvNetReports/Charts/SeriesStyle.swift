import SwiftConvNet

/// What tells one series from the others: colour, dashes and marker.
package struct SeriesStyle: Sendable {
    private let index: Int

    /// The style of the series at a place in its chart.
    package init(_ index: Int) { self.index = index }

    /// The colour.
    package var color: ThemedColor { ThemedColor.series[index % ThemedColor.series.count] }

    /// The line. Five patterns, so that the pair of colour and dashes repeats only after thirty series.
    package var stroke: Stroke {
        let dashes: [[Double]] = [[], [7, 5], [1.5, 5], [12, 4, 1.5, 4], [14, 5]]
        return Stroke(color, width: 2.2, dashes: dashes[index % dashes.count], isRounded: true)
    }

    /// The marker in a terminal.
    package func symbol(_ characters: TerminalCharacters) -> Character {
        let symbols: [Character] =
            characters == .unicode ? ["●", "○", "▲", "△", "■", "□"] : ["*", "o", "+", "x", "#", "@"]
        return symbols[index % symbols.count]
    }

    /// The marker as a closed path around a point.
    package func marker(x: Double, y: Double) -> PathText {
        var path = PathText()
        let r = 4.0
        switch index % 6 {
        case 0: path.circle(x: x, y: y, radius: r)
        case 1: path.polygon([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)])
        case 2: path.polygon([(x, y - 1.3 * r), (x + 1.2 * r, y + 0.9 * r), (x - 1.2 * r, y + 0.9 * r)])
        case 3: path.polygon([(x, y - 1.4 * r), (x + 1.4 * r, y), (x, y + 1.4 * r), (x - 1.4 * r, y)])
        case 4: path.polygon([(x, y + 1.3 * r), (x - 1.2 * r, y - 0.9 * r), (x + 1.2 * r, y - 0.9 * r)])
        default:
            let a = 0.4 * r
            let b = 1.2 * r
            path.polygon([
                (x - a, y - b), (x + a, y - b), (x + a, y - a), (x + b, y - a), (x + b, y + a),
                (x + a, y + a),
                (x + a, y + b), (x - a, y + b), (x - a, y + a), (x - b, y + a), (x - b, y - a),
                (x - a, y - a),
            ])
        }
        return path
    }
}
