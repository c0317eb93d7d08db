import SwiftConvNet
import TestSupport
import Testing

@Suite("Models: built step by step, copied, written as JSON")
struct BuildingTests {
    private let layers: [any Layer] = [
        Conv2D(4, 3, activation: .relu), MaxPooling2D(2), Flatten(), Dense(8, activation: .relu),
        Dense(3, activation: .softmax),
    ]

    @Test("layer by layer is the same network as all at once")
    func adding() throws {
        let whole = try Sequential(inputShape: [8, 8, 1], layers: layers, seed: 5)
        let model = try Sequential(inputShape: [8, 8, 1], seed: 5)
        #expect(model.layers.isEmpty)
        #expect(model.outputShape == [8, 8, 1])
        for layer in layers { try model.add(layer) }
        #expect(try model.toJSON() == whole.toJSON())
        #expect(model.parameterDigest == whole.parameterDigest)
        let x = try SmallNetwork.images(5)
        #expect(try model.predict(x) == whole.predict(x))
    }

    @Test("what stays keeps its parameters; the model is compiled anew, and trains")
    func addingAndRemoving() throws {
        let model = try Sequential(inputShape: [8, 8, 1], layers: layers, seed: 5)
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        let x = try SmallNetwork.images(30)
        try model.fit(x, SmallNetwork.labels(30), verbose: .silent)
        let kernel = try model.value("conv2d/kernel")
        try model.pop()
        #expect(model.outputShape == [8])
        #expect(throws: ConvNetError.self) { _ = try model.evaluate(x, SmallNetwork.labels(30)) }
        try model.add(Dense(2))
        #expect(try model.value("conv2d/kernel") == kernel)
        #expect(model.outputShape == [2])
        try model.compile(optimizer: .sgd(), loss: .meanSquaredError())
        try model.fit(x, Tensor(zeros: [30, 2]), verbose: .silent)
        #expect(try model.value("conv2d/kernel") != kernel)
        let folder = try TemporaryFolder()
        try model.save(to: folder.file("model.safetensors"))
        #expect(try Model.load(from: folder.file("model.safetensors")).predict(x) == model.predict(x))
        for _ in 0..<5 { try model.pop() }
        #expect(model.layers.isEmpty)
        let error = try #require(throws: ConvNetError.self) { try model.pop() }
        #expect(error.kind == .state)
    }

    @Test("a layer that does not fit changes nothing, and fit refuses changes under its feet")
    func refusals() throws {
        let model = try Sequential(inputShape: [8, 8, 1], layers: layers, seed: 5)
        let digest = model.parameterDigest
        #expect(throws: ConvNetError.self) { try model.add(Conv2D(1, 3)) }
        #expect(model.outputShape == [3])
        #expect(model.parameterDigest == digest)
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        var refused: [ConvNetError.Kind] = []
        let meddler = LambdaCallback(onEpochBegin: { _, session in
            do { try (session.model as? Sequential)?.pop() } catch let error as ConvNetError {
                refused.append(error.kind)
            }
        })
        try model.fit(SmallNetwork.images(4), SmallNetwork.labels(4), verbose: .silent, callbacks: [meddler])
        #expect(refused == [.state])
        #expect(model.outputShape == [3])
    }

    @Test("a model is added, shared and removed as a whole; what was made of the chain before stays")
    func nested() throws {
        let base = try Sequential(inputShape: [8, 8, 1], layers: [Conv2D(2, 3), Flatten()], name: "base")
        let model = try Sequential(inputShape: [8, 8, 1])
        try model.add(base)
        let other = try Model(inputs: model.input, outputs: Dense(1)(model.output))
        try model.add(Dense(3))
        #expect(model.graph.layers.map(\.name) == ["input_layer", "base/conv2d", "base/flatten", "dense"])
        try model.pop()
        try model.pop()
        #expect(model.layers.isEmpty)
        #expect(other.outputShape == [1])
        #expect(try other.value("base/conv2d/kernel") == base.value("conv2d/kernel"))
    }

