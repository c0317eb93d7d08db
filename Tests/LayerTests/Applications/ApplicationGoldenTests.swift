import SwiftConvNet
import TestSupport
import Testing

/// `applications.json` and `applications_torchvision.json`.
struct ApplicationGoldens: Decodable {
    /// A network as its function makes it without arguments.
    struct Network: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let input_shape: [Int]?
        let parameter_count: Int
        let trainable_count: Int
        let weight_count: Int
        /// The hash of names and shapes.
        let weights: String

        var testDescription: String { name }
    }

    let networks: [Network]

    static func networks(_ file: String) -> [Network] {
        // A file that cannot be read leaves no cases, and `casesAreThere` says so.
        (try? Golden.read(file, as: ApplicationGoldens.self))?.networks ?? []
    }
}

/// The outputs of a network with weights by formula.
struct KerasOutput: Decodable, Sendable, CustomTestStringConvertible {
    struct File: Decodable { let outputs: [KerasOutput] }

    let name: String
    let arguments: [String: Golden.Argument]
    let scale: Double
    let gain: Double
    let step: Int
    let outputs: GoldenTensor

    var testDescription: String { name }

    static let all = (try? Golden.read("applications", as: File.self))?.outputs ?? []

    var shape: [Int] { (arguments["input_shape"]?.list ?? []).compactMap(\.integer) }

    func model() throws -> Model {
        let shape = Shape(shape)
        let top = arguments["include_top"]?.flag ?? true
        let pooling: Applications.Pooling? =
            switch arguments["pooling"]?.text {
            case "avg": .average
            case "max": .max
            default: nil
            }
        let alpha = arguments["alpha"]?.number ?? 1
        func number(_ name: String) throws -> Int { try #require(arguments[name]?.integer) }
        return switch name {
        case "leNet5": try Applications.leNet5(inputShape: shape, classifierActivation: .linear)
        case "vgg16": try Applications.vgg16(inputShape: shape, includeTop: top, pooling: pooling)
        case "vgg19": try Applications.vgg19(inputShape: shape, includeTop: top, pooling: pooling)
        case "resNet101": try Applications.resNet101(inputShape: shape, includeTop: top, pooling: pooling)
        case "resNet50":
            try Applications.resNet50(inputShape: shape, classes: 10, classifierActivation: .linear)
        case "mobileNet":
            try Applications.mobileNet(
                inputShape: shape,
                alpha: alpha,
                depthMultiplier: number("depth_multiplier"),
                classes: 10,
                classifierActivation: .linear
            )
        case "mobileNetV2":
            try Applications.mobileNetV2(
                inputShape: shape,
                alpha: alpha,
                classes: 10,
                classifierActivation: .linear
            )
        case "mobileNetV3Small":
            try Applications.mobileNetV3Small(inputShape: shape, classes: 10, classifierActivation: .linear)
        case "mobileNetV3Large":
            try Applications.mobileNetV3Large(
                inputShape: shape,
                alpha: alpha,
                minimalistic: arguments["minimalistic"]?.flag ?? false,
                classes: 10,
                classifierActivation: .linear
            )
        case "efficientNetB0":
            try Applications.efficientNetB0(inputShape: shape, classes: 10, classifierActivation: .linear)
        case "efficientNetB1":
            try Applications.efficientNetB1(inputShape: shape, includeTop: top, pooling: pooling)
        case "efficientNetB2":
            try Applications.efficientNetB2(inputShape: shape, classes: 10, classifierActivation: .linear)
        case "efficientNetB3":
            try Applications.efficientNetB3(inputShape: shape, includeTop: top, pooling: pooling)
        case "denseNet121":
            try Applications.denseNet121(inputShape: shape, classes: 10, classifierActivation: .linear)
        case "inceptionV3":
            try Applications.inceptionV3(inputShape: shape, includeTop: top, pooling: pooling)
        case "xception":
            try Applications.xception(inputShape: shape, classes: 10, classifierActivation: .linear)
        case "convNeXtTiny":
            try Applications.convNeXtTiny(inputShape: shape, classes: 10, classifierActivation: .linear)
        case "uNet":
            try Applications.uNet(
                inputShape: shape,
                filters: number("filters"),
                classes: 10,
                classifierActivation: .linear
            )
        case "visionTransformer":
            try Applications.visionTransformer(
                inputShape: shape,
                patchSize: number("patch_size"),
                width: number("width"),
                depth: number("depth"),
                classes: 10,
                classifierActivation: .linear
            )
        default: throw ConvNetError(.argument, "A network that this test does not know", received: name)
        }
    }
}

/// The outputs of torchvision's form of a network with weights by formula.
struct TorchvisionOutput: Decodable, Sendable, CustomTestStringConvertible {
    struct File: Decodable { let outputs: [TorchvisionOutput] }

    let name: String
    let input_shape: [Int]
    let gain: Double
    let outputs: GoldenTensor

    var testDescription: String { name }

    static let all = (try? Golden.read("applications_torchvision", as: File.self))?.outputs ?? []

