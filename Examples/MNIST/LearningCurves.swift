import ConvNetReports
import SwiftConvNet

/// Accuracy and loss over the epochs, of training and of validation.
struct LearningCurves {
    private let charts: LineChartGroup

    init(_ history: History, title: String) {
        func chart(_ title: String, _ name: String, _ axis: LineChart.Axis) -> LineChart {
            LineChart(
                title: title,
                xAxis: "epoch",
                yAxis: axis,
                series: [
                    .init("training", values: history[name]),
                    .init("validation", values: history["val_" + name]),
                ]
            )
        }
        charts = LineChartGroup(
            [
                chart("Accuracy", "accuracy", LineChart.Axis("", numbers: .percent)),
                chart("Loss", "loss", ""),
            ],
            title: title
        )
    }

    /// The curves as a picture.
    var svg: String { charts.svg() }

    /// The curves as text for a terminal.
    func text(for console: Console) -> String {
        "\n"
            + charts.charts.map {
                $0.plot(width: 64, height: 8, characters: console.characters, isColored: console.isColored)
            }.joined(separator: "\n")
    }
}
