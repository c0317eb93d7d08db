import SwiftConvNet
import TestSupport
import Testing

/// What models with several inputs, outputs or shared layers can be asked to do wrong.
@Suite("Graphs: what goes wrong is an error, and nothing is left behind")
struct GraphFaultTests {
    private func x(_ count: Int = 6, _ features: Int = 4) throws -> Tensor {
        try TestValues.uniform([count, features], seed: 1)
    }

    /// Two heads on one trunk.
    private func twoHeads(_ first: String = "a", _ second: String = "b") throws -> Model {
        let input = Input(shape: [4])
        let trunk = Dense(units: 3, activation: .tanh, name: "trunk")(input)
        return try Model(
            inputs: [input],
            outputs: [
                Dense(units: 3, activation: .softmax, name: first)(trunk),
                Dense(units: 2, name: second)(trunk),
            ]
        )
    }

    private func data(_ labels: Labels = [0, 1, 2, 0, 1, 2]) throws -> TensorDataset {
        try TensorDataset(
            inputs: ["x": x()],
            targets: ["a": labels, "b": TestValues.uniform([6, 2], seed: 2)]
        )
    }

    @Test("What no loss depends on has a gradient of zero, whatever it had before")
    func unreached() throws {
        let model = try twoHeads()
        try model.compile(
            optimizer: .sgd(learningRate: 0.1),
            losses: ["a": .sparseCategoricalCrossentropy(), "b": .mse()]
        )
        try model.trainOnBatch(data())
        try model.compile(
            optimizer: .sgd(learningRate: 0.1, clipping: .globalNorm(1e-3)),
            losses: ["a": .sparseCategoricalCrossentropy()]
        )
        let before = try model.parameter(named: "b/kernel")
        try model.trainOnBatch(data())
        #expect(try model.parameter(named: "b/kernel") == before)
        #expect(try model.gradients(data()).parameters["b/kernel"]?.elements.allSatisfy { $0 == 0 } == true)
        // Gradients of one's own, which do not stay.
        var own = try model.gradients(data())
        own.parameters["b/kernel"] = try Tensor(shape: [3, 2], repeating: 1)
        try model.apply(own)
        #expect(try model.gradients(data()).parameters["b/kernel"]?.elements.allSatisfy { $0 == 0 } == true)
    }

    /// A loss that keeps the labels that it has seen.
    private struct Keeping: Loss {
        static let kind = "Keeping"
        static let labels = Lock<Set<Int>>([])
        func validate(output: Shape, targets: TargetKind) throws {}
        func evaluate(_ sample: LossSample) -> Float {
            Self.labels.withLock { _ = $0.insert(sample.label) }
            sample.gradient?.update(repeating: 0)
            return 0
        }
    }

    @Test("A label that is out of range reaches no loss")
    func labels() throws {
        let model = try twoHeads()
        try model.compile(losses: ["a": Keeping()])
        #expect(throws: ConvNetError.self) { try model.trainOnBatch(data([0, 1, 7, 0, -3, 2])) }
        #expect(Keeping.labels.withLock { $0 }.isSubset(of: [0, 1, 2]))
        try model.compile(losses: ["b": .mse()], metrics: ["a": [.accuracy]])
        let error = try #require(throws: ConvNetError.self) { try model.evaluate(data([0, 1, 7, 0, 1, 2])) }
        #expect(error.location == "sample 2")
    }

    /// Asks for fields that it has not described.
    private struct Careless: Dataset {
        let count = 2
        let fields = [Field("x", .input, shape: [4])]
        func read(_ index: Int, in reading: Reading, into sample: SampleWriter) {
            sample.values(of: 0)?.update(repeating: 1)
            sample.label(of: 1)?.pointee = 5
            sample.values(of: 7)?.update(repeating: 9)
            sample.values(of: -1)?.update(repeating: 9)
        }
    }

    @Test("Fields that there are not are nowhere")
    func fields() throws {
        let model = try Sequential(inputShape: [4]) { Dense(units: 2) }
        #expect(try model.predict(Careless()).shape == [2, 2])
        let data = try data()
        #expect(try data.label(1, of: 2) == 2)
        for call in [
            { _ = try data.label(0, of: 0) }, { _ = try data.label(9, of: 0) },
            { _ = try data.label(1, of: 6) },
            { _ = try Tensor(shape: [3]) { try data.readValues(0, of: 0, into: $0) } },
            { _ = try Tensor(shape: [1]) { try data.readValues(1, of: 0, into: $0) } },
        ] as [() throws -> Void] {
            #expect(throws: ConvNetError.self) { try call() }
        }
    }

    private struct Described: Dataset {
        let count = 2
        let fields: [Field]
        func read(_ index: Int, in reading: Reading, into sample: SampleWriter) {}
    }

