import Foundation

extension Profile: CustomStringConvertible {
    /// A table like that of `summary`, with the times of each layer and their share of the total.
    public var description: String { text() }

    /// The table of `description`.
    ///
    /// - Parameter characters: the characters of lines and signs; unless given, what the locale of the process can show.
    public func text(characters: TerminalCharacters = .current) -> String {
        let trains = mode == .training
        var columns: [SummaryTable.Column] = [
            .init(title: "Layer (type)", end: 0.3), .init(title: "Output Shape", end: 0.48),
            .init(title: "Computed by", end: 0.66),
            .init(title: trains ? "Forward" : "Time", alignment: .right, end: trains ? 0.78 : 0.88),
        ]
        if trains { columns.append(.init(title: "Backward", alignment: .right, end: 0.9)) }
        columns.append(.init(title: "Share", alignment: .right, end: 1))
        // A hundred characters are enough for six columns, so this does not throw.
        guard var table = try? SummaryTable(columns, lineLength: 100) else { return "" }
        let total = totalSeconds
        for row in rows {
            var cells = [
                row.name + (row.kind.isEmpty ? "" : " (\(row.kind))"),
                row.outputShape.map { shape in
                    "(" + ([batchSize] + shape.dimensions).map(String.init).joined(separator: ", ") + ")"
                } ?? "-", row.implementation.isEmpty ? "-" : row.implementation,
                Self.time(row.forwardSeconds),
            ]
            if trains { cells.append(row.backwardSeconds.map(Self.time) ?? "-") }
            cells.append(String(format: "%.1f %%", total > 0 ? row.seconds / total * 100 : 0))
            table.append(cells)
        }
        let workers = "\(workerCount) " + (workerCount == 1 ? "worker" : "workers")
        let work = trains ? "Training step" : "Inference"
        let lines =
            ["\(work), batch size \(batchSize), \(workers), OpenBLAS core \(coreName)"] + table.lines
            + [" Total: \(Self.time(total)), the sum of medians of \(repeats)"]
        return characters.shown(lines.joined(separator: "\n"))
    }

    /// 0.00123 as `1.230 ms`; nothing as `-`.
    private static func time(_ seconds: Double) -> String {
        switch seconds {
        case 0: "-"
        case ..<1e-3: String(format: "%.1f µs", seconds * 1e6)
        case ..<1: String(format: "%.3f ms", seconds * 1e3)
        default: String(format: "%.3f s", seconds)
        }
    }
}
