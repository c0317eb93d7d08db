import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Applications", .serialized)
struct ApplicationTests {
    /// A network that is to be trained, on images as small as it allows.
    struct Network: Sendable, CustomTestStringConvertible {
        let name: String
        let make: @Sendable () throws -> Model

        init(_ name: String, _ make: @escaping @Sendable () throws -> Model) {
            self.name = name
            self.make = make
        }

        var testDescription: String { name }
    }

    private static let tiny: Shape = [32, 32, 3]

    static let small: [Network] = [
        Network("leNet5") { try Applications.leNet5() },
        Network("resNet18") { try Applications.resNet18(inputShape: tiny, classes: 10) },
        Network("mobileNet") { try Applications.mobileNet(inputShape: tiny, alpha: 0.25, classes: 10) },
        Network("mobileNetV2") { try Applications.mobileNetV2(inputShape: tiny, alpha: 0.35, classes: 10) },
        Network("mobileNetV2, torchvision") {
            try Applications.mobileNetV2(inputShape: tiny, alpha: 0.35, classes: 10, variant: .torchvision)
        },
        Network("mobileNetV3Small") { try Applications.mobileNetV3Small(inputShape: tiny, classes: 10) },
        Network("efficientNetB0") { try Applications.efficientNetB0(inputShape: tiny, classes: 10) },
        Network("squeezeNet") { try Applications.squeezeNet(inputShape: tiny, classes: 10) },
        Network("shuffleNetV2") {
            try Applications.shuffleNetV2(inputShape: tiny, width: .x0_5, classes: 10)
        },
        Network("visionTransformer") {
            try Applications.visionTransformer(
                inputShape: tiny,
                patchSize: 8,
                width: 24,
                depth: 2,
                classes: 10
            )
        },
    ]

    static let large: [Network] = [
        Network("vgg16") { try Applications.vgg16(inputShape: tiny, classes: 10) },
        Network("vgg16, torchvision") {
            try Applications.vgg16(inputShape: tiny, classes: 10, variant: .torchvision)
        },
        Network("vgg19") { try Applications.vgg19(inputShape: tiny, classes: 10) },
        Network("vgg19, torchvision") {
            try Applications.vgg19(inputShape: tiny, classes: 10, variant: .torchvision)
        },
        Network("resNet34") { try Applications.resNet34(inputShape: tiny, classes: 10) },
        Network("resNet50") { try Applications.resNet50(inputShape: tiny, classes: 10) },
        Network("resNet50, torchvision") {
            try Applications.resNet50(inputShape: tiny, classes: 10, variant: .torchvision)
        },
        Network("resNet101") { try Applications.resNet101(inputShape: tiny, classes: 10) },
        Network("resNet101, torchvision") {
            try Applications.resNet101(inputShape: tiny, classes: 10, variant: .torchvision)
        },
        Network("mobileNetV3Large") { try Applications.mobileNetV3Large(inputShape: tiny, classes: 10) },
        Network("efficientNetB1") { try Applications.efficientNetB1(inputShape: tiny, classes: 10) },
        Network("efficientNetB2") { try Applications.efficientNetB2(inputShape: tiny, classes: 10) },
        Network("efficientNetB3") { try Applications.efficientNetB3(inputShape: tiny, classes: 10) },
        Network("denseNet121") { try Applications.denseNet121(inputShape: tiny, classes: 10) },
        Network("denseNet121, torchvision") {
            try Applications.denseNet121(inputShape: tiny, classes: 10, variant: .torchvision)
        },
        Network("inceptionV3") { try Applications.inceptionV3(inputShape: [75, 75, 3], classes: 10) },
        Network("xception") { try Applications.xception(inputShape: [71, 71, 3], classes: 10) },
        Network("convNeXtTiny") { try Applications.convNeXtTiny(inputShape: tiny, classes: 10) },
    ]

