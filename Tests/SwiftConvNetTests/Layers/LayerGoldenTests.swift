import SwiftConvNet
import TestSupport
import Testing

/// One layer with its inputs and what Keras made of them.
struct LayerGolden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let layer: String
    let config: [String: Golden.Argument]
    let training: Bool
    let inputs: [GoldenTensor]
    let variables: [String: GoldenTensor]
    let upstream: GoldenTensor
    let outputs: GoldenTensor
    let input_gradients: [GoldenTensor]
    let variable_gradients: [String: GoldenTensor]
    let updated: [String: GoldenTensor]

    var testDescription: String { "\(layer), \(name)" }

    /// The files of cases, each written by the script of its name.
    static let files = [
        "layers", "reshaping", "depthwise", "resizing", "preprocessing", "normalization", "operators",
    ]

    static let all: [LayerGolden] = {
        struct File: Decodable { let cases: [LayerGolden] }
        // A file that cannot be read leaves no cases, and `casesAreThere` says so.
        return files.flatMap { (try? Golden.read($0, as: File.self))?.cases ?? [] }
    }()

    /// The layer that the arguments describe; an argument that is not known is an error.
    func makeLayer() throws -> any Layer {
        for family in Self.families {
            var arguments = Arguments(config)
            guard let made = try family(layer, &arguments) else { continue }
            guard arguments.rest.isEmpty else { break }
            return made
        }
        throw ConvNetError(
            .argument,
            "A layer that this test does not know",
            received: "\(layer), \(config)"
        )
    }

    /// Makes a layer of Keras' class name from Keras' arguments; `nil` for a class of another family.
    typealias Family = @Sendable (_ name: String, _ arguments: inout Arguments) throws -> (any Layer)?

    /// The families of layers, each in a file of its own.
    static let families: [Family] = [
        windowLayer, basicLayer, movingLayer, preprocessingLayer, normalizationLayer, activationLayer,
        operatorLayer,
    ]

    /// Keras' arguments of a layer, each to be taken once.
    struct Arguments {
        private(set) var rest: [String: Golden.Argument]

        init(_ config: [String: Golden.Argument]) { rest = config }

        mutating func take(_ name: String) -> Golden.Argument? { rest.removeValue(forKey: name) }
        mutating func integer(_ name: String) -> Int? { take(name)?.integer }
        mutating func number(_ name: String) -> Float? { take(name)?.number.map { Float($0) } }
        mutating func flag(_ name: String) -> Bool? { take(name)?.flag }
        mutating func size(_ name: String) -> Size2D? { take(name)?.size }
        mutating func volume(_ name: String) -> Size3D? { take(name).flatMap { Size3D($0) } }
        mutating func integers(_ name: String) -> [Int]? { take(name)?.list.compactMap(\.integer) }

        /// `valid` unless Keras' argument says otherwise.
        mutating func padding() -> Padding { take("padding")?.text == "same" ? .same : .valid }

        mutating func activation() throws -> ActivationFunction {
            guard let name = take("activation")?.text else { return .linear }
            guard let function = ActivationFunction(keras: name) else {
                throw ConvNetError(.argument, "An unknown activation", received: name)
            }
            return function
        }
    }

    /// The samples: the inputs of each, one after the other.
    func samples() throws -> Tensor {
        guard inputs.count > 1 else { return try inputs[0].tensor() }
        let batch = inputs[0].shape[0]
        let elements = (0..<batch).flatMap { sample in
            inputs.flatMap { input in
                let stride = input.values.count / batch
                return input.values[(sample * stride)..<((sample + 1) * stride)]
            }
        }
        return try Tensor(elements, shape: [batch, elements.count / batch])
    }
}

@Suite("Layers: the same as Keras")
struct LayerGoldenTests {
    @Test func casesAreThere() {
        #expect(LayerGolden.all.count >= 170)
        #expect(Set(LayerGolden.all.map(\.layer)).count >= 32)
    }

    /// Layers that compute something else in use than while they train.
    private static let differInUse: Set<String> = [
        "BatchNormalization", "SpectralNormalization", "GaussianNoise", "GaussianDropout", "AlphaDropout",
    ]

    @Test(arguments: LayerGolden.all)
    func layer(_ golden: LayerGolden) throws {
        try Deviations.record("layers", golden.layer) { try compare(golden) }
    }

