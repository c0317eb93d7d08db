import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Several inputs and outputs")
struct SeveralInputsTests {
    private func joined() throws -> Model {
        let left = Input(shape: [3], name: "left"), right = Input(shape: [2, 2], name: "right")
        let x = Dense(units: 4, activation: .tanh)(left)
        let y = Dense(units: 4, activation: .tanh)(Flatten()(right))
        return try Model(
            inputs: [left, right],
            outputs: [Dense(units: 2, name: "sum")(Add()(x, y))],
            seed: 3
        )
    }

    private func data(_ count: Int = 9) throws -> TensorDataset {
        try TensorDataset(
            inputs: [
                "right": TestValues.uniform([count, 2, 2], seed: 2),
                "left": TestValues.uniform([count, 3], seed: 1),
            ],
            targets: ["sum": TestValues.uniform([count, 2], seed: 3)]
        )
    }

    /// Two outputs, of which the second is read by the first as well.
    private func branched(threads: Int? = nil) throws -> Model {
        let input = Input(shape: [4])
        let angle = Dense(units: 3, activation: .sigmoid, name: "angle")(input)
        let digit = Dense(units: 3, activation: .softmax, name: "digit")(Add()(angle, Dense(units: 3)(input)))
        return try Model(
            inputs: [input],
            outputs: [digit, angle],
            seed: 5,
            options: ComputeOptions(threads: threads)
        )
    }

    private func branchedData(_ count: Int = 10) throws -> TensorDataset {
        try TensorDataset(
            inputs: ["any": TestValues.uniform([count, 4], seed: 4)],
            targets: [
                "digit": Labels((0..<count).map { Int32($0 % 3) }),
                "angle": Tensor(
                    TestValues.uniform([count, 3], seed: 5).elements.map { abs($0) },
                    shape: [count, 3]
                ),
            ]
        )
    }

    private func compile(_ model: Model) throws {
        try model.compile(
            optimizer: .adam(),
            losses: ["digit": .sparseCategoricalCrossentropy(), "angle": .binaryCrossentropy()],
            lossWeights: ["angle": 0.5],
            metrics: ["digit": [.accuracy], "angle": [.accuracy]]
        )
    }

    private func bits(_ model: Model) -> [[UInt32]] { model.parameters.map(\.values.bits) }

