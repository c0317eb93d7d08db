import ConvNetReports
import SwiftConvNet

/// How the trained network does on the pictures by which it is judged.
struct Judgement {
    private let name: String
    private let pictures: ArrayDataset
    private let confusion: ConfusionMatrix
    private let topK: TopKAccuracies
    private let calibration: Calibration
    private let mistakes: ConfidentMistakes
    /// The pictures of the mistakes, with a map of where the class is seen that was predicted.
    private let maps: [CaptionedImage]

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
        topK = try TopKAccuracies(scores: probabilities, labels: labels)
        calibration = try Calibration(probabilities: probabilities, labels: labels)
        mistakes = try ConfidentMistakes(probabilities: probabilities, labels: labels, classNames: classNames)
        maps = try Self.maps(mistakes, pictures, run.model)
    }

    private static func maps(_ mistakes: ConfidentMistakes, _ pictures: ArrayDataset, _ model: Model) throws
        -> [CaptionedImage]
    {
        let samples = mistakes.mistakes.map(\.sample)
        guard !samples.isEmpty else { return [] }
        let maps = try model.gradCAM(
            ofBatch: pictures.gathered(samples).images,
            classes: mistakes.mistakes.map(\.predicted)
        )
        return try mistakes.pictures(of: pictures).enumerated().map { index, picture in
            let map = try maps.sliced(index..<(index + 1))
            let size = Shape(Array(map.shape.dropFirst()))
            return CaptionedImage(
                try HeatMap(map.reshaped(to: size)).over(picture.image),
                caption: picture.caption,
                mark: picture.mark
            )
        }
    }

    /// The accuracy as one line.
    var summary: String {
        "\(name) accuracy \(percentage(confusion.accuracy ?? .nan)) %, "
            + "\(confusion.total - confusion.rightCount) of \(confusion.total) wrong"
    }

    /// Precision, recall and F1 of each class; top-k accuracies and calibration.
    var report: String {
        confusion.scoreText()
            + "Among the first two \(percentage(topK[2] ?? .nan)) %, three \(percentage(topK[3] ?? .nan)) %\n"
            + "Expected calibration error \(percentage(calibration.expectedError)) %\n"
    }

    /// Writes the report and its pictures.
    func write(to folder: ReportFolder, dataset: String) throws {
        let title = "\(dataset), \(name.lowercased()) pictures"
        try folder.write(report + summary + "\n", as: "report.txt")
        try folder.write(confusion.svg(title: title), as: "confusion.svg")
        try folder.write(calibration.chart(title: title).svg(), as: "reliability.svg")
        try folder.write(mistakes.grid(of: pictures).svg(), as: "mistakes.svg")
        let grid = ImageGrid(title: "What the network looked at", images: maps)
        try folder.write(grid.svg(), as: "attention.svg")
    }
}

/// A share in percent with two decimals.
private func percentage(_ share: Double) -> String {
    guard share.isFinite else { return "-" }
    let hundredths = Int((share * 10_000).rounded())
    let decimals = hundredths % 100
    return "\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals)"
}
