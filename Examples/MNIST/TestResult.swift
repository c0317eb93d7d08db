import ConvNetDatasets
import ConvNetReports
import Foundation
import SwiftConvNet

/// How a network does on the test images of a dataset.
struct TestResult {
    let loss: Double
    let confusion: ConfusionMatrix

    init(of model: Model, on dataset: LoadedDataset) throws {
        try model.requireOutput(for: dataset.classNames)
        loss = try model.evaluate(dataset.test, batchSize: 128).loss ?? .nan
        confusion = try ConfusionMatrix(
            labels: dataset.test.labels ?? [],
            predictions: model.predict(dataset.test, batchSize: 128).argmaxOfLastAxis(),
            classNames: dataset.classNames
        )
    }

    var accuracy: Double { confusion.accuracy ?? .nan }

    /// The confusion matrix as text.
    func table(for console: Console) -> String {
        "\n" + confusion.text(characters: console.characters)
    }

    /// The figures as one line for people.
    var summary: String {
        String(format: "Test accuracy %.2f %%, loss %.4f", accuracy * 100, loss)
    }
}

extension Model {
    /// Checks that the network tells these classes apart.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if its output has another shape.
    func requireOutput(for classNames: [String]) throws {
        guard outputShape == [classNames.count] else {
            throw ConvNetError(
                .shape,
                "The network does not fit the dataset",
                at: "its output",
                expected: "one number for each of \(classNames.count) classes",
                received: "the shape \(outputShape)"
            )
        }
    }
}
