import ConvNetReports
import SwiftConvNet

/// How the trained network does on the pictures by which it is judged.
struct Judgement {
    private let name: String
    private let pictures: ArrayDataset
    private let confusion: ConfusionMatrix
    private let mistakes: ConfidentMistakes

    init(of run: FashionTraining) throws {
        name = run.judgedName
        pictures = run.judged
        let classNames = run.model.classNames ?? []
        let probabilities = try run.model.predict(pictures, batchSize: 128)
        let labels = pictures.labels ?? []
        confusion = try ConfusionMatrix(
            labels: labels,
            predictions: probabilities.argmaxOfLastAxis(),
            classNames: classNames
        )
        mistakes = try ConfidentMistakes(probabilities: probabilities, labels: labels, classNames: classNames)
    }

    /// The accuracy as one line.
    var summary: String {
        "\(name) accuracy \(percentage(confusion.accuracy ?? .nan)) %, "
            + "\(confusion.total - confusion.rightCount) of \(confusion.total) wrong"
    }

    /// Precision, recall and F1 of each class.
    var report: String { confusion.scoreText() }

    /// Writes the report and its pictures.
    func write(to folder: ReportFolder, dataset: String) throws {
        let title = "\(dataset), \(name.lowercased()) pictures"
        try folder.write(report + "\n" + summary + "\n", as: "report.txt")
        try folder.write(confusion.svg(title: title), as: "confusion.svg")
        try folder.write(mistakes.grid(of: pictures).svg(), as: "mistakes.svg")
    }
}

/// A share in percent with two decimals.
private func percentage(_ share: Double) -> String {
    guard share.isFinite else { return "-" }
    let hundredths = Int((share * 10_000).rounded())
    let decimals = hundredths % 100
    return "\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals)"
}
