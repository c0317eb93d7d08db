import SwiftConvNet
import TestSupport
import Testing

// Everything in this file uses what is public and nothing else, as a package of a user would.

/// y = weight · x + shift, one of each per channel.
private struct Scale: SampleLayer {
    static let kind = "Scale"
    let name: String?
    @CodedInitializer var initializer: any Initializer

    init(initializer: any Initializer, name: String? = nil) {
        _initializer = CodedInitializer(wrappedValue: initializer)
        self.name = name
    }

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }

    func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        [
            ParameterSpec("weight", shape: [inputs[0].last ?? 1], initializer: initializer),
            ParameterSpec("shift", shape: [], initializer: .zeros),
        ]
    }

    func forward(_ sample: SampleContext) {
        let x = sample.input(0), weight = sample.parameter(0), shift = sample.parameter(1)[0]
        for place in x.indices { sample.output[place] = x[place] * weight[place % weight.count] + shift }
    }

    func backward(_ sample: SampleContext) {
        let x = sample.input(0), weight = sample.parameter(0), gradient = sample.outputGradient
        for place in x.indices {
            sample.parameterGradient(0)[place % weight.count] += gradient[place] * x[place]
            sample.parameterGradient(1)[0] += gradient[place]
            if sample.needsInputGradient(0) {
                sample.inputGradient(0)[place] = gradient[place] * weight[place % weight.count]
            }
        }
    }
}

/// 1, 1 + step, 1 + 2 · step, …
private struct Staircase: Initializer {
    static let kind = "Staircase"
    let step: Float

    func initialize(_ values: UnsafeMutableBufferPointer<Float>, shape: Shape, random: inout RandomStream)
        throws
    {
        for place in values.indices { values[place] = 1 + Float(place) * step }
    }
}

/// The mean of squared differences from the class's one-hot vector.
private struct Brier: Loss {
    static let kind = "Brier"
    let weight: Float

    func validate(output: Shape, targets: TargetKind) throws {
        guard targets == .labels else { throw ConvNetError(.data, "Brier compares with classes") }
    }

    func evaluate(_ sample: LossSample) -> Float {
        let count = Float(sample.prediction.count)
        var sum: Float = 0
        for (place, value) in sample.prediction.enumerated() {
            let difference = value - (place == sample.label ? 1 : 0)
            sum += difference * difference
            sample.gradient?[place] = 2 * difference * weight * sample.scale / count
        }
        return weight * sum / count
    }
}

/// How sure the model is, right or wrong.
private struct Confidence: MeanMetric {
    static let kind = "Confidence"
    let name: String

    func value(_ sample: MetricSample) -> Double { Double(sample.prediction.max() ?? 0) }
}

/// Steps by the sign of the mean gradient.
private struct SignMomentum: Optimizer {
    static let kind = "SignMomentum"
    let learningRate: LearningRate
    let decay: Float
    let slots = ["mean"]

    private enum CodingKeys: String, CodingKey { case learningRate, decay }

    func validate() throws {}

    func update(_ part: OptimizerPart) {
        let mean = part.slot(0)
        for place in 0..<part.count {
            mean[place] = decay * mean[place] + (1 - decay) * part.gradients[place]
            part.parameters[place] -= part.learningRate * (mean[place] > 0 ? 1 : mean[place] < 0 ? -1 : 0)
        }
    }
}

@Suite("Types of a user")
struct CustomTypesTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("model.safetensors") }

    init() throws { folder = try TemporaryFolder() }

    private static let types = CustomTypes(
        layers: [Scale.self],
        initializers: [Staircase.self],
        losses: [Brier.self],
        metrics: [Confidence.self],
        optimizers: [SignMomentum.self]
    )

    private func trained() throws -> Sequential {
        let model = try Sequential(inputShape: [8, 8, 1], seed: 4, options: ComputeOptions(threads: 2)) {
            Conv2D(filters: 3, kernelSize: 3, strides: 2, activation: .tanh)
            Scale(initializer: Staircase(step: 0.25))
            Flatten()
            Dense(units: 3, activation: .softmax, kernelInitializer: Staircase(step: -0.01))
        }
        #expect(try model.parameter(named: "scale/weight").elements == [1, 1.25, 1.5])
        try model.compile(
            optimizer: SignMomentum(learningRate: 0.003, decay: 0.8),
            loss: Brier(weight: 1.5),
            metrics: [.accuracy, Confidence(name: "sure")]
        )
        try train(model, epochs: 3)
        return model
    }

    private func train(_ model: Model, epochs: Int) throws {
        try model.fit(
            SmallNetwork.images(),
            SmallNetwork.labels(),
            batchSize: 10,
            epochs: epochs,
            verbose: .silent
        )
    }

    @Test("A model of a user's types trains, and comes back from its file with the same bits")
    func roundTrip() throws {
        let model = try trained()
        #expect(try model.parameter(named: "scale/weight").elements != [1, 1.25, 1.5])
        #expect(try model.parameter(named: "scale/shift").elements != [0])
        try model.save(to: path)
        let loaded = try Model.load(from: path, customTypes: Self.types)
        let x = try SmallNetwork.images(), y = SmallNetwork.labels()
        #expect(try loaded.predict(x).bits == model.predict(x).bits)
        let figures = try loaded.evaluate(x, y)
        #expect(try figures == model.evaluate(x, y))
        #expect(figures.names == ["loss", "accuracy", "sure"])
        try train(model, epochs: 2)
        try train(loaded, epochs: 2)
        #expect(loaded.parameters.map(\.values.bits) == model.parameters.map(\.values.bits))
        #expect(loaded.stepCount == model.stepCount)
        #expect(try loaded.predictor().predict(x).bits == model.predict(x).bits)
    }

    @Test("A type that is not named is an error that says which, and what to do", arguments: 0..<5)
    func unnamed(_ which: Int) throws {
        try trained().save(to: path)
        var types = Self.types
        switch which {
        case 0: types.layers = []
        case 1: types.initializers = []
        case 2: types.losses = []
        case 3: types.metrics = []
        default: types.optimizers = []
        }
        let expected = [
            ("layer", "Scale", "Conv2D"), ("initializer", "Staircase", "VarianceScaling"),
            ("loss", "Brier", "SparseCategoricalCrossentropy"), ("metric", "Confidence", "AutomaticAccuracy"),
            ("optimizer", "SignMomentum", "Adam"),
        ][which]
        let error = try #require(throws: ConvNetError.self) { try Model.load(from: path, customTypes: types) }
        #expect(error.kind == .format)
        #expect(error.summary == "Unknown \(expected.0) \"\(expected.1)\"")
        #expect(
            error.location?.hasPrefix("\(path), metadata \"\(which < 2 ? "architecture" : "compilation")\", ")
                == true
        )
        #expect(error.expected?.contains(expected.2) == true)
        #expect(error.remedy?.contains("customTypes") == true)
        #expect(error.remedy?.contains("\(expected.1).self") == true)
    }
}
