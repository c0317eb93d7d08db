import SwiftConvNet
import TestSupport
import Testing

/// A layer that only has parameters, for optimizers to change; what it computes does not matter.
struct Variables: SampleLayer {
    static let kind = "Variables"
    let shapes: [Shape]

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
    func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        shapes.enumerated().map { ParameterSpec("variable\($0)", shape: $1, initializer: .zeros) }
    }
    func forward(_ sample: SampleContext) { _ = sample.output.update(fromContentsOf: sample.input(0)) }
    func backward(_ sample: SampleContext) {}
}

/// `optimizers.json`.
private struct OptimizerGoldens: Decodable {
    struct Config: Decodable {
        let learning_rate: Float?
        let momentum: Float?
        let nesterov: Bool?
        let weight_decay: Float?
        let amsgrad: Bool?
        let centered: Bool?
        let clipnorm: Float?
        let clipvalue: Float?
        let global_clipnorm: Float?

        var clipping: GradientClipping? {
            clipnorm.map { .norm($0) } ?? clipvalue.map { .value($0) }
                ?? global_clipnorm.map { .globalNorm($0) }
        }
    }

    struct Case: Decodable {
        let optimizer: String
        let config: Config
        let steps: [[GoldenTensor]]

        var swift: any Optimizer {
            get throws {
                let rate = config.learning_rate.map { LearningRate($0) }
                switch optimizer {
                case "SGD":
                    return .sgd(
                        learningRate: rate ?? 0.01,
                        momentum: config.momentum ?? 0,
                        nesterov: config.nesterov ?? false,
                        weightDecay: config.weight_decay,
                        clipping: config.clipping
                    )
                case "Adam":
                    return .adam(
                        learningRate: rate ?? 0.001,
                        amsgrad: config.amsgrad ?? false,
                        clipping: config.clipping
                    )
                case "AdamW":
                    guard let decay = config.weight_decay else { return .adamW() }
                    return .adamW(learningRate: rate ?? 0.001, weightDecay: decay, clipping: config.clipping)
                case "RMSprop":
                    return .rmsprop(
                        learningRate: rate ?? 0.001,
                        momentum: config.momentum ?? 0,
                        centered: config.centered ?? false,
                        clipping: config.clipping
                    )
                default: throw ConvNetError(.format, "Unknown optimizer \(optimizer)")
                }
            }
        }
    }

    let initial: [GoldenTensor]
    let gradients: [[GoldenTensor]]
    let cases: [Case]
}

@Suite("Optimizers")
struct OptimizerTests {
    private func model(_ initial: [GoldenTensor], optimizer: any Optimizer) throws -> Sequential {
        let layer = Variables(shapes: initial.map { Shape($0.shape) })
        let model = try Sequential(inputShape: [1], layers: [layer])
        for (index, value) in initial.enumerated() {
            try model.set("variables/variable\(index)", value.tensor())
        }
        try model.compile(optimizer: optimizer, loss: .mse())
        return model
    }

    /// Gradients of the model's parameters, to be replaced by others.
    private func gradients(of model: Model) throws -> Gradients {
        try model.gradients(Tensor([1], shape: [1, 1]), Tensor([1], shape: [1, 1]))
    }

    @Test("ten steps of each optimizer are Keras', clipped or not")
    func trajectories() throws {
        let goldens = try Golden.read("optimizers", as: OptimizerGoldens.self)
        #expect(goldens.cases.count == 27)
        for golden in goldens.cases {
            try Deviations.record("optimizers", golden.optimizer) { try compare(golden, of: goldens) }
        }
    }