    @Test("a clone has the architecture, and parameters of its own")
    func cloning() throws {
        let model = try SmallNetwork.trained()
        try model.layer(named: "conv2d").isTrainable = false
        let clone = try model.clone()
        #expect(try clone.toJSON() == model.toJSON())
        #expect(try clone.layer(named: "conv2d").isTrainable == false)
        #expect(try clone.parameterDigest == SmallNetwork.make().parameterDigest)
        #expect(clone.parameterDigest != model.parameterDigest)
        let other = try model.clone(name: "other", seed: 99)
        #expect(other.name == "other" && other.seed == 99)
        #expect(other.parameterDigest != clone.parameterDigest)
        try other.add(Dense(2))
        #expect(model.outputShape == [3])
        let input = Input(shape: [4])
        let functional: Model = try Model(inputs: input, outputs: Add()(Dense(4)(input), input))
        #expect(try !(functional.clone() is Sequential))
        #expect(try functional.clone().toJSON() == functional.toJSON())
    }

    @Test("JSON there and back, of chains and of graphs with shared and frozen layers")
    func json() throws {
        let chain = try SmallNetwork.make()
        chain.classNames = ["a", "b", "c"]
        let text = try chain.toJSON()
        let back = try Sequential.fromJSON(text, seed: 7)
        #expect(try back.toJSON() == text)
        #expect(back.parameterDigest == chain.parameterDigest)
        #expect(back.classNames == chain.classNames)
        #expect(try Model.fromJSON(text) is Sequential)

        let left = Input(shape: [4], name: "left"), right = Input(shape: [4], name: "right")
        let shared = SharedLayer(Dense(3, name: "encoder"))
        shared.isTrainable = false
        let model = try Model(
            inputs: [left, right],
            outputs: [Add()(shared(left), shared(right))],
            name: "pair"
        )
        let again = try Model.fromJSON(model.toJSON())
        #expect(try again.toJSON() == model.toJSON())
        #expect(again.inputNames == ["left", "right"])
        #expect(try again.layer(named: "encoder").isTrainable == false)
        let error = try #require(throws: ConvNetError.self) { _ = try Sequential.fromJSON(model.toJSON()) }
        #expect(error.remedy == "Use Model.fromJSON")
    }

    @Test("text that is no such JSON is an error of kind format")
    func badJSON() throws {
        let text = try SmallNetwork.make().toJSON()
        for broken in [
            "", "[]", "{}", String(text.dropLast()), text.replacing("Conv2D", with: "Unknown"),
            text.replacing(#""class":"Sequential""#, with: #""class":"Tree""#),
            text.replacing(#""format_version":"3""#, with: #""format_version":"99""#),
            text.replacing(#""outputs":[[6,0]]"#, with: #""outputs":[[5,0]]"#),
        ] {
            #expect(broken != text)
            let error = try #require(throws: ConvNetError.self) { _ = try Model.fromJSON(broken) }
            #expect(error.kind == .format, "\(error)")
        }
    }

    @Test("models, predictors and histories say something when they are printed")
    func printing() throws {
        let model = try SmallNetwork.make()
        #expect(try "\(model)" == model.summary())
        #expect(try "\(model.predictor())" == #"Predictor "small": [8, 8, 1] to [3]"#)
        #expect("\(History())" == "No epochs")
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        let history = try model.fit(
            SmallNetwork.images(),
            SmallNetwork.labels(),
            epochs: 3,
            verbose: .silent,
            callbacks: [
                LambdaCallback(onEpochEnd: { epoch, session in
                    if epoch.epoch == 2 { session.stop(because: "enough") }
                })
            ],
            validationSplit: 0.2
        )
        let lines = "\(history)".split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0] == "Epoch 1: \(history.epochs[0].values)")
        #expect(lines[2] == "Stopped: enough")
        #expect(history.names == ["loss", "accuracy", "val_loss", "val_accuracy"])
    }
}