    func model() throws -> Model {
        let shape = Shape(input_shape)
        return switch name {
        case "resNet18":
            try Applications.resNet18(inputShape: shape, classes: 10, classifierActivation: .linear)
        case "resNet50":
            try Applications.resNet50(
                inputShape: shape,
                classes: 10,
                classifierActivation: .linear,
                variant: .torchvision
            )
        case "mobileNetV2":
            try Applications.mobileNetV2(
                inputShape: shape,
                classes: 10,
                classifierActivation: .linear,
                variant: .torchvision
            )
        case "denseNet121":
            try Applications.denseNet121(
                inputShape: shape,
                classes: 10,
                classifierActivation: .linear,
                variant: .torchvision
            )
        case "squeezeNet":
            try Applications.squeezeNet(inputShape: shape, classes: 10, classifierActivation: .linear)
        case "shuffleNetV2":
            try Applications.shuffleNetV2(inputShape: shape, classes: 10, classifierActivation: .linear)
        default: throw ConvNetError(.argument, "A network that this test does not know", received: name)
        }
    }
}

/// One after the other: the largest have hundreds of megabytes of weights.
@Suite("Applications against Keras and torchvision", .serialized)
struct ApplicationGoldenTests {
    /// Predictions may differ by this share of the largest: float32 sums in another order, through up to a hundred layers.
    private static let tolerance: Float = 1e-4

    @Test func casesAreThere() {
        #expect(ApplicationGoldens.networks("applications").count == Self.keras.count)
        #expect(ApplicationGoldens.networks("applications_torchvision").count == Self.torchvision.count)
        #expect(KerasOutput.all.count == 19 && TorchvisionOutput.all.count == 6)
    }

    private static let keras: [String: @Sendable () throws -> Model] = [
        "leNet5": { try Applications.leNet5() },
        "vgg16": { try Applications.vgg16() },
        "vgg19": { try Applications.vgg19() },
        "resNet50": { try Applications.resNet50() },
        "resNet101": { try Applications.resNet101() },
        "mobileNet": { try Applications.mobileNet() },
        "mobileNetV2": { try Applications.mobileNetV2() },
        "mobileNetV3Small": { try Applications.mobileNetV3Small() },
        "mobileNetV3Large": { try Applications.mobileNetV3Large() },
        "efficientNetB0": { try Applications.efficientNetB0() },
        "efficientNetB1": { try Applications.efficientNetB1() },
        "efficientNetB2": { try Applications.efficientNetB2() },
        "efficientNetB3": { try Applications.efficientNetB3() },
        "denseNet121": { try Applications.denseNet121() },
        "inceptionV3": { try Applications.inceptionV3() },
        "xception": { try Applications.xception() },
        "convNeXtTiny": { try Applications.convNeXtTiny() },
        "uNet": { try Applications.uNet() },
        "visionTransformer": { try Applications.visionTransformer() },
    ]

    private static let torchvision: [String: @Sendable () throws -> Model] = [
        "resNet18": { try Applications.resNet18() },
        "resNet34": { try Applications.resNet34() },
        "resNet50": { try Applications.resNet50(variant: .torchvision) },
        "resNet101": { try Applications.resNet101(variant: .torchvision) },
        "mobileNetV2": { try Applications.mobileNetV2(variant: .torchvision) },
        "denseNet121": { try Applications.denseNet121(variant: .torchvision) },
        "squeezeNet": { try Applications.squeezeNet() },
        "shuffleNetV2": { try Applications.shuffleNetV2() },
        "vgg16": { try Applications.vgg16(variant: .torchvision) },
        "vgg19": { try Applications.vgg19(variant: .torchvision) },
    ]

    private func check(_ model: Model, against network: ApplicationGoldens.Network) {
        if let shape = network.input_shape { #expect(model.inputShape == Shape(shape)) }
        #expect(model.parameterCount == network.parameter_count)
        #expect(model.trainableParameterCount == network.trainable_count)
        #expect(model.store.entries.count == network.weight_count)
        #expect(ApplicationWeights.digest(of: model) == network.weights)
    }

    @Test(
        "Parameters have Keras' names, shapes and number",
        arguments: ApplicationGoldens.networks("applications")
    )
    func kerasParameters(_ network: ApplicationGoldens.Network) throws {
        let make = try #require(Self.keras[network.name])
        check(try make(), against: network)
    }

    @Test(
        "Parameters have torchvision's names, shapes and number",
        arguments: ApplicationGoldens.networks("applications_torchvision")
    )
    func torchvisionParameters(_ network: ApplicationGoldens.Network) throws {
        let make = try #require(Self.torchvision[network.name])
        check(try make(), against: network)
    }

    @Test("The same weights give Keras' outputs", arguments: KerasOutput.all)
    func kerasOutputs(_ output: KerasOutput) throws {
        try Deviations.record("applications", output.name) { try compare(output) }
    }

    private func compare(_ output: KerasOutput) throws {
        let model = try output.model()
        try ApplicationWeights.set(model, gain: output.gain)
        let found = try model.predict(ApplicationWeights.images(output.shape, scale: output.scale)).elements
        let some = stride(from: 0, to: found.count, by: output.step).map { found[$0] }
        #expect(relativeDifference(some, output.outputs.values) < Self.tolerance)
    }

    @Test("The same weights give torchvision's outputs", arguments: TorchvisionOutput.all)
    func torchvisionOutputs(_ output: TorchvisionOutput) throws {
        let model = try output.model()
        try ApplicationWeights.set(model, gain: output.gain)
        let found = try model.predict(ApplicationWeights.images(output.input_shape)).elements
        #expect(relativeDifference(found, output.outputs.values) < Self.tolerance)
    }
}
