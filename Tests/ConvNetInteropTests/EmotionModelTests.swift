import ConvNetInterop
import Foundation
import SwiftConvNet
import Testing

/// A network that others trained with Keras 2.0.5: `SWIFTCONVNET_DATA/models/emotion_model.hdf5`, and what it predicts beside it.
private let emotionModel: String? = ProcessInfo.processInfo.environment["SWIFTCONVNET_DATA"]
    .map { $0 + "/models/emotion_model.hdf5" }
    .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }

@Suite(
    "A model of Keras 2",
    .enabled(if: emotionModel != nil && Traits.hasHDF5, "needs the trait HDF5, and SWIFTCONVNET_DATA/models")
)
struct EmotionModelTests {
    @Test("Its predictions are Keras'", arguments: ["emotion_model.hdf5", "keras_emotion_model.hdf5"])
    func predictions(name: String) throws {
        let path = try #require(emotionModel)
        let file = try KerasFile(contentsOf: path)
        #expect(file.version == "2.0.5" && file.report.loadedCount == 80 && file.report.mismatches.isEmpty)
        let values = try SafeTensors(contentsOf: "\(path).\(name).safetensors")
        let predicted = try file.model.predict(values.tensor(named: "x"))
        let expected = try values.tensor(named: "y")
        let deviation = zip(predicted.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
        // The scale is 1: probabilities.
        #expect(deviation < 1e-4)
    }
}
