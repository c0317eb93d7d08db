import SwiftConvNet
import TestSupport
import Testing

/// `graphs.json`.
private struct GraphGoldens: Decodable {
    struct Case: Decodable {
        struct Phase: Decodable {
            let outputs: GoldenTensor
            let loss: Double
            let gradients: [String: GoldenTensor]
            let updated: [String: GoldenTensor]
        }

        let name: String
        let parameter_count: Int
        let x: GoldenTensor
        let weights: [String: GoldenTensor]
        let phases: [Phase]
    }

    struct InputsCase: Decodable {
        let name: String
        let parameter_count: Int
        let inputs: [String: GoldenTensor]
        let weights: [String: GoldenTensor]
        let phases: [Case.Phase]
    }

    struct OutputsCase: Decodable {
        let x: GoldenTensor
        let angle: GoldenTensor
        let sample_weight: GoldenTensor
        let weights: [String: GoldenTensor]
        let history: [String: [Double]]
        let evaluation: [String: Double]
        let outputs: [String: GoldenTensor]
        let updated: [String: GoldenTensor]
    }

    let y: GoldenTensor
    let steps: Int
    let optimizer: [String: Float]
    let cases: [Case]
    let several_inputs: [InputsCase]
    let several_outputs: OutputsCase
}

/// The networks of `graphs.py`, with the same weights.
@Suite("Shared layers, nested models and frozen layers against Keras")
struct GraphGoldenTests {
    private let goldens: GraphGoldens
    private let labels: Labels

    init() throws {
        goldens = try Golden.read("graphs")
        labels = try goldens.y.labels()
    }

    private func golden(_ name: String) throws -> GraphGoldens.Case {
        try #require(goldens.cases.first { $0.name == name })
    }

    /// Layer and parameter, without the models around.
    private func key(_ name: String) -> String {
        name.split(separator: "/").suffix(2).joined(separator: "/")
    }

    private func fill(_ model: Model, _ weights: [String: GoldenTensor]) throws {
        for parameter in model.parameters {
            try model.setParameters([
                parameter.name: #require(weights[key(parameter.name)], "\(parameter.name)").tensor()
            ])
        }
    }

    private func compile(_ model: Model, learningRate: Float? = nil) throws {
        let rate = try learningRate ?? #require(goldens.optimizer["learning_rate"])
        try model.compile(
            optimizer: .sgd(
                learningRate: LearningRate(rate),
                momentum: try #require(goldens.optimizer["momentum"])
            ),
            loss: .sparseCategoricalCrossentropy()
        )
    }

    /// Outputs, loss, gradients, and the weights after some steps. Keras computed in float64; what is left is this engine's
    /// rounding.
    private func check(_ model: Model, _ x: Tensor, _ phase: GraphGoldens.Case.Phase, _ name: String) throws {
        try check(model, TensorDataset(inputs: ["x": x], targets: ["head": labels]), phase, name)
    }

