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
            from: Golden.folder.appendingPathComponent("model-version-1.safetensors").path
        )
        #expect(model.stepCount == 30)
        #expect(try model.evaluate(x, y)["accuracy"] == 1)
        let path = folder.file("model.safetensors")
        try model.save(to: path)
        let file = try SafeTensors(contentsOf: path)
        #expect(file.metadata["format_version"] == "3")
        #expect(file.metadata["compilation"]?.contains(#""kind":"AutomaticAccuracy""#) == true)
        #expect(try Model.load(from: path).evaluate(x, y) == model.evaluate(x, y))
    }

    /// What version 2 said of the network of the next test.
    private static let architectureOfVersion2 = """
        {"input":"input_layer","nodes":[
        {"config":{"shape":[2]},"inputs":[],"kind":"InputLayer","name":"input_layer"},
        {"config":{"activation":{"tanh":{}},"kernelInitializer":{"config":{},"kind":"Zeros"},"biasInitializer":{"config":{},"kind":"Zeros"},"units":2,"useBias":true},"inputs":["input_layer"],"kind":"Dense","name":"dense"},
        {"config":{},"inputs":["dense","input_layer"],"kind":"Add","name":"add"}],"output":"add"}
        """

    @Test("version 2: each layer is applied once")
    func graphOfVersion2() throws {
        let input = Input(shape: [2])
        let model = try Model(
            inputs: input,
            outputs: Add()(Dense(units: 2, activation: .tanh)(input), input),
            seed: 3
        )
        let path = folder.file("model.safetensors")
        try model.save(to: path)
        let file = try SafeTensors(contentsOf: path)
        let tensors = try file.entries.map { ($0.name, try file.tensor(named: $0.name)) }
        var metadata = file.metadata
        metadata["format_version"] = "2"
        metadata["architecture"] = Self.architectureOfVersion2
        try SafeTensors.write(Dictionary(uniqueKeysWithValues: tensors), metadata: metadata, to: path)
        let loaded = try Model.load(from: path)
        #expect(loaded.graph.nodes.map(\.name) == model.graph.nodes.map(\.name))
        #expect(try loaded.predict(x) == model.predict(x))
    }

    @Test("since version 2 \"Accuracy\" is Keras' class")
    func accuracyOfVersion2() throws {
        let model = try Sequential(inputShape: [2], layers: [Activation(.linear)])
        try model.compile(loss: .mse(), metrics: [Accuracy()])
        let path = folder.file("model.safetensors")
        try model.save(to: path)
        let targets = try Tensor([1, 0, 1, 1, 1, 0], shape: [3, 2])
        #expect(try Model.load(from: path).evaluate(x, targets)["accuracy"] == 4.0 / 6)
    }
}
