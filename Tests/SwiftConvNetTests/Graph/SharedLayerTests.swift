import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Shared layers, nested models and surgery")
struct SharedLayerTests {
    private static func dense(_ x: ReferenceTensor, _ p: [String: ReferenceTensor], _ name: String)
        -> ReferenceTensor
    {
        Reference.dense(x, kernel: p["\(name)/kernel"] ?? x, bias: p["\(name)/bias"])
    }

    private func trained(_ model: Model, _ x: Tensor, steps: Int = 2) throws {
        try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError())
        let y = try TestValues.uniform(model.outputShape.batched(x.shape[0]), seed: 5)
        for _ in 0..<steps { try model.trainOnBatch(x, y) }
    }

    private func autoencoder() throws -> (encoder: Sequential, whole: Sequential) {
        let encoder = try Sequential(inputShape: [6], name: "encoder") { Dense(units: 3, activation: .tanh) }
        let whole = try Sequential(inputShape: [6], seed: 1) {
            encoder
            Dense(units: 6)
        }
        return (encoder, whole)
    }

    @Test("A shared layer has the gradients of all its applications", arguments: [1, 9, 40])
    func gradients(batch: Int) throws {
        let input = Input(shape: [4])
        let shared = SharedLayer(Dense(units: 4, activation: .tanh, name: "shared"))
        let x = shared(input), y = shared(x)
        let model = try Model(inputs: input, outputs: Add()(shared(y), x))
        try TestValues.randomizeParameters(of: model, seed: 3)
        let samples = try TestValues.distinct([batch, 4], seed: 4)
        let check = try GradientCheck(model, samples, tolerance: 1e-4) { samples, p in
            func apply(_ x: ReferenceTensor) -> ReferenceTensor {
                Reference.activate(Self.dense(x, p, "shared"), .tanh)
            }
            let x = apply(samples)
            return Reference.add([apply(apply(x)), x])
        }
        #expect(check.problems.isEmpty, "\(check.problems.joined(separator: "\n"))")
    }

    @Test("Each application has a name of its own in errors and profiles, the layer one in the summary")
    func names() throws {
        let input = Input(shape: [4])
        let shared = SharedLayer(Dense(units: 4))
        let model = try Model(inputs: input, outputs: shared(shared(Dense(units: 4)(shared(input)))))
        #expect(
            model.graph.nodes.map(\.name) == ["input_layer", "dense", "dense_1", "dense#2", "dense#3"]
        )
        #expect(model.graph.layers.map(\.name) == ["input_layer", "dense", "dense_1"])
        #expect(model.layers.map(\.name) == ["dense", "dense_1"])
        #expect(try model.layer(named: "dense") === shared)
        let summary = try model.summary(batchSize: 2, characters: .unicode)
        #expect(summary.components(separatedBy: "dense (Dense)").count == 2, "\(summary)")
        #expect(summary.contains("Total params: 40"))
        try model.compile(loss: .mse())
        let profile = try model.profile(batchSize: 2, mode: .training, repeats: 1)
        #expect(profile.rows.map(\.name).contains("dense#3"))
        #expect(try model.output(of: "dense#2").application.layer === shared)
    }

    @Test("What one model learns, the models that share it see; its predictors do not")
    func learningIsShared() throws {
        let (encoder, whole) = try autoencoder()
        let x = try TestValues.uniform([8, 6], seed: 2)
        let before = try encoder.predict(x)
        let predictor = try encoder.predictor()
        try trained(whole, x)
        let after = try encoder.predict(x)
        #expect(after != before)
        #expect(try predictor.predict(x) == before)
        #expect(
            try whole.parameter(named: "encoder/dense/kernel") == encoder.parameter(named: "dense/kernel")
        )
        // And the other way round.
        try encoder.setParameters(["dense/bias": Tensor([1, 2, 3])])
        #expect(try whole.parameter(named: "encoder/dense/bias").elements == [1, 2, 3])
    }

    @Test(
        "A layer that joins a model keeps its values; new layers are initialized as in a model of their own"
    )
    func initialValues() throws {
        let (encoder, whole) = try autoencoder()
        let alone = try Sequential(inputShape: [6], name: "encoder") { Dense(units: 3, activation: .tanh) }
        #expect(encoder.parameters.map(\.values) == alone.parameters.map(\.values))
        let copy = try Model(graph: whole.graph, seed: whole.seed)
        #expect(try copy.parameter(named: "dense/kernel") == whole.parameter(named: "dense/kernel"))
        // The copy's seed is that of the whole, the encoder's is another.
        #expect(
            try copy.parameter(named: "encoder/dense/kernel")
                != whole.parameter(named: "encoder/dense/kernel")
        )
    }

    @Test("A layer cannot have parameters of two shapes")
    func shapes() throws {
        let shared = SharedLayer(Dense(units: 4, name: "shared"))
        let within = try #require(throws: ConvNetError.self) {
            let input = Input(shape: [3])
            _ = try Model(inputs: input, outputs: shared(shared(input)))
        }
        #expect(within.kind == .shape)
        #expect(within.location?.contains("shared#2") == true, "\(within)")
        _ = try Sequential(inputShape: [4], layers: [shared])
        let between = try #require(throws: ConvNetError.self) {
            _ = try Sequential(inputShape: [5], layers: [shared])
        }
        #expect(between.kind == .shape)
        #expect(between.location == "shared/kernel")
        #expect(between.expected?.contains("[4, 4]") == true, "\(between)")
    }

    @Test("Models of one name that are nested in a third get names of their own")
    func nestedNames() throws {
        func part() throws -> Sequential {
            try Sequential(inputShape: [2]) {
                Dense(units: 2)
                Dense(units: 2)
            }
        }
        let whole = try Sequential(inputShape: [2]) {
            try part()
            Dense(units: 2)
            try part()
        }
        #expect(
            whole.layers.map(\.name) == ["dense", "dense_1", "dense", "dense", "dense_1"]
        )
        #expect(
            whole.graph.layers.map(\.name) == [
                "input_layer", "sequential/dense", "sequential/dense_1", "dense", "sequential_1/dense",
                "sequential_1/dense_1",
            ]
        )
        #expect(Set(whole.parameters.map(\.name)).count == 10)
    }

    @Test("A model is cut and gets another end")
    func surgery() throws {
        let base = try Sequential(inputShape: [4], seed: 3) {
            Dense(units: 5, activation: .relu)
            Dense(units: 6, activation: .tanh, name: "features")
            Dense(units: 2, activation: .softmax)
        }
        let x = try TestValues.uniform([3, 4], seed: 6)
        let cut = try Model(inputs: base.input, outputs: base.output(of: "features"))
        #expect(cut.outputShape == [6])
        let chain = try Sequential(inputShape: [4]) { base.layers.dropLast() }
        #expect(try chain.predict(x) == cut.predict(x))
        let extended = try Sequential(inputShape: [4], seed: 9) {
            base.layers.dropLast()
            Dense(units: 3)
        }
        // The layers keep their names; the new one takes the next that is free.
        #expect(
            extended.parameters.map(\.name) == [
                "dense/kernel", "dense/bias", "features/kernel", "features/bias", "dense_1/kernel",
                "dense_1/bias",
            ]
        )
        try trained(extended, x)
        #expect(try cut.predict(x) == chain.predict(x))
        #expect(try base.parameter(named: "dense/kernel") == extended.parameter(named: "dense/kernel"))
        let unknown = try #require(throws: ConvNetError.self) { try base.output(of: "feature") }
        #expect(unknown.description.contains("features"), "\(unknown)")
        let second = try #require(throws: ConvNetError.self) { try base.output(of: "features", 1) }
        #expect(second.kind == .argument)
        #expect(throws: ConvNetError.self) {
            try Model(inputs: base.output(of: "dense"), outputs: base.output)
        }
    }

    @Test("A model is applied to one output")
    func numberOfInputs() throws {
        let base = try Sequential(inputShape: [4]) { Dense(units: 2) }
        let input = Input(shape: [4])
        let error = try #require(throws: ConvNetError.self) {
            _ = try Model(inputs: input, outputs: base(input, input))
        }
        #expect(error.kind == .argument)
        #expect(error.received == "2")
    }

    @Test("Saved models come back with their sharing and nesting, and train on with the same bits")
    func files() throws {
        let folder = try TemporaryFolder(), path = folder.file("model.safetensors")
        let (encoder, _) = try autoencoder()
        let input = Input(shape: [6])
        let twice = SharedLayer(Dense(units: 6, activation: .relu))
        let model = try Model(
            inputs: input,
            outputs: Concatenate()(encoder(twice(input)), encoder(twice(twice(input)))),
            seed: 4
        )
        twice.isTrainable = false
        let x = try TestValues.uniform([8, 6], seed: 7)
        try trained(model, x)
        // Trainable again, but not yet compiled: the file knows both.
        twice.isTrainable = true
        try model.save(to: path)
        let loaded = try Model.load(from: path)
        try loaded.save(to: folder.file("again"))
        #expect(
            try FileContents.read(folder.file("again"), limit: 1 << 20)
                == FileContents.read(path, limit: 1 << 20)
        )
        #expect(loaded.graph.nodes.map(\.name) == model.graph.nodes.map(\.name))
        #expect(try loaded.predict(x) == model.predict(x))
        #expect(!loaded.layers.contains { !$0.isTrainable })
        let y = try TestValues.uniform([8, 6], seed: 8)
        for model in [model, loaded] { try model.trainOnBatch(x, y) }
        #expect(loaded.parameters.map(\.values) == model.parameters.map(\.values))
        #expect(
            try loaded.parameter(named: "dense/kernel") == model.parameter(named: "dense/kernel")
        )
    }

    @Test("A run with a shared layer goes on from a checkpoint with the same bits")
    func resume() throws {
        let folder = try TemporaryFolder()
        func model() throws -> Model {
            let input = Input(shape: [5])
            let shared = SharedLayer(Dense(units: 5, activation: .tanh))
            let model = try Model(inputs: input, outputs: shared(shared(input)), seed: 2)
            try model.compile(optimizer: .adam(), loss: .mse())
            return model
        }
        let x = try TestValues.uniform([20, 5], seed: 1), y = try TestValues.uniform([20, 5], seed: 2)
        let straight = try model(), first = try model(), second = try model()
        try straight.fit(x, y, batchSize: 8, epochs: 4, verbose: .silent)
        try first.fit(
            x,
            y,
            batchSize: 8,
            epochs: 2,
            verbose: .silent,
            checkpoint: .everyEpoch,
            at: folder.file("run")
        )
        try second.fit(
            x,
            y,
            batchSize: 8,
            epochs: 4,
            verbose: .silent,
            checkpoint: .everyEpoch,
            at: folder.file("run"),
            resume: true
        )
        #expect(second.parameters.map(\.values) == straight.parameters.map(\.values))
    }
}
