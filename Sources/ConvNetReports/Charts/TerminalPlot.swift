import SwiftConvNet

/// A chart as text for a terminal.
///
/// With Unicode, lines are Braille dots, two by four to a character; with ASCII, every line is drawn with
/// its own character. Series can be told apart without colour: every other one is dotted, and each has its
/// own marker at its points.
public struct TerminalPlot: Sendable, Hashable {
    /// The chart.
    public var chart: LineChart
    /// The width of the whole in columns; at least 24.
    public var width: Int
    /// The height of the plotting area in lines; at least 4.
    public var height: Int
    /// Which characters may be used; unless given, what the locale of the process can show.
    public var characters: TerminalCharacters
    /// Whether series are coloured by ANSI escape sequences: only where the text goes to a terminal.
    public var isColored: Bool

    /// A plot of a chart; see the properties for the meaning of each part.
    public init(
        _ chart: LineChart,
        width: Int = 72,
        height: Int = 14,
        characters: TerminalCharacters = .current,
        isColored: Bool = false
    ) {
        self.chart = chart
        self.width = width
        self.height = height
        self.characters = characters
        self.isColored = isColored
    }

    /// The plot as lines of text, each ended by a line feed.
    public var text: String {
        let width = min(max(width, 24), 1000)
        let height = min(max(height, 4), 1000)
        var lines: [String] = []
        func caption(_ string: String) -> String {
            string.onOneLine.cut(toColumns: width, ellipsis: ellipsis)
        }
        if !chart.title.isEmpty { lines.append(caption(chart.title).centered(in: width)) }
        if !chart.yAxis.label.isEmpty { lines.append(caption(chart.yAxis.label)) }

        guard let yTicks = chart.yTicks(about: max(2, (height + 1) / 2)) else {
            lines += ["", "(no values)".centered(in: width), ""]
            return finished(lines, width: width)
        }
        let labels = yTicks.values.map { yTicks.label($0, style: chart.yAxis.numbers) }
        let margin = min(labels.map(\.columns).max() ?? 0, width / 2)
        let columns = width - margin - 2
        guard let xTicks = chart.xTicks(about: max(2, min(12, columns / 8))) else {
            return finished(lines, width: width)
        }

        var area = PlotArea(
            columns: columns,
            rows: height,
            x: xTicks.domain,
            y: yTicks.domain,
            characters: characters
        )
        for (index, series) in chart.series.enumerated() { area.draw(series, index: index) }
        let cells = area.cells
        var labelOfRow: [Int: String] = [:]
        for (value, label) in zip(yTicks.values, labels) { labelOfRow[area.row(of: value)] = label }
        let rules: [Character] =
            characters == .unicode ? ["│", "┤", "└", "─", "┬"] : ["|", "+", "+", "-", "+"]
        for row in 0..<height {
            let label = labelOfRow[row]
            let start =
                (label ?? "").rightAligned(in: margin) + " " + String(label == nil ? rules[0] : rules[1])
            lines.append(start + painted(cells[row]))
        }

        var rule = [Character](repeating: rules[3], count: columns)
        var numbers = LabelRow(width: columns + 1)
        for value in xTicks.values {
            let column = area.column(of: value)
            rule[column] = rules[4]
            numbers.place(xTicks.label(value, style: chart.xAxis.numbers), middle: column + 1)
        }
        let indent = String(repeating: " ", count: margin + 1)
        lines.append(indent + String(rules[2]) + String(rule))
        lines.append(indent + numbers.text)
        if !chart.xAxis.label.isEmpty {
            lines.append(indent + " " + caption(chart.xAxis.label).centered(in: columns))
        }
        return finished(lines, width: width)
    }

    private var ellipsis: String { characters == .unicode ? "…" : "..." }

    /// The lines with the legend below, in as many rows as it needs.
    private func finished(_ lines: [String], width: Int) -> String {
        var legend: [String] = []
        var used = 0
        for (index, series) in chart.series.enumerated() where !series.name.isEmpty {
            let symbol = String(SeriesStyle(index).symbol(characters))
            let side = characters == .ascii ? symbol : PlotArea.isDotted(index) ? "┄" : "─"
            let sample = characters == .ascii ? symbol + side : side + symbol + side
            let name = series.name.onOneLine.cut(toColumns: width - 8, ellipsis: ellipsis)
            let entry = "  " + (isColored ? ANSIColor.paint(sample, series: index) : sample) + " " + name
            let entryWidth = 3 + sample.columns + name.columns
            if legend.isEmpty || used + entryWidth > width {
                legend.append(entry)
                used = entryWidth
            } else {
                legend[legend.count - 1] += entry
                used += entryWidth
            }
        }
        return (lines + legend).map { $0.withoutTrailingSpaces + "\n" }.joined()
    }

    private func painted(_ cells: [PlotArea.Cell?]) -> String {
        var text = ""
        for cell in cells {
            guard let cell else {
                text += " "
                continue
            }
            text +=
                isColored
                ? ANSIColor.paint(String(cell.character), series: cell.series) : String(cell.character)
        }
        return text
    }
}

extension TerminalPlot: CustomStringConvertible {
    /// The same as `text`.
    public var description: String { text }
}

extension LineChart {
    /// The chart as text for a terminal; see `TerminalPlot`.
    public func plot(
        width: Int = 72,
        height: Int = 14,
        characters: TerminalCharacters = .current,
        isColored: Bool = false
    ) -> String {
        TerminalPlot(self, width: width, height: height, characters: characters, isColored: isColored).text
    }
}
