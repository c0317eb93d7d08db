/// The places of a confusion matrix's parts in its picture.
package struct ConfusionLayout: Sendable {
    private let matrix: ConfusionMatrix
    private let title: String
    private let names: [String]
    private let cell: Double
    private let grid: Frame
    private let isTurned: Bool

    private static let nameSize = 13.0
    private static let shareWidth = 66.0

    package init(matrix: ConfusionMatrix, title: String) {
        self.matrix = matrix
        self.title = title
        let count = matrix.classCount
        let longest = matrix.counts.joined().max().map { grouped($0) } ?? ""
        // Up to some 30 classes numbers fit; beyond, the cells shrink to keep the picture near 1,600 pixels.
        let fitting = max(44, longest.estimatedWidth(fontSize: 13) + 10)
        cell = max(3, min(fitting, 1_600 / Double(count)))
        names = matrix.classNames.map { $0.onOneLine.cut(toPixels: 150, fontSize: Self.nameSize) }
        let widest = names.map { $0.estimatedWidth(fontSize: Self.nameSize) }.max() ?? 0
        isTurned = widest > cell - 6
        let top = 20 + (title.isEmpty ? 0 : 34) + 26 + (isTurned ? widest + 6 : 20)
        grid = Frame(x: 44 + widest + 10, y: top, width: cell * Double(count), height: cell * Double(count))
    }

    /// The width of the picture.
    package var width: Double { max(grid.right + Self.shareWidth + 20, 380) }
    /// The height of the picture.
    package var height: Double { grid.bottom + 30 + 46 }

    /// The size of the names, and of the shares; names that would touch each other are left out.
    private var nameSize: Double { min(Self.nameSize, cell - 1) }
    private var showsNames: Bool { cell >= 7 }

    package func draw(on canvas: inout SVGCanvas) {
        let cut = title.cut(toPixels: width - 32, fontSize: 16)
        canvas.text(cut, x: width / 2, y: 34, size: 16, anchor: .middle, bold: true)
        canvas.text(
            "predicted",
            x: grid.middleX,
            y: title.isEmpty ? 32 : 66,
            size: 13,
            anchor: .middle,
            color: .muted
        )
        canvas.text("true", x: 26, y: grid.middleY, size: 13, anchor: .middle, color: .muted, turnedBy: -90)
        canvas.text(
            "recall",
            x: grid.right + Self.shareWidth / 2,
            y: grid.y - 10,
            size: 12,
            anchor: .middle,
            color: .muted
        )
        canvas.text("precision", x: grid.x - 10, y: grid.bottom + 21, size: 12, anchor: .end, color: .muted)

        drawCells(on: &canvas)
        for index in names.indices where showsNames {
            let middle = (Double(index) + 0.5) * cell
            let (x, y) = (grid.x + middle, grid.y + middle)
            canvas.text(names[index], x: grid.x - 10, y: y + nameSize * 0.36, size: nameSize, anchor: .end)
            if isTurned {
                let baseline = x + nameSize * 0.36
                canvas.text(names[index], x: baseline, y: grid.y - 8, size: nameSize, turnedBy: -90)
            } else {
                canvas.text(names[index], x: x, y: grid.y - 9, size: nameSize, anchor: .middle)
            }
            let size = min(12, nameSize)
            let recall = percentage(matrix.recall[index])
            canvas.text(
                recall,
                x: grid.right + Self.shareWidth - 8,
                y: y + size * 0.36,
                size: size,
                anchor: .end,
                color: .muted
            )
            drawPrecision(matrix.precision[index], on: &canvas, x: x)
        }
        canvas.rectangle(grid, fill: nil, stroke: Stroke(.axis))
        drawKey(on: &canvas)
    }

    /// The precision below a column: the number without its sign where the column is narrow.
    private func drawPrecision(_ precision: Double?, on canvas: inout SVGCanvas, x: Double) {
        let full = percentage(precision)
        let short = precision == nil ? full : String(full.dropLast(2))
        let fitting = [full, short].first { $0.estimatedWidth(fontSize: 12) <= cell - 2 }
        guard let fitting else { return }
        canvas.text(fitting, x: x, y: grid.bottom + 21, size: 12, anchor: .middle, color: .muted)
    }

    private func drawCells(on canvas: inout SVGCanvas) {
        let totals = matrix.counts.map { max($0.reduce(0, +), 1) }
        func share(_ label: Int, _ predicted: Int) -> Double {
            Double(matrix.counts[label][predicted]) / Double(totals[label])
        }
        // Mistakes below 5 % of a class stay pale even if there are no greater ones.
        let worst = matrix.confusions(limit: .max).reduce(0.05) { max($0, share($1.label, $1.predicted)) }
        for (label, row) in matrix.counts.enumerated() {
            for (predicted, count) in row.enumerated() where count > 0 || label == predicted {
                let isRight = label == predicted
                // The root lifts small shares; one mistake shows at least the first step.
                let strength =
                    isRight
                    ? share(label, predicted) : max((share(label, predicted) / worst).squareRoot(), 0.1)
                let color = HeatColor(isRight ? .right : .wrong, share: strength)
                let frame = Frame(
                    x: grid.x + Double(predicted) * cell,
                    y: grid.y + Double(label) * cell,
                    width: cell,
                    height: cell
                )
                canvas.rectangle(frame, fill: color.fill, stroke: cell >= 12 ? Stroke(.background) : nil)
                let text = grouped(count)
                let size = min(13, 13 * (cell - 4) / max(text.estimatedWidth(fontSize: 13), 1))
                guard size >= 7 else { continue }
                canvas.text(
                    text,
                    x: frame.middleX,
                    y: frame.middleY + size * 0.36,
                    size: size,
                    anchor: .middle,
                    color: color.ink,
                    bold: isRight
                )
            }
        }
    }

    private func drawKey(on canvas: inout SVGCanvas) {
        let entries: [(ThemedColor, String)] = [(.right, "right"), (.wrong, "wrong (own scale)")]
        let widths = entries.map { 22 + $0.1.estimatedWidth(fontSize: 12) + 16 }
        let summary = matrix.summary
        let summaryWidth = summary.estimatedWidth(fontSize: 12)
        let y = height - 24
        var x = max(width - widths.reduce(0, +) - 4, 16)
        if summaryWidth + 24 <= x { canvas.text(summary, x: 16, y: y + 4, size: 12, color: .muted) }
        for ((color, text), entryWidth) in zip(entries, widths) {
            canvas.rectangle(Frame(x: x, y: y - 7, width: 14, height: 14), fill: color, radius: 2)
            canvas.text(text, x: x + 20, y: y + 4, size: 12, color: .muted)
            x += entryWidth
        }
    }
}
