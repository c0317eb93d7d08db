import Foundation

extension Replay: CustomStringConvertible {
    /// A table like that of `summary`, and below it the first value that is not finite.
    public var description: String { text() }

    /// The table of `description`.
    ///
    /// - Parameter characters: the characters of lines and signs; unless given, what the locale of the process can show.
    public func text(characters: TerminalCharacters = .current) -> String {
        let columns: [SummaryTable.Column] = [
            .init(title: "Layer", end: 0.25), .init(title: "Value", end: 0.5),
            .init(title: "Smallest", alignment: .right, end: 0.65),
            .init(title: "Largest", alignment: .right, end: 0.8),
            .init(title: "NaN", alignment: .right, end: 0.9),
            .init(title: "Infinite", alignment: .right, end: 1),
        ]
        // A hundred characters are enough for six columns, so this does not throw.
        guard var table = try? SummaryTable(columns, lineLength: 100) else { return "" }
        for row in rows {
            table.append([
                row.layer.isEmpty ? "-" : row.layer, row.value.description, Self.text(row.range.minimum),
                Self.text(row.range.maximum), "\(row.range.nanCount)", "\(row.range.infinityCount)",
            ])
        }
        let end =
            firstNonFinite.map {
                " First: \($0.title) is not finite" + ($0.layer.isEmpty ? "" : " (\($0.layer))")
                    + ": \($0.range)."
            } ?? " All values are finite."
        return characters.shown((table.lines + [end]).joined(separator: "\n"))
    }

    private static func text(_ value: Float) -> String { String(format: "%.5g", Double(value)) }
}

extension Replay.Row {
    /// What the numbers are, at the beginning of a sentence: `The gradient of the kernel`.
    var title: String {
        switch value {
        case .output: "The output"
        case .parameter(let name): "The parameter \(name)"
        case .loss: "The loss"
        case .outputGradient: "The gradient of the output"
        case .parameterGradient(let name): "The gradient of \(name)"
        }
    }
}

extension Replay.Row.Value: CustomStringConvertible {
    /// `output`, `kernel`, `gradient of kernel`.
    public var description: String {
        switch self {
        case .output: "output"
        case .parameter(let name): name
        case .loss: "loss"
        case .outputGradient: "gradient of output"
        case .parameterGradient(let name): "gradient of \(name)"
        }
    }
}

extension ValueRange: CustomStringConvertible {
    /// `12 NaN and 0 infinite of 128, the others in -0.5...3.25`.
    public var description: String {
        let finite = nanCount + infinityCount < count ? ", the others in \(minimum)...\(maximum)" : ""
        return isFinite
            ? "\(count) in \(minimum)...\(maximum)"
            : "\(nanCount) NaN and \(infinityCount) infinite of \(count)\(finite)"
    }
}