    private func train(_ network: Network) throws {
        let model = try network.make()
        #expect(model.outputShape == [10])
        try model.compile(optimizer: .sgd(learningRate: 1e-3), loss: .sparseCategoricalCrossentropy())
        let x = try TestValues.uniform(model.inputShape.batched(4), seed: 1)
        // The first that learns: a network may begin with statistics of its data.
        let first = try #require(model.store.entries.first { $0.spec.isTrainable }).name
        let before = try model.parameter(named: first)
        let loss = try #require(try model.trainOnBatch(x, Labels([0, 3, 9, 5])).loss)
        #expect(loss.isFinite && loss > 0)
        #expect(try model.parameter(named: first) != before)
        for entry in model.store.entries {
            let isFinite = entry.parameter.values.allSatisfy { $0.isFinite }
            #expect(isFinite, "\(entry.name)")
        }
        let predictions = try model.predict(x).elements
        #expect(predictions.allSatisfy { $0.isFinite })
    }

    @Test("Each trains one step and stays finite: the small ones", arguments: small)
    func smallOnesTrain(_ network: Network) throws { try train(network) }

    @Test(
        "Each trains one step and stays finite: the large ones",
        .enabled(if: ProcessInfo.processInfo.environment["SWIFTCONVNET_APPLICATIONS"] != nil),
        arguments: large
    )
    func largeOnesTrain(_ network: Network) throws { try train(network) }

    @Test func uNetTrainsOnPixels() throws {
        let model = try Applications.uNet(inputShape: [32, 16, 1], filters: 4, classes: 3)
        #expect(model.outputShape == [32, 16, 3])
        try model.compile(optimizer: .sgd(learningRate: 0.01), loss: .categoricalCrossentropy())
        let x = try TestValues.uniform([2, 32, 16, 1], seed: 1)
        let y = try Tensor(shape: [2, 32, 16, 3]) { index in index[3] == index[1] % 3 ? 1 : 0 }
        let first = try #require(try model.trainOnBatch(x, y).loss)
        let second = try #require(try model.trainOnBatch(x, y).loss)
        #expect(first.isFinite && second < first)
    }

    @Test(
        "Without the top they end with features, maps or vectors",
        arguments: [nil, .average, .max] as [Applications.Pooling?]
    )
    func features(_ pooling: Applications.Pooling?) throws {
        let image = try Applications.mobileNetV2(
            inputShape: [64, 32, 3],
            alpha: 0.35,
            includeTop: false,
            pooling: pooling
        )
        #expect(image.outputShape == (pooling == nil ? [2, 1, 1280] : [1280]))
        let sequence = try Applications.visionTransformer(
            inputShape: [64, 32, 3],
            width: 24,
            depth: 1,
            includeTop: false,
            pooling: pooling
        )
        #expect(sequence.outputShape == (pooling == nil ? [8, 24] : [24]))
        let small = try Applications.leNet5(includeTop: false, pooling: pooling)
        #expect(small.outputShape == (pooling == nil ? [5, 5, 16] : [16]))
    }

    @Test("A frozen base keeps its weights while the new top learns")
    func transferLearning() throws {
        let base = try Applications.mobileNet(
            inputShape: Self.tiny,
            alpha: 0.25,
            includeTop: false,
            pooling: .average,
            name: "base"
        )
        base.isTrainable = false
        let output = Dense(units: 3, activation: .softmax, name: "top")(base.output)
        let model = try Model(inputs: base.input, outputs: output)
        #expect(model.trainableParameterCount == 256 * 3 + 3)
        try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .sparseCategoricalCrossentropy())
        let before = base.parameters
        try model.trainOnBatch(TestValues.uniform([4, 32, 32, 3], seed: 1), Labels([0, 1, 2, 0]))
        for (old, new) in zip(before, base.parameters) { #expect(old.values == new.values, "\(new.name)") }
    }

    @Test("The architecture goes through JSON, with nested names and layers of its own")
    func json() throws {
        let models = [
            try Applications.convNeXtTiny(inputShape: Self.tiny, classes: 2),
            try Applications.visionTransformer(inputShape: Self.tiny, width: 12, depth: 1, classes: 2),
        ]
        for model in models {
            let copy = try Model.fromJSON(model.toJSON())
            #expect(copy.store.entries.map(\.name) == model.store.entries.map(\.name))
            #expect(try copy.toJSON() == model.toJSON())
        }
    }

