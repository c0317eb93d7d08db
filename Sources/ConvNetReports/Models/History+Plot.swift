import SwiftConvNet

extension History {
    /// A chart for each metric over the epochs, with a line for training and one for validation: the loss, then the others.
    public func charts() -> [LineChart] {
        let names = names
        return names.filter { !($0.hasPrefix("val_") && names.contains(String($0.dropFirst(4)))) }.map {
            name in
            let series = [("training", name), ("validation", "val_" + name)].compactMap { title, name in
                let points = epochs.compactMap { epoch in
                    epoch.values[name].map { LineChart.Point(x: Double(epoch.epoch), y: $0) }
                }
                return points.isEmpty ? nil : LineChart.Series(title, points: points)
            }
            let title = name.replacing("_", with: " ")
            return LineChart(
                title: title.prefix(1).uppercased() + title.dropFirst(),
                xAxis: "epoch",
                yAxis: LineChart.Axis("", numbers: name.contains("accuracy") ? .percent : .plain),
                series: series
            )
        }
    }

    /// Draws a chart for each metric over the epochs, side by side, into an SVG or a PNG file. An older file of that name is replaced.
    ///
    /// ```swift
    /// let history = try model.fit(data, epochs: 10, validationSplit: 0.1)
    /// try history.plot(to: "curves.svg")
    /// ```
    ///
    /// - Parameters:
    ///   - path: the file, whose ending says which it is: `.svg` or `.png`; its folder must exist.
    ///   - title: what stands above the charts. Default: nothing.
    ///   - theme: the choice of colours; in a PNG `automatic` is light.
    /// - Throws: `ConvNetError` of kind `argument` if the path ends otherwise, of kind `file` if it cannot be written.
    public func plot(to path: String, title: String = "", theme: ReportTheme = .automatic) throws {
        let charts = charts(), width = max(480 * charts.count, 480)
        let group = LineChartGroup(charts, title: title)
        if path.lowercased().hasSuffix(".png") {
            return try AtomicFile.write(group.png(width: width, theme: theme), to: path)
        }
        guard path.lowercased().hasSuffix(".svg") else {
            throw ConvNetError(
                .argument,
                "Charts are drawn as SVG or PNG",
                at: "plot(to:)",
                expected: "a path that ends in .svg or .png",
                received: path
            )
        }
        try AtomicFile.write(group.svg(width: width, theme: theme), to: path)
    }

    /// The charts as text for a terminal, one below the other.
    ///
    /// - Parameters:
    ///   - width: the characters of a line.
    ///   - height: the lines of a chart.
    ///   - characters: those of lines; unless given, what the locale of the process can show.
    public func plot(
        width: Int = 64,
        height: Int = 8,
        characters: TerminalCharacters = .current
    ) -> String {
        charts().map { $0.plot(width: width, height: height, characters: characters) }.joined(separator: "\n")
    }
}