    @Test("Fields go by name, whatever their order")
    func names() throws {
        let model = try joined()
        #expect(model.inputNames == ["left", "right"] && model.outputNames == ["sum"])
        #expect(model.inputShapes == [[3], [2, 2]])
        let left = try TestValues.uniform([5, 3], seed: 1),
            right = try TestValues.uniform([5, 2, 2], seed: 2)
        let one = try model.predictions(for: ["left": left, "right": right])
        #expect(try model.predictions(for: ["right": right, "left": left]) == one)
        #expect(one["sum"]?.shape == [5, 2])
        #expect(
            try model.predictor().predictions(for: TensorDataset(inputs: ["right": right, "left": left]))
                == one
        )
    }

    @Test("What does not fit is an error that names it")
    func errors() throws {
        let model = try joined()
        try model.compile(loss: .mse())
        let x = try TestValues.uniform([4, 3], seed: 1)
        let missing = try #require(throws: ConvNetError.self) { try model.predictions(for: ["left": x]) }
        #expect(missing.expected?.contains("\"right\"") == true, "\(missing)")
        let shape = try #require(throws: ConvNetError.self) {
            try model.predictions(for: ["left": x, "right": x])
        }
        #expect(shape.location == "predictions, right")
        #expect(throws: ConvNetError.self) { try model.predict(x) }
        #expect(throws: ConvNetError.self) {
            try TensorDataset(inputs: ["a": x, "b": TestValues.uniform([3, 1], seed: 1)])
        }
        #expect(throws: ConvNetError.self) { try TensorDataset(inputs: ["a": x, "a": x]) }
        #expect(throws: ConvNetError.self) { try TensorDataset(inputs: [:]) }
        let branched = try branched()
        #expect(throws: ConvNetError.self) { try branched.predict(TestValues.uniform([4, 4], seed: 1)) }
        let name = try #require(throws: ConvNetError.self) {
            try branched.compile(losses: ["digits": .mse()])
        }
        #expect(name.received == "\"digits\"")
        #expect(throws: ConvNetError.self) { try branched.compile(losses: [:]) }
        #expect(throws: ConvNetError.self) {
            try branched.compile(losses: ["digit": .mse()], lossWeights: ["digit": .nan])
        }
        try compile(branched)
        let target = try #require(throws: ConvNetError.self) {
            try branched.fit(
                TensorDataset(
                    inputs: ["x": TestValues.uniform([3, 4], seed: 1)],
                    targets: ["digit": [0, 1, 2] as Labels]
                ),
                verbose: .silent
            )
        }
        #expect(target.expected?.contains("\"angle\"") == true, "\(target)")
        let classes = try #require(throws: ConvNetError.self) {
            try branched.fit(branchedData(), verbose: .silent, classWeight: [0: 2])
        }
        #expect(classes.location == "classWeight")
        let label = try #require(throws: ConvNetError.self) {
            try branched.fit(
                TensorDataset(
                    inputs: ["x": TestValues.uniform([3, 4], seed: 1)],
                    targets: ["digit": [0, 1, 7] as Labels, "angle": TestValues.uniform([3, 3], seed: 1)]
                ),
                verbose: .silent
            )
        }
        #expect(label.location == "sample 2")
        let unlisted = try #require(throws: ConvNetError.self) {
            let input = Input(shape: [3])
            _ = try Model(inputs: input, outputs: Add()(input, Input(shape: [3])))
        }
        #expect(unlisted.description.contains("does not list"), "\(unlisted)")
    }

    @Test("Gradients of two losses, one of them before a sigmoid that is read again", arguments: [1, 10, 40])
    func gradients(batch: Int) throws {
        let model = try branched()
        try TestValues.randomizeParameters(of: model, seed: 8)
        try compile(model)
        let data = try branchedData(batch)
        let found = try model.gradients(data, includingSamples: true)
        func loss() throws -> Double { try model.gradients(data).loss }
        for name in ["angle/kernel", "dense/kernel", "digit/bias"] {
            let gradient = try #require(found.parameters[name]), values = try model.parameter(named: name)
            let place = gradient.elements.indices.max {
                abs(gradient.elements[$0]) < abs(gradient.elements[$1])
            }
            let index = try #require(place), step: Float = 1e-2
            func moved(by step: Float) throws -> Double {
                var elements = values.elements
                elements[index] += step
                try model.setParameters([name: Tensor(elements, shape: values.shape)])
                defer { try? model.setParameters([name: values]) }
                return try loss()
            }
            let slope = try (moved(by: step) - moved(by: -step)) / Double(2 * step)
            #expect(abs(slope - Double(gradient.elements[index])) < 2e-3, "\(name)")
        }
        #expect(found.samples?.shape == [batch, 4])
    }

    @Test("Figures of every output have Keras' names; callbacks know them")
    func figures() throws {
        let model = try branched()
        try compile(model)
        let data = try branchedData()
        let history = try model.fit(
            data,
            batchSize: 4,
            epochs: 3,
            verbose: .silent,
            callbacks: [EarlyStopping(monitor: "val_digit_accuracy", patience: 1)],
            validationData: data
        )
        let names = ["loss", "digit_loss", "angle_loss", "digit_accuracy", "angle_accuracy"]
        #expect(history.epochs[0].values.names == names + names.map { "val_\($0)" })
        let values = history.epochs[0].values
        let sum = try #require(values["digit_loss"]) + 0.5 * #require(values["angle_loss"])
        #expect(abs(sum - (values["loss"] ?? 0)) < 1e-6)
        #expect(try model.evaluate(data).names == names)
        let unknown = try #require(throws: ConvNetError.self) {
            try model.fit(data, verbose: .silent, callbacks: [EarlyStopping(monitor: "accuracy")])
        }
        #expect(unknown.description.contains("digit_accuracy"), "\(unknown)")
    }

    @Test("The same bits at any number of workers", arguments: [2, 3, 8])
    func workers(count: Int) throws {
        func trained(_ threads: Int) throws -> [[UInt32]] {
            let model = try branched(threads: threads)
            try compile(model)
            try model.fit(branchedData(40), batchSize: 16, epochs: 2, verbose: .silent)
            return bits(model)
        }
        #expect(try trained(count) == trained(1))
    }

    @Test("Files, cases and checkpoints keep all inputs, outputs and losses")
    func files() throws {
        let folder = try TemporaryFolder(), path = folder.file("model.safetensors")
        let model = try branched()
        try compile(model)
        try model.fit(branchedData(), batchSize: 4, verbose: .silent)
        try model.save(to: path)
        let loaded = try Model.load(from: path)
        #expect(try loaded.evaluate(branchedData()) == model.evaluate(branchedData()))
        for model in [model, loaded] { try model.fit(branchedData(), batchSize: 4, verbose: .silent) }
        #expect(bits(loaded) == bits(model))

        func run(_ epochs: Int, resume: Bool) throws -> Model {
            let model = try branched()
            try compile(model)
            try model.fit(
                branchedData(),
                batchSize: 4,
                epochs: epochs,
                verbose: .silent,
                checkpoint: .every(steps: 2),
                at: folder.file("run"),
                resume: resume
            )
            return model
        }
        _ = try run(1, resume: false)
        let resumed = try run(3, resume: true)
        let straight = try branched()
        try compile(straight)
        try straight.fit(branchedData(), batchSize: 4, epochs: 3, verbose: .silent)
        #expect(bits(resumed) == bits(straight))

        try straight.setParameters(["angle/bias": Tensor([.nan, 0, 0])])
        #expect(throws: ConvNetError.self) {
            try straight.fit(
                branchedData(),
                verbose: .silent,
                nonFinite: .stop(savingCaseIn: folder.file("cases"))
            )
        }
        let cases = try FileManager.default.contentsOfDirectory(atPath: folder.file("cases"))
        let name = try #require(cases.first)
        let found = try NonFiniteCase(contentsOf: folder.file("cases/\(name)"))
        #expect(found.data.fields.map(\.name) == ["input_layer", "digit", "angle"])
        #expect(try found.replay().firstNonFinite?.layer.hasPrefix("angle") == true)
        let profile = try model.profile(batchSize: 4, mode: .training, repeats: 1)
        #expect(profile.rows.contains { $0.kind == "SparseCategoricalCrossentropy, BinaryCrossentropy" })
    }

    @Test("A model with two inputs is nested, and its layers are shared")
    func nested() throws {
        let pair = try joined()
        let input = Input(shape: [3])
        let other = Reshape(targetShape: [2, 2])(Dense(units: 4)(input))
        let model = try Model(inputs: input, outputs: pair(input, other))
        let x = try TestValues.uniform([4, 3], seed: 6)
        let inner = try Model(inputs: input, outputs: other).predict(x)
        #expect(
            try model.predict(x) == pair.predictions(for: ["left": x, "right": inner])["sum"]
        )
        let wrong = try #require(throws: ConvNetError.self) {
            _ = try Model(inputs: input, outputs: pair(input))
        }
        #expect(wrong.expected == "2")
    }

    @Test("A field of weights counts as sampleWeight does")
    func weightField() throws {
        let x = try TestValues.uniform([6, 4], seed: 1), y = try TestValues.uniform([6, 3], seed: 2)
        let weights: [Float] = [0, 1, 2, 0.5, 3, 1]
        func trained(_ fit: (Model) throws -> Void) throws -> [[UInt32]] {
            let model = try Sequential(inputShape: [4], seed: 1) { Dense(units: 3) }
            try model.compile(loss: .mse())
            try fit(model)
            return bits(model)
        }
        let byField = try trained {
            try $0.fit(
                TensorDataset(inputs: ["x": x], targets: ["y": y], weight: weights),
                batchSize: 4,
                verbose: .silent
            )
        }
        #expect(
            try trained { try $0.fit(x, y, batchSize: 4, verbose: .silent, sampleWeight: weights) } == byField
        )
        let error = try #require(throws: ConvNetError.self) {
            _ = try trained {
                try $0.fit(
                    TensorDataset(inputs: ["x": x], targets: ["y": y], weight: [1, 1, 1, 1, -1, 1]),
                    verbose: .silent
                )
            }
        }
        #expect(error.kind == .data)
    }
}