    @Test("Fields of the wrong type or size are refused")
    func badFields() throws {
        let model = try Sequential(inputShape: [4]) { Dense(units: 2) }
        try model.compile(loss: .mse())
        let input = Field("x", .input, shape: [4]), target = Field("y", .target, shape: [2])
        for extra in [
            Field("w", .weight, shape: [], element: .int32), Field("w", .weight, shape: [2]),
            Field("w", .weight, shape: [.max, 2]),
        ] {
            #expect(throws: ConvNetError.self) {
                try model.evaluate(Described(fields: [input, target, extra]))
            }
        }
        #expect(throws: ConvNetError.self) {
            try model.evaluate(
                Described(fields: [Field("x", .input, shape: [4], element: .int32), target])
            )
        }
    }

    @Test("A callback of fit cannot compile the model")
    func compileWhileTraining() throws {
        let model = try twoHeads()
        try model.compile(losses: ["a": .sparseCategoricalCrossentropy()])
        let callback = LambdaCallback(onEpochEnd: { _, session in try session.model.compile(loss: .mse()) })
        let error = try #require(throws: ConvNetError.self) {
            try model.fit(data(), verbose: .silent, callbacks: [callback])
        }
        #expect(error.kind == .state)
        try model.compile(losses: ["b": .mse()])
    }

    @Test("Names that would collide are refused")
    func names() throws {
        let validation = try twoHeads("val", "x")
        #expect(throws: ConvNetError.self) { try validation.compile(loss: .mse()) }
        let input = Input(shape: [4])
        let output = Dense(units: 4, name: "out")(input)
        #expect(throws: ConvNetError.self) { try Model(inputs: [input], outputs: [output, output]) }
        #expect(throws: ConvNetError.self) { try Model(inputs: [input, input], outputs: [output]) }
        // A composite layer and a nested model that are called alike.
        struct Block: Layer {
            static let kind = "Block"
            let name: String? = "block"
            func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
                try lowering.apply(Dense(units: 4), lowering.single(inputs), named: "dense")
            }
            init() {}
            init(from decoder: any Decoder) throws {}
            func encode(to encoder: any Encoder) throws {}
        }
        let nested = try Sequential(inputShape: [4], name: "block") { Dense(units: 4) }
        let first = try Model(inputs: input, outputs: nested(input))
        let graph = try Sequential(inputShape: [4]) {
            SharedLayer(Block())
            nested
        }
        #expect(Set(graph.parameters.map(\.name)).count == 4)
        #expect(first.parameters.count == 2)
        #expect(throws: ConvNetError.self) {
            try twoHeads().compile(losses: ["a": .mse()], lossWeights: ["b": 0.1])
        }
    }

    @Test("A layer of another model keeps its name, whatever stands before it")
    func keptNames() throws {
        let base = try Sequential(inputShape: [4]) { Dense(units: 4) }
        let model = try Sequential(inputShape: [4]) {
            Dense(units: 4)
            base.layers
        }
        #expect(model.graph.layers.map(\.name) == ["input_layer", "dense_1", "dense"])
        #expect(try model.layer(named: "dense") === base.layers[0])
    }

    @Test("A network that grows, model by model, stays as fast")
    func growing() throws {
        var layers: [SharedLayer] = []
        var last: Model?
        for _ in 0..<40 {
            layers.append(SharedLayer(Dense(units: 4)))
            last = try Sequential(inputShape: [4], layers: layers)
        }
        #expect(try last?.predict(x()).shape == [6, 4])
    }

    private struct NoOutput: Layer {
        static let kind = "NoOutput"
        var outputCount: Int { -1 }
        func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] { [] }
    }

    private struct NothingAtAll: Applicable {
        func apply(_ inputs: [LayerOutput]) -> [LayerOutput] { [] }
    }

    @Test("What has no output cannot be applied")
    func noOutput() throws {
        #expect(throws: ConvNetError.self) { try Sequential(inputShape: [4], layers: [NoOutput()]) }
        #expect(throws: ConvNetError.self) {
            let input = Input(shape: [4])
            _ = try Model(inputs: input, outputs: NothingAtAll()(input))
        }
    }

    /// Asks the model while its targets are checked.
    private final class Asking: SampleDataset, @unchecked Sendable {
        var model: Model?
        let count = 2, sampleShape: Shape = [4], hasTargetsInMemory = true
        let targetKind = TargetKind.values([2])
        func readSample(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) {
            destination.update(repeating: 0)
        }
        func readTarget(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
            _ = try model?.predict(Tensor(zeros: [1, 4]))
            destination.update(repeating: 0)
        }
    }

    @Test("A dataset that asks the model while its targets are checked gets an error")
    func askingWhileChecked() throws {
        let model = try Sequential(inputShape: [4]) { Dense(units: 2) }
        try model.compile(loss: .mse())
        let asking = Asking()
        asking.model = model
        let error = try #require(throws: ConvNetError.self) { try model.fit(asking, verbose: .silent) }
        #expect(error.kind == .state)
        asking.model = nil
        try model.fit(asking, verbose: .silent)
    }

    @Test("The loss of an output can be monitored, and stands in replays")
    func monitored() throws {
        let model = try twoHeads()
        try model.compile(losses: ["a": .sparseCategoricalCrossentropy(), "b": .mse()])
        try model.fit(
            data(),
            epochs: 2,
            verbose: .silent,
            callbacks: [EarlyStopping(monitor: "val_b_loss"), EarlyStopping(monitor: "a_loss")],
            validationData: data()
        )
        let replay = try NonFiniteCase(
            model,
            [0, 1],
            of: data(),
            weights: SampleWeights(),
            epoch: 1,
            batch: 1
        ).replay()
        let losses = replay.rows.filter { if case .loss = $0.value { true } else { false } }
        #expect(losses.map(\.layer) == ["a", "b", ""])
    }

    @Test("Gradients that do not fit change nothing")
    func wrongGradients() throws {
        let model = try Sequential(inputShape: [4]) {
            BatchNormalization()
            Dense(units: 2)
        }
        try model.compile(optimizer: .sgd(learningRate: 1), loss: .mse())
        let y = try TestValues.uniform([6, 2], seed: 2)
        var gradients = try model.gradients(x(), y)
        gradients.parameters["dense/bias"] = try Tensor(zeros: [3])
        let before = model.parameters.map(\.values)
        #expect(throws: ConvNetError.self) { try model.apply(gradients) }
        #expect(model.parameters.map(\.values) == before)
    }
}
