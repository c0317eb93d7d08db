import Foundation
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
    /// What the layer learns of before; the layer's own numbers are `variables`, if there are no such data.
    let adapted: GoldenTensor?
    /// How far Keras itself is from these numbers when it computes in float32, by the names of `Comparison`s.
    let float32_errors: [String: Double]?

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

    /// The layer that the arguments describe; an argument that is not known, or is of another type, is an error.
    func makeLayer() throws -> any Layer {
        for family in Self.families {
            var arguments = Arguments(config)
            guard let made = try family(layer, &arguments) else { continue }
            guard arguments.rest.isEmpty, arguments.misfits.isEmpty else {
                throw ConvNetError(
                    .argument,
                    "Arguments that this test does not know",
                    received: "\(layer), \(arguments.rest), \(arguments.misfits)"
                )
            }
            return try adaptedLayer(made)
        }
        throw ConvNetError(
            .argument,
            "A layer that this test does not know",
            received: "\(layer), \(config)"
        )
    }

    /// The layer after it has learned of the data, if there are any.
    private func adaptedLayer(_ layer: any Layer) throws -> any Layer {
        guard let data = try adapted?.tensor() else { return layer }
        switch layer {
        case var layer as Normalization:
            try layer.adapt(data)
            return layer
        case var layer as Discretization:
            try layer.adapt(data)
            return layer
        default: throw ConvNetError(.argument, "A layer that does not adapt", received: self.layer)
        }
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
        /// Arguments that are there, and are not of the type that they were taken as.
        private(set) var misfits: [String] = []

        init(_ config: [String: Golden.Argument]) { rest = config }

        /// The argument's value; `nil` if it is not there, or cannot be converted, which is noted.
        mutating func take<Value>(_ name: String, _ convert: (Golden.Argument) -> Value?) -> Value? {
            guard let argument = rest.removeValue(forKey: name) else { return nil }
            let value = convert(argument)
            if value == nil { misfits.append(name) }
            return value
        }

        mutating func integer(_ name: String) -> Int? { take(name, \.integer) }
        mutating func number(_ name: String) -> Float? { take(name, \.number).map { Float($0) } }
        mutating func flag(_ name: String) -> Bool? { take(name, \.flag) }
        mutating func text(_ name: String) -> String? { take(name, \.text) }
        mutating func size(_ name: String) -> Size2D? { take(name, \.size) }
        mutating func volume(_ name: String) -> Size3D? { take(name) { Size3D($0) } }

        /// Whole numbers; a single one is its own list, and nothing is an empty one.
        mutating func integers(_ name: String) -> [Int]? {
            take(name) {
                if case .null = $0 { return [] }
                return Self.all($0, \.integer)
            }
        }

        /// Whole numbers, or nothing where Keras has `None`.
        mutating func sizes(_ name: String) -> [Int?]? {
            take(name) {
                Self.all($0) { argument -> Int?? in
                    if case .null = argument { return .some(nil) }
                    return argument.integer.map { .some($0) }
                }
            }
        }

        /// Numbers; a single one is its own list.
        mutating func numbers(_ name: String) -> [Float]? {
            take(name) { Self.all($0) { $0.number.map { Float($0) } } }
        }

        /// Two numbers for each axis. One stands for both, and a single one for all axes.
        mutating func sides(_ name: String, axes: Int) -> [(Int, Int)]? {
            take(name) { argument in
                if let both = argument.integer { return Array(repeating: (both, both), count: axes) }
                if axes == 1, let pair = Self.pair(argument) { return [pair] }
                guard argument.list.count == axes else { return nil }
                return Self.all(argument, Self.pair)
            }
        }

        private static func pair(_ argument: Golden.Argument) -> (Int, Int)? {
            guard let numbers = all(argument, \.integer), let first = numbers.first, let last = numbers.last,
                numbers.count <= 2
            else { return nil }
            return (first, last)
        }

        private static func all<Value>(
            _ argument: Golden.Argument,
            _ convert: (Golden.Argument) -> Value?
        ) -> [Value]? {
            let values = argument.list.map(convert)
            return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
        }

        /// `valid` unless Keras' argument says otherwise.
        mutating func padding() -> Padding {
            take("padding") { ["same": Padding.same, "valid": .valid][$0.text ?? ""] } ?? .valid
        }

        /// `valid` unless Keras' argument says otherwise.
        mutating func sequencePadding() -> Conv1D.Padding {
            take("padding") { $0.text.flatMap { Conv1D.Padding(rawValue: $0) } } ?? .valid
        }

        mutating func activation() throws -> ActivationFunction {
            guard let name = text("activation") else { return .linear }
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

extension LayerGolden {
    /// Numbers of this library beside those of Keras.
    struct Comparison {
        enum Role { case outputs, inputGradient, parameterGradient, state }

        let role: Role
        let what: String
        let found: Tensor
        let expected: ReferenceTensor
    }

    /// Layers that compute something else in use than while they train.
    private static let differInUse: Set<String> = [
        "BatchNormalization", "SpectralNormalization", "GaussianNoise", "GaussianDropout", "AlphaDropout",
    ]

    /// Runs the layer, and returns all that there is to compare.
    func comparisons() throws -> [Comparison] {
        let shapes = inputs.map { Shape(Array($0.shape.dropFirst())) }
        let model = try singleLayerModel(makeLayer(), inputs: shapes)
        let entries = model.store.entries
        #expect(entries.map(\.spec.name).sorted() == variables.keys.sorted())
        if adapted == nil {
            for entry in entries {
                let value = try #require(variables[entry.spec.name]).tensor()
                try TestValues.setParameter(entry.name, of: model, to: value)
            }
        }
        let x = try samples()
        guard !input_gradients.isEmpty, training || !Self.differInUse.contains(layer) else {
            // In use there is no backward pass, and for some layers nowhere.
            return [
                Comparison(
                    role: .outputs,
                    what: "outputs",
                    found: try model.predict(x),
                    expected: outputs.reference
                )
            ]
        }
        let pass = try TrainingPass(model, x, upstream: upstream.tensor())
        var found = [
            Comparison(role: .outputs, what: "outputs", found: pass.outputs, expected: outputs.reference)
        ]
        let gradients = splitInputs(ReferenceTensor(pass.sampleGradient), shapes)
        #expect(gradients.count == input_gradients.count)
        for (place, pair) in zip(gradients, input_gradients).enumerated() {
            found.append(
                Comparison(
                    role: .inputGradient,
                    what: "gradient of input \(place)",
                    found: try Tensor(pair.0.elements.map { Float($0) }, shape: Shape(pair.0.shape)),
                    expected: pair.1.reference
                )
            )
        }
        #expect(pass.parameterGradients.count == variable_gradients.count)
        for entry in entries {
            if let expected = variable_gradients[entry.spec.name] {
                found.append(
                    Comparison(
                        role: .parameterGradient,
                        what: "gradient of \(entry.spec.name)",
                        found: try #require(pass.parameterGradients[entry.name]),
                        expected: expected.reference
                    )
                )
            }
            if let expected = updated[entry.spec.name] {
                found.append(
                    Comparison(
                        role: .state,
                        what: entry.spec.name,
                        found: try #require(pass.states[entry.name]),
                        expected: expected.reference
                    )
                )
            }
        }
        return found
    }
}

@Suite("Layers: the same as Keras")
struct LayerGoldenTests {
    @Test func casesAreThere() {
        #expect(LayerGolden.all.count >= 170)
        #expect(Set(LayerGolden.all.map(\.layer)).count >= 32)
    }

    @Test(arguments: LayerGolden.all)
    func layer(_ golden: LayerGolden) throws {
        try Deviations.record("layers", golden.layer) {
            for comparison in try golden.comparisons() {
                // A normalised gradient is a difference of numbers of the size of 1 / deviation, which rounding is measured by.
                let isDifference =
                    comparison.role == .inputGradient && golden.layer.hasSuffix("Normalization")
                expectClose(
                    comparison.found,
                    comparison.expected,
                    // Keras' file is exact; what is left is this engine's rounding, as in `GradientCheck`.
                    tolerance: comparison.role == .state ? 1e-6 : 1e-5,
                    floor: isDifference ? 1 : 1e-2,
                    comparison.what
                )
            }
        }
    }

    @Test("an argument that no layer takes is an error, and one of another type, too")
    func unknownArguments() throws {
        for config in [#"{"units":2,"unit":3}"#, #"{"units":"2"}"#, #"{"units":2,"activation":"unknown"}"#] {
            let golden = try JSONDecoder().decode(
                LayerGolden.self,
                from: Data(
                    """
                    {"name": "", "layer": "Dense", "config": \(config), "training": false, "inputs": [], "variables": {},
                    "upstream": {"shape": [], "values": []}, "outputs": {"shape": [], "values": []}, "input_gradients": [],
                    "variable_gradients": {}, "updated": {}}
                    """.utf8
                )
            )
            #expect(throws: ConvNetError.self) { try golden.makeLayer() }
        }
    }
}

extension Size3D {
    /// Depth, height and width; a single number stands for all.
    fileprivate init?(_ argument: Golden.Argument) {
        let numbers = argument.list.compactMap(\.integer)
        guard let first = numbers.first, let last = numbers.last, numbers.count == argument.list.count,
            numbers.count == 1 || numbers.count == 3
        else { return nil }
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
