import SwiftConvNet

extension ConfusionMatrix: CustomStringConvertible {
    /// Precision, recall, F1 and the number of samples of every class, with their averages, as an aligned table: `scoreText`, in the
    /// characters that the locale of the process can show.
    public var description: String { scoreText() }

    /// Precision, recall, F1 and the number of samples of every class, with their averages, as a table for a terminal.
    ///
    /// - Parameter characters: which characters may be used; unless given, what the locale of the process can show.
    /// - Returns: lines of text, each ended by a line feed.
    public func scoreText(characters: TerminalCharacters = .current) -> String {
        let ellipsis = characters == .unicode ? "…" : "..."
        let names = classNames.map { $0.onOneLine.cut(toColumns: 24, ellipsis: ellipsis) }
        let averages = [("macro average", macroAverage), ("weighted average", weightedAverage)]
        let first = (names + averages.map(\.0)).map(\.columns).max() ?? 0
        let heads = ["precision %", "recall %", "F1 %", "samples"]
        let (precision, recall, f1, support) = (precision, recall, f1, support)
        func line(_ name: String, _ scores: [Double?], _ samples: Int) -> String {
            let cells = scores.map(percentNumber) + [grouped(samples)]
            return name.leftAligned(in: first)
                + zip(heads, cells).map { "  " + $1.rightAligned(in: max($0.count, 8)) }.joined()
        }
        let dash = characters == .unicode ? "─" : "-"
        let head =
            String(repeating: " ", count: first)
            + heads.map { "  " + $0.rightAligned(in: max($0.count, 8)) }.joined()
        let rule = String(repeating: dash, count: head.columns)
        var lines = [head, rule]
        for (index, name) in names.enumerated() {
            lines.append(line(name, [precision[index], recall[index], f1[index]], support[index]))
        }
        lines.append(rule)
        for (name, average) in averages {
            lines.append(line(name, [average?.precision, average?.recall, average?.f1], total))
        }
        lines.append(summary)
        return lines.map { $0 + "\n" }.joined()
    }
}
