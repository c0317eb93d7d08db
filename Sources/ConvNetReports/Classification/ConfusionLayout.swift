/// The places of a confusion matrix's parts in its picture.
package struct ConfusionLayout: Sendable {
    private let matrix: ConfusionMatrix
    private let title: String
    private let names: [String]
    private let widest: Double
    private let cell: Double
    private let grid: Frame
    private let isTurned: Bool
    private let isSummaryAbove: Bool

    private static let nameSize = 13.0
    private static let shareWidth = 66.0

    package init(matrix: ConfusionMatrix, title: String) {
        self.matrix = matrix
        self.title = title
        let count = matrix.classCount
        let longest = matrix.counts.joined().max().map { grouped($0) } ?? ""
        // Up to some 30 classes numbers fit; beyond, the cells shrink to keep the picture near 1,600 pixels.
        let fitting = max(46, longest.estimatedWidth(fontSize: 13, bold: true) + 10).rounded(.up)
        cell = max(3, min(fitting, 1_600 / Double(count)))
        names = matrix.classNames.map { $0.onOneLine.cut(toPixels: 150, fontSize: Self.nameSize) }
        widest = (names.map { $0.estimatedWidth(fontSize: Self.nameSize) }.max() ?? 0).rounded(.up)
        isTurned = widest > cell - 6
        let side = (cell * Double(count)).rounded(.up)
        let margin = max(widest, "precision %".estimatedWidth(fontSize: 12).rounded(.up)) + 54
        // The keys need some width even if the matrix does not.
        width = max(margin + side + Self.shareWidth + 12, Self.keyWidth + 32)
        let slack = width - (margin + side + Self.shareWidth + 12)
        let top = 20 + (title.isEmpty ? 0 : 34) + 26 + (isTurned ? widest + 6 : 20)
        grid = Frame(x: margin + (slack / 2).rounded(), y: top, width: side, height: side)
        let summaryWidth = matrix.summary.estimatedWidth(fontSize: 12)
        isSummaryAbove = Self.keyWidth + summaryWidth + 48 > width
    }

    /// The width of the picture.
    package let width: Double
    /// The height of the picture.
    package var height: Double { grid.bottom + 76 + (isSummaryAbove ? 24 : 0) }

    /// The size of the names, and of the shares; names that would touch each other are left out.
    private var nameSize: Double { min(Self.nameSize, cell - 1) }
    private var showsNames: Bool { cell >= 7 }
    private var showsPrecision: Bool { "99.9".estimatedWidth(fontSize: 12) <= cell - 2 }

    package func draw(on canvas: inout Canvas) {
        let cut = title.cut(toPixels: width - 32, fontSize: 16, bold: true)
        canvas.text(cut, x: width / 2, y: 34, size: 16, anchor: .middle, bold: true)
        let captionY: Double = title.isEmpty ? 32 : 66
        canvas.text("predicted", x: grid.middleX, y: captionY, size: 13, anchor: .middle, color: .muted)
        canvas.text(
            "true",
            x: grid.x - 26 - widest,
            y: grid.middleY,
            size: 13,
            anchor: .middle,
            color: .muted,
            turnedBy: -90
        )
        drawCells(on: &canvas)
        if showsNames { drawNames(on: &canvas) }
        canvas.rectangle(grid, fill: nil, stroke: Stroke(.axis))
        drawKey(on: &canvas)
    }

    private func drawNames(on canvas: inout Canvas) {
        let shareSize = min(12, nameSize)
        let end = grid.right + Self.shareWidth - 4
        let (recalls, precisions) = (matrix.recall, matrix.precision)
        canvas.text("recall %", x: end, y: grid.y - 10, size: 12, anchor: .end, color: .muted)
        if showsPrecision {
            canvas.text(
                "precision %",
                x: grid.x - 10,
                y: grid.bottom + 21,
                size: 12,
                anchor: .end,
                color: .muted
            )
        }
        for (index, name) in names.enumerated() {
            let middle = (Double(index) + 0.5) * cell
            let (x, y) = (grid.x + middle, grid.y + middle)
            canvas.text(name, x: grid.x - 10, y: y + nameSize * 0.36, size: nameSize, anchor: .end)
            if isTurned {
                let baseline = x + nameSize * 0.36
                canvas.text(name, x: baseline, y: grid.y - 8, size: nameSize, turnedBy: -90)
            } else {
                canvas.text(name, x: x, y: grid.y - 9, size: nameSize, anchor: .middle)
            }
            let recall = percentNumber(recalls[index])
            canvas.text(recall, x: end, y: y + shareSize * 0.36, size: shareSize, anchor: .end, color: .muted)
            if showsPrecision {
                let precision = percentNumber(precisions[index])
                canvas.text(precision, x: x, y: grid.bottom + 21, size: 12, anchor: .middle, color: .muted)
            }
        }
    }

    private func drawCells(on canvas: inout Canvas) {
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

    private static let keys: [(color: ThemedColor, text: String, width: Double)] = {
        let entries: [(ThemedColor, String)] = [(.right, "right"), (.wrong, "wrong (own scale)")]
        return entries.map { ($0.0, $0.1, 20 + $0.1.estimatedWidth(fontSize: 12) + 16) }
    }()
    private static let keyWidth = keys.reduce(-16) { $0 + $1.width }.rounded(.up)

    private func drawKey(on canvas: inout Canvas) {
        let y = height - 24
        let summary = matrix.summary
        var x = width - Self.keyWidth - 16
        if isSummaryAbove {
            x = (width - Self.keyWidth) / 2
            canvas.text(summary, x: width / 2, y: y - 22, size: 12, anchor: .middle, color: .muted)
        } else {
            canvas.text(summary, x: 16, y: y + 4, size: 12, color: .muted)
        }
        for key in Self.keys {
            canvas.rectangle(Frame(x: x, y: y - 7, width: 14, height: 14), fill: key.color, radius: 2)
            canvas.text(key.text, x: x + 20, y: y + 4, size: 12, color: .muted)
            x += key.width
        }
    }
}
