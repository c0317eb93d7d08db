import SwiftConvNet

extension ConfusionMatrix {
    /// The matrix as a table for a terminal: counts, recall at the end of each row, precision below.
    ///
    /// Zeros are dots, so that mistakes stand out. Where the classes' names are too long to head columns,
    /// their numbers do, and stand before the names of the rows as well.
    ///
    /// - Parameter characters: which characters may be used; unless given, what the locale of the process can show.
    /// - Returns: lines of text, each ended by a line feed.
    public func text(characters: TerminalCharacters = .current) -> String {
        let names = classNames.map(\.onOneLine)
        let longestCount = counts.joined().max().map { String($0).count } ?? 1
        let isNamed = names.allSatisfy { $0.columns <= max(4, longestCount) }
        let numberWidth = String(classCount - 1).count
        let heads = isNamed ? names : names.indices.map { String($0) }
        let ellipsis = characters == .unicode ? "…" : "..."
        let rows = names.enumerated().map { place, name in
            let cut = name.cut(toColumns: 24, ellipsis: ellipsis)
            return isNamed ? cut : String(place).rightAligned(in: numberWidth) + " " + cut
        }
        let cell = max(4, longestCount, heads.map(\.columns).max() ?? 1)
        let first = max("precision %".count, (rows + ["true"]).map(\.columns).max() ?? 0)
        let zero = characters == .unicode ? "·" : "."
        let bar = characters == .unicode ? " │" : " |"

        func line(_ head: String, _ cells: [String], _ end: String) -> String {
            let middle = cells.map { " " + $0.rightAligned(in: cell) }.joined()
            return (head.leftAligned(in: first) + bar + middle + bar + end).withoutTrailingSpaces
        }
        func rule() -> String {
            let (dash, cross) = characters == .unicode ? ("─", "┼") : ("-", "+")
            func dashes(_ count: Int) -> String { String(repeating: dash, count: count) }
            return dashes(first + 1) + cross + dashes((cell + 1) * classCount + 1) + cross + dashes(9)
        }
        let recalls = recall
        let middle = "predicted".centered(in: max((cell + 1) * classCount, 9))
        var lines = [String(repeating: " ", count: first + 2) + middle.withoutTrailingSpaces]
        lines.append(line("true", heads, " recall %"))
        lines.append(rule())
        for (index, name) in rows.enumerated() {
            let cells = counts[index].map { $0 == 0 ? zero : String($0) }
            lines.append(line(name, cells, " " + percentNumber(recalls[index]).rightAligned(in: 8)))
        }
        lines.append(rule())
        lines.append(
            line(
                "precision %",
                precision.map(percentNumber),
                " " + percentNumber(accuracy).rightAligned(in: 8)
            )
        )
        lines.append(summary)
        return lines.map { $0 + "\n" }.joined()
    }

    /// The accuracy in a sentence.
    package var summary: String {
        guard let accuracy else { return "No samples." }
        return
            "Accuracy \(fixed(accuracy * 100, decimals: 2)) %: \(grouped(rightCount)) of \(grouped(total)) right."
    }
}