    @Test("Names are Keras', and an argument changes them")
    func names() throws {
        #expect(try Applications.mobileNet(inputShape: Self.tiny, alpha: 0.25).name == "mobilenet_0.25_32")
        #expect(try Applications.mobileNetV2(inputShape: Self.tiny).name == "mobilenetv2_1.00_32")
        #expect(try Applications.leNet5(name: "digits").name == "digits")
        let tiny = try Applications.convNeXtTiny(inputShape: Self.tiny, classes: 2, name: "c")
        #expect(tiny.store.entries[0].name == "c_stem/c_stem_conv/kernel")
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let message: String
        let make: @Sendable () throws -> Model

        init(_ message: String, _ make: @escaping @Sendable () throws -> Model) {
            self.message = message
            self.make = make
        }

        var testDescription: String { message }
    }

    @Test(
        "A setting that cannot be is an error that says what is expected",
        arguments: [
            Fault("vgg16, inputShape") { try Applications.vgg16(inputShape: [31, 32, 3]) },
            Fault("at least 75") { try Applications.inceptionV3(inputShape: [75, 74, 3]) },
            Fault("at least 71") { try Applications.xception(inputShape: [70, 71, 3]) },
            Fault("[height, width, channels]") { try Applications.resNet50(inputShape: [32, 32]) },
            Fault("Received: [32, 32, 0]") { try Applications.resNet18(inputShape: [32, 32, 0]) },
            Fault("at least 16") { try Applications.leNet5(inputShape: [15, 16, 1]) },
            Fault("at least 17") { try Applications.squeezeNet(inputShape: [16, 32, 3]) },
            Fault("divisible by 16") { try Applications.uNet(inputShape: [32, 40, 3]) },
            Fault("divisible by 7") {
                try Applications.visionTransformer(inputShape: [14, 15, 3], patchSize: 7)
            },
            Fault("densenet121, classes") { try Applications.denseNet121(classes: 0) },
            Fault("mobilenet_0.00_224, alpha") { try Applications.mobileNet(alpha: 0) },
            Fault("alpha") { try Applications.mobileNetV2(alpha: .infinity) },
            Fault("alpha") { try Applications.mobileNetV3Large(alpha: .nan) },
            Fault("rate") { try Applications.mobileNet(inputShape: [32, 32, 3], dropout: 2) },
            Fault("filters") { try Applications.uNet(filters: .max) },
            Fault("divisible by heads") { try Applications.visionTransformer(heads: 5) },
            Fault("divisible by heads") { try Applications.visionTransformer(depth: 0) },
            Fault("depthMultiplier") {
                try Applications.mobileNet(inputShape: [32, 32, 3], depthMultiplier: 0)
            },
        ]
    )
    func faults(_ fault: Fault) throws {
        let error = try #require(throws: ConvNetError.self) { _ = try fault.make() }
        #expect(error.kind == .argument)
        #expect(error.description.contains(fault.message), "\(error)")
    }

    /// A small network with both layers that came with the applications.
    private static func model(threads: Int) throws -> Model {
        try Sequential(inputShape: [12, 12, 3], seed: 3, options: ComputeOptions(threads: threads)) {
            Conv2D(filters: 8, kernelSize: 4, strides: 4)
            Reshape(targetShape: [9, 8])
            PositionEmbedding()
            LayerNormalization()
            Dense(units: 8, activation: .gelu())
            LayerScale(initValues: 0.5)
            GlobalAveragePooling1D()
            Dense(units: 3, activation: .softmax)
        }
    }

    /// The kinds of its layers.
    static func kinds() throws -> Set<String> {
        Set(try model(threads: 1).graph.layers.map { type(of: $0.layer).kind })
    }

    @Test("Learned scales and positions have the same bits on any number of workers")
    func sameBits() throws {
        let x = try TestValues.uniform([37, 12, 12, 3], seed: 1)
        let y = Labels((0..<37).map { Int32($0 % 3) })
        let runs = try (1...8).map { threads in
            let model = try Self.model(threads: threads)
            try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy())
            for _ in 0..<3 { try model.trainOnBatch(x, y) }
            return model.parameters.map { $0.values.elements.map(\.bitPattern) }
        }
        for run in runs.dropFirst() { #expect(run == runs[0]) }
    }
}
