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
        let layout = ConfusionLayout(matrix: self, title: title)
        var canvas = SVGCanvas.blank(theme: theme)
        layout.draw(on: &canvas)
        let worst = confusions(limit: 5).map {
            "\(classNames[$0.label]) taken for \(classNames[$0.predicted]): \($0.count)"
        }
        return canvas.document(
            width: layout.width,
            height: layout.height,
            title: title.isEmpty ? "Confusion matrix" : title,
            description: ([summary] + worst).joined(separator: " ")
        )
    }
}
