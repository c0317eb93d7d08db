import SwiftConvNet
import TestSupport
import Testing

@Suite("Layers that are not trainable")
struct FrozenLayerTests {
    private let x: Tensor, y: Tensor

    init() throws {
        x = try TestValues.distinct([9, 5, 4, 2], seed: 1)
        y = try TestValues.uniform([9, 2], seed: 2)
    }

    private func model() throws -> Sequential {
        try Sequential(inputShape: [5, 4, 2], seed: 1) {
            Conv2D(filters: 3, kernelSize: 3, padding: .same, name: "first")
            BatchNormalization(name: "norm")
            Activation(.tanh)
            Conv2D(filters: 2, kernelSize: 3, name: "second")
            GlobalAveragePooling2D()
            Dense(units: 2, name: "head")
        }
    }

    private func values(_ model: Model) -> [String: [UInt32]] {
        Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.values.bits) })
    }

    @Test(
        "Neither gradient, update, decay nor statistics touch them, with every optimizer",
        arguments: [
            .adamW(learningRate: 0.1, weightDecay: 0.1, clipping: .globalNorm(1)),
            .sgd(learningRate: 0.1, momentum: 0.9), .rmsprop(), .adam(amsgrad: true, clipping: .norm(0.1)),
        ] as [any Optimizer]
    )
    func frozen(_ optimizer: any Optimizer) throws {
        let model = try model()
        for name in ["first", "norm"] { try model.layer(named: name).isTrainable = false }
        #expect(model.trainableParameterCount == 56 + 6)
        try model.compile(optimizer: optimizer, loss: .mse())
        #expect(
            Set(try model.gradients(x, y).parameters.keys)
                == ["second/kernel", "second/bias", "head/kernel", "head/bias"]
        )
        let before = values(model)
        try model.fit(x, y, batchSize: 4, epochs: 2, verbose: .silent)
        for (name, bits) in values(model) {
            let isFrozen = name.hasPrefix("first") || name.hasPrefix("norm")
            #expect((bits == before[name]) == isFrozen, "\(name)")
        }
        #expect(try model.summary().contains("Optimizer params: \(optimizer.slots.count * 62 + 2) "))
    }

    @Test("A change takes effect when the model is compiled")
    func compileDecides() throws {
        let model = try model()
        try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .mse())
        let norm = try model.layer(named: "norm")
        norm.isTrainable = false
        let before = values(model)
        try model.trainOnBatch(x, y)
        #expect(values(model)["norm/gamma"] != before["norm/gamma"])
        try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .mse())
        norm.isTrainable = true
        let frozen = values(model)
        try model.trainOnBatch(x, y)
        #expect(values(model)["norm/gamma"] == frozen["norm/gamma"])
        #expect(values(model)["norm/moving_mean"] == frozen["norm/moving_mean"])
        #expect(values(model)["first/kernel"] != frozen["first/kernel"])
    }

    @Test("A gradient from before does not count in the norm of all")
    func clippingForgets() throws {
        func step(freshly: Bool) throws -> [String: [UInt32]] {
            let model = try model()
            if !freshly {
                try model.compile(optimizer: .sgd(learningRate: 0), loss: .mse())
                _ = try model.gradients(x, y)
            }
            try model.layer(named: "first").isTrainable = false
            try model.compile(
                optimizer: .sgd(learningRate: 0.1, clipping: .globalNorm(0.01)),
                loss: .mse()
            )
            try model.trainOnBatch(x, y)
            return values(model)
        }
        #expect(try step(freshly: true) == step(freshly: false))
    }

    @Test(
        "A frozen normalisation passes the gradient on by the moving statistics",
        arguments: [ActivationFunction.linear, .tanh, .relu],
        [1, 9, 40]
    )
    func normalization(activation: ActivationFunction, batch: Int) throws {
        let model = try Sequential(inputShape: [2, 3]) {
            Dense(units: 3, name: "before")
            BatchNormalization(name: "norm")
            Activation(activation)
        }
        try TestValues.randomizeParameters(of: model, seed: 4)
        try model.layer(named: "norm").isTrainable = false
        let samples = try TestValues.distinct([batch, 2, 3], seed: 5)
        let check = try GradientCheck(model, samples, tolerance: 1e-4) { x, p in
            let y = Reference.dense(x, kernel: p["before/kernel"] ?? x, bias: p["before/bias"])
            func row(_ name: String) -> [Double] { p["norm/\(name)"]?.elements ?? [] }
            let normalized = ReferenceTensor(
                shape: y.shape,
                elements: y.elements.enumerated().map { place, value in
                    let channel = place % 3
                    let deviation = (row("moving_variance")[channel] + 1e-3).squareRoot()
                    return (value - row("moving_mean")[channel]) / deviation * row("gamma")[channel]
                        + row("beta")[channel]
                }
            )
            return Reference.activate(normalized, activation)
        }
        #expect(check.problems.isEmpty, "\(check.problems.joined(separator: "\n"))")
    }

    @Test("All layers frozen: the loss is computed, and nothing changes")
    func nothingLearns() throws {
        let model = try model()
        model.isTrainable = false
        #expect(!model.isTrainable)
        try model.compile(optimizer: .adam(), loss: .mse())
        let before = values(model)
        let history = try model.fit(x, y, epochs: 2, verbose: .silent)
        #expect(history.epochs[0].values["loss"] == history.epochs[1].values["loss"])
        #expect(values(model) == before)
        #expect(try model.gradients(x, y).parameters.isEmpty)
    }

    @Test("The same bits at any number of workers", arguments: [2, 3, 8])
    func workers(count: Int) throws {
        func trained(_ threads: Int) throws -> [String: [UInt32]] {
            let model = try Sequential(
                inputShape: [5, 4, 2],
                layers: model().graph.layers.dropFirst().map(\.layer),
                options: ComputeOptions(threads: threads)
            )
            try model.layer(named: "norm").isTrainable = false
            try model.compile(optimizer: .adam(), loss: .mse())
            try model.fit(x, y, batchSize: 4, epochs: 2, verbose: .silent)
            return values(model)
        }
        #expect(try trained(count) == trained(1))
    }

    @Test("A checkpoint of a run with frozen layers belongs to that run alone")
    func checkpoint() throws {
        let folder = try TemporaryFolder()
        func fit(freezing: Bool, resume: Bool) throws -> [String: [UInt32]] {
            let model = try model()
            try model.layer(named: "first").isTrainable = !freezing
            try model.compile(optimizer: .adam(), loss: .mse())
            try model.fit(
                x,
                y,
                epochs: resume ? 3 : 1,
                verbose: .silent,
                checkpoint: .everyEpoch,
                at: folder.file("run"),
                resume: resume
            )
            return values(model)
        }
        _ = try fit(freezing: true, resume: false)
        let error = try #require(throws: ConvNetError.self) { try fit(freezing: false, resume: true) }
        #expect(error.kind == .state)
        #expect(error.description.contains("frozen"), "\(error)")
        let straight = try self.model()
        try straight.layer(named: "first").isTrainable = false
        try straight.compile(optimizer: .adam(), loss: .mse())
        try straight.fit(x, y, epochs: 3, verbose: .silent)
        #expect(try fit(freezing: true, resume: true) == values(straight))
    }

    @Test("A batch that is not finite is replayed with the layers that were frozen")
    func replay() throws {
        let folder = try TemporaryFolder()
        let model = try model()
        try model.layer(named: "norm").isTrainable = false
        try model.compile(optimizer: .sgd(), loss: .mse())
        try model.setParameters(["head/bias": Tensor([.infinity, 0])])
        #expect(throws: ConvNetError.self) {
            try model.fit(
                x,
                y,
                verbose: .silent,
                nonFinite: .stop(savingCaseIn: folder.path)
            )
        }
        let name = try #require(try folder.names.first)
        let replay = try NonFiniteCase(contentsOf: folder.file(name)).replay()
        let gradients = replay.rows.filter { if case .parameterGradient = $0.value { true } else { false } }
        #expect(!gradients.isEmpty)
        #expect(!gradients.contains { $0.layer.contains("norm") && !$0.layer.contains("first") })
    }
}