    private func compare(_ golden: OptimizerGoldens.Case, of goldens: OptimizerGoldens) throws {
        let model = try model(goldens.initial, optimizer: golden.swift)
        var gradients = try gradients(of: model)
        for (step, expected) in golden.steps.enumerated() {
            for (index, gradient) in goldens.gradients[step].enumerated() {
                gradients.parameters["variables/variable\(index)"] = try gradient.tensor()
            }
            try model.apply(gradients)
            for (index, expected) in expected.enumerated() {
                let difference = relativeDifference(
                    try model.value("variables/variable\(index)").elements,
                    expected.values
                )
                #expect(
                    difference < 2e-6,
                    "\(golden.optimizer) \(golden.config), step \(step + 1), variable \(index)"
                )
            }
        }
        #expect(model.stepCount == 10)
    }

    @Test("a schedule by closure is asked for the number of steps before")
    func schedule() throws {
        let initial = try Golden.read("optimizers", as: OptimizerGoldens.self).initial
        let rate = LearningRate.schedule { step in step < 2 ? 0.5 : 0.25 }
        let model = try model(initial, optimizer: .sgd(learningRate: rate))
        var gradients = try gradients(of: model)
        for index in initial.indices {
            gradients.parameters["variables/variable\(index)"] = try Tensor(
                shape: Shape(initial[index].shape),
                repeating: 1
            )
        }
        var expected = initial[0].values
        for step in 0..<4 {
            #expect(model.learningRate == (step < 2 ? 0.5 : 0.25))
            try model.apply(gradients)
            expected = expected.map { $0 - (step < 2 ? 0.5 : 0.25) }
            #expect(try model.value("variables/variable0").elements == expected)
        }
        model.learningRate = 0.125
        try model.apply(gradients)
        #expect(try model.value("variables/variable0").elements == expected.map { $0 - 0.125 })
    }

    @Test("a clipped gradient keeps its direction under norms and only loses what is too large under values")
    func clipping() throws {
        let start = GoldenTensor.zeros([2]), other = GoldenTensor.zeros([1])
        func step(_ clipping: GradientClipping?) throws -> [Float] {
            let model = try model([start, other], optimizer: .sgd(learningRate: 1, clipping: clipping))
            var gradients = try gradients(of: model)
            gradients.parameters["variables/variable0"] = try Tensor([3, -4])
            gradients.parameters["variables/variable1"] = try Tensor([12])
            try model.apply(gradients)
            return try [model.value("variables/variable0"), model.value("variables/variable1")].flatMap(
                \.elements
            )
        }
        #expect(try step(nil) == [-3, 4, -12])
        #expect(try relativeDifference(step(.norm(1)), [-0.6, 0.8, -1]) < 1e-6)
        #expect(try relativeDifference(step(.norm(6)), [-3, 4, -6]) < 1e-6)
        #expect(try relativeDifference(step(.globalNorm(1.3)), [-0.3, 0.4, -1.2]) < 1e-6)
        #expect(try step(.globalNorm(13)) == [-3, 4, -12])
        #expect(try step(.value(3.5)) == [-3, 3.5, -3.5])
    }

    @Test("the variance that centered RMSprop divides by is never below zero")
    func centeredRMSprop() throws {
        // Equal large gradients leave a variance of rounding alone.
        let model = try model([.zeros([64])], optimizer: .rmsprop(centered: true))
        var gradients = try gradients(of: model)
        gradients.parameters["variables/variable0"] = try Tensor((0..<64).map { 1e4 + Float($0) * 37.7 })
        for _ in 0..<200 { try model.apply(gradients) }
        #expect(try model.value("variables/variable0").elements.allSatisfy(\.isFinite))
    }

    @Test("the defaults are Keras'")
    func defaults() throws {
        #expect(SGD().learningRate(step: 0) == 0.01)
        #expect(SGD().slots == [])
        #expect(SGD(momentum: 0.9).slots == ["momentum"])
        #expect(Adam().learningRate(step: 0) == 0.001)
        #expect((Adam().beta1, Adam().beta2, Adam().epsilon) == (0.9, 0.999, 1e-7))
        #expect(Adam().slots == ["momentum", "velocity"])
        #expect(Adam().weightDecay == nil)
        #expect(AdamW().weightDecay == 0.004)
        #expect(RMSprop().learningRate(step: 0) == 0.001)
        #expect((RMSprop().rho, RMSprop().momentum, RMSprop().epsilon) == (0.9, 0, 1e-7))
        #expect(RMSprop(momentum: 0.9, centered: true).slots == ["velocity", "momentum", "average_gradient"])
        let model = try Sequential(inputShape: [1], layers: [Dense(units: 1)])
        try model.compile(loss: .mse())
        #expect(model.learningRate == 0.001)
    }

    @Test("settings out of range are refused")
    func refusals() throws {
        let odd: [any Optimizer] = [
            .sgd(learningRate: -1), .sgd(momentum: 2), .sgd(momentum: .nan), .sgd(weightDecay: -1),
            .adam(learningRate: LearningRate(.infinity)), .adam(beta1: 1), .adam(beta2: -0.1),
            .adam(epsilon: .nan),
            .adamW(weightDecay: .infinity), .rmsprop(rho: 1), .rmsprop(momentum: -1), .rmsprop(epsilon: -1),
            .sgd(clipping: .norm(0)), .sgd(clipping: .globalNorm(-1)), .sgd(clipping: .value(.nan)),
        ]
        let model = try Sequential(inputShape: [1], layers: [Dense(units: 1)])
        for optimizer in odd {
            let error = #expect(throws: ConvNetError.self) {
                try model.compile(optimizer: optimizer, loss: .mse())
            }
            #expect(error?.kind == .argument)
        }
        #expect(model.learningRate == nil)
    }
}

extension GoldenTensor {
    fileprivate static func zeros(_ shape: [Int]) -> GoldenTensor {
        GoldenTensor(shape: shape, values: Array(repeating: 0, count: shape.reduce(1, *)))
    }
}
