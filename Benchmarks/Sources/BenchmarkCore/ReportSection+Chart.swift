import ConvNetReports

extension ReportSection {
    /// The bars of the charted quantity.
    package var chart: BarChart {
        let all = figures.filter { $0.quantity == charted }
        let measured = all.filter { !$0.isDerived }
        let shown = measured.isEmpty ? all : measured
        let rows = rows.filter { row in shown.contains { $0.row == row } }
        let names = columns.map(\.title).filter { title in shown.contains { $0.column == title } }
        return BarChart(
            title: title,
            valueAxis: LineChart.Axis(charted.unit, numbers: charted == .share ? .percent : .plain),
            categories: rows,
            series: names.map { name in
                let values = Dictionary(
                    shown.filter { $0.column == name }.map { ($0.row, $0.median ?? .nan) },
                    uniquingKeysWith: { first, _ in first }
                )
                return BarChart.Series(name, values: rows.map { values[$0] ?? .nan })
            }
        )
    }
}
