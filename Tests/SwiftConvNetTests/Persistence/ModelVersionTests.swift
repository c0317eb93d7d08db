import SwiftConvNet
import TestSupport
import Testing

@Suite("Model files of earlier versions")
struct ModelVersionTests {
    private let x: Tensor
    private let y: Labels = [0, 1, 2]
    private let folder: TemporaryFolder

    init() throws {
        x = try Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2])
        folder = try TemporaryFolder()
    }

    @Test("version 1: \"Accuracy\" is the metric that chooses, as it was")
    func accuracyOfVersion1() throws {
        // Written by this library before it had an element-wise accuracy: after 30 epochs all three samples are right,
        // which no probability is of a class number.
        let model = try Model.load(
            from: Golden.folder.appendingPathComponent("model-version-1.safetensors").path)
        #expect(model.stepCount == 30)
        #expect(try model.evaluate(x, y)["accuracy"] == 1)
        let path = folder.file("model.safetensors")
        try model.save(to: path)
        let file = try SafeTensors(contentsOf: path)
        #expect(file.metadata["format_version"] == "2")
        #expect(file.metadata["compilation"]?.contains(#""kind":"AutomaticAccuracy""#) == true)
        #expect(try Model.load(from: path).evaluate(x, y) == model.evaluate(x, y))
    }

    @Test("version 2: \"Accuracy\" is Keras' class")
    func accuracyOfVersion2() throws {
        let model = try Sequential(inputShape: [2], layers: [Activation(.linear)])
        try model.compile(loss: .mse(), metrics: [Accuracy()])
        let path = folder.file("model.safetensors")
        try model.save(to: path)
        let targets = try Tensor([1, 0, 1, 1, 1, 0], shape: [3, 2])
        #expect(try Model.load(from: path).evaluate(x, targets)["accuracy"] == 4.0 / 6)
    }
}