    private func compare(_ golden: LayerGolden) throws {
        let shapes = golden.inputs.map { Shape(Array($0.shape.dropFirst())) }
        let model = try singleLayerModel(golden.makeLayer(), inputs: shapes)
        let entries = model.store.entries
        #expect(entries.map(\.spec.name).sorted() == golden.variables.keys.sorted())
        for entry in entries {
            try TestValues.setParameter(
                entry.name,
                of: model,
                to: #require(golden.variables[entry.spec.name]).tensor()
            )
        }
        let x = try golden.samples()
        // Keras' file is exact; what is left is this engine's rounding, as in `GradientCheck`.
        let tolerance = 1e-5
        let hasGradients = !golden.input_gradients.isEmpty
        guard hasGradients, golden.training || !Self.differInUse.contains(golden.layer) else {
            // In use there is no backward pass, and for some layers nowhere.
            return expectClose(
                try model.predict(x),
                golden.outputs.reference,
                tolerance: tolerance,
                "outputs"
            )
        }
        let pass = try TrainingPass(model, x, upstream: golden.upstream.tensor())
        expectClose(pass.outputs, golden.outputs.reference, tolerance: tolerance, "outputs")
        let gradients = splitInputs(ReferenceTensor(pass.sampleGradient), shapes)
        #expect(gradients.count == golden.input_gradients.count)
        // A normalised gradient is a difference of numbers of the size of 1 / deviation, which rounding is measured by.
        let floor = golden.layer.hasSuffix("Normalization") ? 1.0 : 1e-2
        for (place, pair) in zip(gradients, golden.input_gradients).enumerated() {
            let found = try Tensor(pair.0.elements.map { Float($0) }, shape: Shape(pair.0.shape))
            expectClose(
                found,
                pair.1.reference,
                tolerance: tolerance,
                floor: floor,
                "gradient of input \(place)"
            )
        }
        #expect(pass.parameterGradients.count == golden.variable_gradients.count)
        for entry in entries {
            if let expected = golden.variable_gradients[entry.spec.name] {
                let found = try #require(pass.parameterGradients[entry.name])
                expectClose(found, expected.reference, tolerance: tolerance, "gradient of \(entry.name)")
            }
            if let expected = golden.updated[entry.spec.name] {
                expectClose(
                    try #require(pass.states[entry.name]),
                    expected.reference,
                    tolerance: 1e-6,
                    entry.name
                )
            }
        }
    }
}

extension Size3D {
    /// Depth, height and width; a single number stands for all.
    fileprivate init?(_ argument: Golden.Argument) {
        let numbers = argument.list.compactMap(\.integer)
        guard let first = numbers.first, let last = numbers.last else { return nil }
        self.init(first, numbers.count == 3 ? numbers[1] : first, last)
    }
}

/// One activation function with its values and derivatives, from Keras.
struct ActivationGolden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let inputs: GoldenTensor
    let upstream: GoldenTensor
    let outputs: GoldenTensor
    let gradient: GoldenTensor

    var testDescription: String { name }

    static let all: [ActivationGolden] = {
        struct File: Decodable { let cases: [ActivationGolden] }
        return ["activations", "further_activations"].flatMap {
            (try? Golden.read($0, as: File.self))?.cases ?? []
        }
    }()

    var function: ActivationFunction? {
        switch name {
        case "leaky_relu_0.2": .leakyReLU()
        case "leaky_relu_0.3": .leakyReLU(negativeSlope: 0.3)
        case "gelu_approximate": .gelu(approximate: true)
        case "relu_max_6": .relu(maxValue: 6)
        case "relu_slope_0.25_max_2.4_threshold_0.4":
            .relu(negativeSlope: 0.25, maxValue: 2.4, threshold: 0.4)
        case "celu_0.5": .celu(alpha: 0.5)
        case "squareplus_0.5": .squareplus(b: 0.5)
        case "soft_shrink_1.2": .softShrink(threshold: 1.2)
        case "hard_shrink_1.2": .hardShrink(threshold: 1.2)
        case "threshold_1_-2": .threshold(threshold: 1, defaultValue: -2)
        default: ActivationFunction(keras: name.replacing(/_paper|_extreme|_rank_4/, with: ""))
        }
    }
}

@Suite("Activation functions: the same as Keras")
struct ActivationGoldenTests {
    @Test func casesAreThere() { #expect(ActivationGolden.all.count >= 46) }

    @Test(arguments: ActivationGolden.all)
    func activation(_ golden: ActivationGolden) throws {
        try Deviations.record("activations", golden.name) { try compare(golden) }
    }

    private func compare(_ golden: ActivationGolden) throws {
        let function = try #require(golden.function)
        // One axis: every number is a sample of its own.
        func batched(_ shape: [Int]) -> Shape { Shape(shape.count == 1 ? shape + [1] : shape) }
        let shape = batched(golden.inputs.shape)
        let model = try singleLayerModel(Activation(function), inputs: [Shape(Array(shape.dropFirst()))])
        let pass = try TrainingPass(
            model,
            Tensor(golden.inputs.values, shape: shape),
            upstream: Tensor(golden.upstream.values, shape: batched(golden.upstream.shape))
        )
        // Each number for itself, as far as CKernels promises (functions.h): a few last bits of each, and 2.2e-7
        // where the error function is part of it.
        let isOfRows = [.logSoftmax, .glu, .sparsemax].contains(function)
        let largest = golden.inputs.values.map(abs).max() ?? 0
        func expectAll(_ actual: Tensor, _ expected: GoldenTensor, _ what: String) {
            _ = relativeDifference(actual.elements, expected.values)
            for (place, pair) in zip(actual.elements, expected.values).enumerated() {
                // What a sum over a row or its distance from the largest is part of has the rounding of the row's numbers.
                let size = isOfRows ? max(abs(pair.1), largest) : abs(pair.1)
                let isNear = abs(pair.0 - pair.1) <= 2e-6 * size + 5e-7
                #expect(isNear, "\(what) \(place) is \(pair.0), expected \(pair.1)")
            }
        }
        expectAll(pass.outputs, golden.outputs, "value")
        expectAll(pass.sampleGradient, golden.gradient, "derivative")
    }
}