    private func check(
        _ model: Model,
        _ data: TensorDataset,
        _ phase: GraphGoldens.Case.Phase,
        _ name: String
    ) throws {
        func expectClose(_ found: Tensor, _ expected: GoldenTensor, _ what: String) {
            #expect(Array(found.shape) == expected.shape, "\(name), \(what)")
            #expect(relativeDifference(found.elements, expected.values) < 1e-5, "\(name), \(what)")
        }
        expectClose(try model.predict(data), phase.outputs, "outputs")
        let gradients = try model.gradients(data)
        #expect(abs(gradients.loss - phase.loss) < 1e-5 * phase.loss, "\(name)")
        #expect(
            gradients.parameters.keys.map(key).sorted() == phase.gradients.keys.sorted(),
            "\(name)"
        )
        for (parameter, gradient) in gradients.parameters {
            expectClose(
                gradient,
                try #require(phase.gradients[key(parameter)]),
                "the gradient of \(parameter)"
            )
        }
        for _ in 0..<goldens.steps { try model.trainOnBatch(data) }
        #expect(model.parameters.count == phase.updated.count, "\(name)")
        for parameter in model.parameters {
            expectClose(
                parameter.values,
                try #require(phase.updated[key(parameter.name)]),
                "\(parameter.name) after"
            )
        }
    }

    private func check(_ model: Model, _ name: String) throws {
        let golden = try golden(name)
        #expect(model.parameterCount == golden.parameter_count)
        try fill(model, golden.weights)
        try compile(model)
        try check(model, golden.x.tensor(), golden.phases[0], name)
    }

    private func head(_ x: LayerOutput, _ name: String = "head") -> LayerOutput {
        Dense(units: 3, activation: .softmax, name: name)(x)
    }

    private func encoder(_ name: String = "encoder") throws -> Model {
        let input = Input(shape: [6, 5, 2])
        let x = Conv2D(
            filters: 3,
            kernelSize: 3,
            padding: .same,
            activation: .relu,
            name: "\(name)_conv"
        )(input)
        let y = BatchNormalization(momentum: 0.5, name: "\(name)_norm")(x)
        return try Model(inputs: input, outputs: GlobalAveragePooling2D()(y), name: name)
    }

    @Test("A layer applied three times in a row")
    func threeInARow() throws {
        let input = Input(shape: [5])
        let shared = SharedLayer(Dense(units: 5, activation: .tanh, name: "shared"))
        let model = try Model(inputs: input, outputs: head(shared(shared(shared(input)))))
        #expect(
            model.parameters.map(\.name) == ["shared/kernel", "shared/bias", "head/kernel", "head/bias"]
        )
        try check(model, "three in a row")
    }

    @Test("An encoder, with moving statistics, applied to two branches")
    func siamese() throws {
        let input = Input(shape: [6, 5, 2])
        let encoder = try encoder()
        let other = Rescaling(scale: 0.5, offset: 0.25)(input)
        let model = try Model(
            inputs: input,
            outputs: head(Concatenate()(encoder(input), encoder(other)))
        )
        #expect(model.parameters[0].name == "encoder/encoder_conv/kernel")
        try check(model, "siamese")
    }

    @Test("A model within a model, applied twice")
    func nestedTwice() throws {
        let inner = try Sequential(inputShape: [4], name: "inner") {
            Dense(units: 4, activation: .tanh, name: "inner_dense")
        }
        let entry = Input(shape: [4])
        let middle = try Model(
            inputs: entry,
            outputs: Add()(inner(Dense(units: 4, name: "middle_dense")(entry)), entry),
            name: "middle"
        )
        let input = Input(shape: [4])
        let model = try Model(inputs: input, outputs: head(middle(ReLU()(middle(input)))))
        #expect(
            model.parameters.map(\.name) == [
                "middle/middle_dense/kernel", "middle/middle_dense/bias", "middle/inner/inner_dense/kernel",
                "middle/inner/inner_dense/bias", "head/kernel", "head/bias",
            ]
        )
        try check(model, "nested twice")
    }

    /// The halves of a sample.
    private struct Halves: Layer {
        static let kind = "Halves"
        var outputCount: Int { 2 }

        func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
            try lowering.split(lowering.single(inputs), sections: 2)
        }
    }

    @Test("A layer with two outputs")
    func severalOutputs() throws {
        let input = Input(shape: [6])
        let halves = Halves().apply([Dense(units: 8, activation: .tanh, name: "entry")(input)])
        let sum = Add()(
            Dense(units: 4, name: "left")(halves[0]),
            Dense(units: 4, name: "right")(halves[1]),
            halves[0]
        )
        let model = try Model(inputs: input, outputs: head(sum))
        #expect(try model.summary(characters: .unicode).contains("halves[1]"))
        try check(model, "several outputs")
    }

    private func check(_ model: Model, inputsOf name: String) throws {
        let golden = try #require(goldens.several_inputs.first { $0.name == name })
        #expect(model.parameterCount == golden.parameter_count)
        try fill(model, golden.weights)
        try compile(model)
        let left = try #require(golden.inputs["left"]).tensor()
        let right = try #require(golden.inputs["right"]).tensor()
        try check(
            model,
            TensorDataset(inputs: ["left": left, "right": right], targets: ["head": labels]),
            golden.phases[0],
            name
        )
    }

    @Test("Two inputs that are joined")
    func twoInputs() throws {
        let left = Input(shape: [5], name: "left"), right = Input(shape: [3, 2], name: "right")
        let x = Dense(units: 4, activation: .tanh, name: "of_left")(left)
        let y = Flatten()(Dense(units: 2, activation: .relu, name: "of_right")(right))
        try check(Model(inputs: [left, right], outputs: [head(Concatenate()(x, y))]), inputsOf: "two inputs")
    }

    @Test("A siamese network: one encoder for two images")
    func siameseOfTwo() throws {
        let left = Input(shape: [6, 5, 2], name: "left"), right = Input(shape: [6, 5, 2], name: "right")
        let encoder = try encoder()
        let joined = Concatenate()(encoder(left), encoder(right))
        try check(Model(inputs: [left, right], outputs: [head(joined)]), inputsOf: "siamese")
    }

    @Test("Two outputs with two losses and weights")
    func twoOutputs() throws {
        let golden = goldens.several_outputs
        let input = Input(shape: [6])
        let trunk = Dense(units: 5, activation: .tanh, name: "trunk")(input)
        let model = try Model(
            inputs: [input],
            outputs: [head(trunk, "digit"), Dense(units: 2, name: "angle")(trunk)]
        )
        try fill(model, golden.weights)
        try model.compile(
            optimizer: .sgd(
                learningRate: LearningRate(#require(goldens.optimizer["learning_rate"])),
                momentum: #require(goldens.optimizer["momentum"])
            ),
            losses: ["digit": .sparseCategoricalCrossentropy(), "angle": .mse()],
            lossWeights: ["angle": 0.25],
            metrics: ["digit": [SparseCategoricalAccuracy()]]
        )
        let data = try TensorDataset(
            inputs: ["x": golden.x.tensor()],
            targets: ["digit": labels, "angle": golden.angle.tensor()]
        )
        let history = try model.fit(
            data,
            batchSize: 4,
            epochs: 2,
            verbose: .silent,
            shuffle: false,
            sampleWeight: golden.sample_weight.values
        )
        let evaluation = try model.evaluate(data, batchSize: 4)
        let names = ["loss", "digit_loss", "angle_loss", "digit_sparse_categorical_accuracy"]
        #expect(history.epochs[0].values.names == names)
        for name in names {
            let expected = try #require(golden.history[name])
            #expect(
                relativeDifference(history[name].map(Float.init), expected.map(Float.init)) < 1e-5,
                "\(name)"
            )
            #expect(abs((evaluation[name] ?? .nan) - (golden.evaluation[name] ?? 0)) < 1e-5, "\(name)")
        }
        for (name, tensor) in try model.predictions(for: data) {
            let expected = try #require(golden.outputs[name])
            #expect(relativeDifference(tensor.elements, expected.values) < 1e-5, "\(name)")
        }
        for parameter in model.parameters {
            let expected = try #require(golden.updated[key(parameter.name)])
            #expect(
                relativeDifference(parameter.values.elements, expected.values) < 1e-5,
                "\(parameter.name)"
            )
        }
    }

    @Test("A base is trained, frozen under another head, and trained on at a lower rate")
    func transfer() throws {
        let golden = try golden("transfer"), x = try golden.x.tensor()
        let base = try encoder("base")
        let first = try Sequential(inputShape: [6, 5, 2]) {
            base
            Dense(units: 3, activation: .softmax, name: "first")
        }
        try fill(first, golden.weights)
        try compile(first)
        try check(first, x, golden.phases[0], "the base")

        base.isTrainable = false
        let second = try Model(inputs: base.input, outputs: head(base.output, "second"))
        #expect(second.parameterCount == golden.parameter_count)
        #expect(second.trainableParameterCount == 12)
        for name in ["second/kernel", "second/bias"] {
            try second.setParameters([name: #require(golden.weights[name]).tensor()])
        }
        try compile(second)
        try check(second, x, golden.phases[1], "frozen")

        base.isTrainable = true
        try compile(second, learningRate: 0.03125)
        try check(second, x, golden.phases[2], "unfrozen")
    }
}
