extension ConfusionMatrix {
    /// The matrix as a heat map with its counts, recall at the end of each row, precision below.
    ///
    /// Right predictions are blue, the more of their class the stronger; mistakes are orange, the more
    /// frequent the stronger, on a scale of their own, as a good classifier's would be invisible on the other.
    ///
    /// - Parameters:
    ///   - title: what stands above; empty for nothing.
    ///   - theme: the choice of colours.
    public func svg(title: String = "Confusion matrix", theme: ReportTheme = .automatic) -> String {
        picture(title: title, theme: theme).svg
    }

    /// The same picture as a PNG file, for programs that show no SVG; see `LineChartGroup.png`.
    ///
    /// - Parameters:
    ///   - title: what stands above; empty for nothing.
    ///   - scale: the number of pixels for each unit of the drawing, in 0.25...8.
    ///   - theme: the choice of colours; `automatic` is light.
    public func png(
        title: String = "Confusion matrix",
        scale: Double = 2,
        theme: ReportTheme = .light
    ) -> [UInt8] {
        picture(title: title, theme: theme).png(scale: scale)
    }

    private func picture(title: String, theme: ReportTheme) -> Picture {
        let layout = ConfusionLayout(matrix: self, title: title)
        var canvas = Canvas(theme: theme)
        layout.draw(on: &canvas)
        let worst = confusions(limit: 5).map {
            "\(classNames[$0.label]) taken for \(classNames[$0.predicted]): \($0.count)"
        }
        return Picture(
            canvas: canvas,
            width: layout.width,
            height: layout.height,
            title: title.isEmpty ? "Confusion matrix" : title,
            description: ([summary] + worst).joined(separator: " ")
        )
    }
}
