import ConvNetDatasets
import ConvNetReports
import SwiftConvNet

/// What the network takes one image for.
struct Prediction {
    /// What the image is called, and its true class if that is known.
    enum Subject {
        case testImage(Int, label: Int)
        case file(String)
    }

    let subject: Subject
    let image: Bitmap
    /// The class of the largest output.
    let predicted: Int
    /// That output: the network's probability for the class.
    let confidence: Double
    let classNames: [String]

    /// Predictions for some images of the test set.
    static func ofTestImages(_ indices: [Int], in dataset: LoadedDataset, by model: Model) throws
        -> [Prediction]
    {
        if let odd = indices.first(where: { !(0..<dataset.test.count).contains($0) }) {
            throw ConvNetError(
                .argument,
                "There is no such test image",
                at: dataset.name,
                expected: "0..<\(dataset.test.count)",
                received: "\(odd)"
            )
        }
        let subjects = try indices.map {
            let label = try dataset.test.readLabel($0)
            return (Subject.testImage($0, label: Int(label)), try Bitmap(dataset.test, at: $0))
        }
        return try predict(Subset(dataset.test, indices), subjects, dataset.classNames, by: model)
    }

    /// Predictions for PGM files, which are prepared as MNIST's digits were.
    static func ofFiles(_ paths: [String], classNames: [String], by model: Model) throws -> [Prediction] {
        let digits = try paths.map { path in
            do {
                return try GrayImage(contentsOfPGM: path).preparedDigit()
            } catch let error as ConvNetError where error.kind == .data {
                throw error.located(at: path)
            }
        }
        let subjects = try zip(paths, digits).map {
            (Subject.file($0), try Bitmap($1, width: 28, height: 28))
        }
        let bytes = try ByteTensor(Array(digits.joined()), shape: [digits.count, 28, 28, 1])
        return try predict(ArrayDataset(.bytes(bytes), nil), subjects, classNames, by: model)
    }

    private static func predict(
        _ images: some Dataset,
        _ subjects: [(Subject, Bitmap)],
        _ classNames: [String],
        by model: Model
    ) throws -> [Prediction] {
        try model.requireOutput(for: classNames)
        let probabilities = try model.predict(images)
        return zip(subjects, probabilities.argmaxOfLastAxis()).enumerated().map { place, item in
            Prediction(
                subject: item.0.0,
                image: item.0.1,
                predicted: item.1,
                confidence: Double(probabilities[place, item.1]),
                classNames: classNames
            )
        }
    }
}

/// A share as a percentage with one decimal; what is less than all does not read 100.
private func percent(_ share: Double) -> String {
    guard share.isFinite else { return "-" }
    return share >= 1 ? "100" : String(format: "%.1f", min(share * 100, 99.9))
}

extension Prediction {
    /// The image with what it was taken for: the class, the confidence, the image's name, and the truth if that is
    /// another.
    var picture: CaptionedImage {
        let name = classNames[predicted]
        let percent = "\(percent(confidence)) %"
        switch subject {
        case .testImage(let index, let label):
            let mark = Mark(predicted: predicted, expected: label)
            let truth = mark == .wrong ? "\nis \(classNames[label])" : ""
            return CaptionedImage(image, caption: "\(name)\n\(percent) #\(index)\(truth)", mark: mark)
        case .file(let path):
            let file = path.split(separator: "/").last ?? "/"
            return CaptionedImage(image, caption: "\(name)\n\(percent)\n\(file)")
        }
    }

    /// The prediction as one line for people.
    var sentence: String {
        let result = "\(classNames[predicted]) (\(percent(confidence)) %)"
        switch subject {
        case .testImage(let index, let label):
            return "\(index): \(result)" + (label == predicted ? "" : ", wrong: it is \(classNames[label])")
        case .file(let path):
            return "\(path): \(result)"
        }
    }

    /// The prediction as a line of `--json`.
    var line: JSONLine {
        switch subject {
        case .testImage(let index, let label):
            JSONLine(
                event: "prediction",
                ["index": index, "label": label, "predicted": predicted, "confidence": confidence]
            )
        case .file(let path):
            JSONLine(event: "prediction", ["file": path, "predicted": predicted, "confidence": confidence])
        }
    }
}
