import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Inputs of several sizes")
struct FlexibleSizeTests {
    /// Classifies images of any size.
    private static func classifier(_ shape: Shape = [8, 8, 2], flexibleAxes: Set<Int> = [0, 1]) throws
        -> Model
    {
        let model = try Sequential(inputShape: shape, flexibleAxes: flexibleAxes, seed: 5) {
            Conv2D(filters: 4, kernelSize: 3, padding: .same, activation: .relu)
            BatchNormalization()
            MaxPooling2D()
            Conv2D(filters: 5, kernelSize: 3)
            Dropout(rate: 0.3)
            GlobalAveragePooling2D()
            Dense(units: 3, activation: .softmax)
        }
        try model.compile(
            optimizer: .sgd(learningRate: 0.1, momentum: 0.9),
            loss: .sparseCategoricalCrossentropy(),
            metrics: [.accuracy]
        )
        return model
    }

    /// Gives each pixel a class.
    private static func segmenter(_ shape: Shape, flexibleAxes: Set<Int> = [0, 1]) throws -> Model {
        let input = Input(shape: shape, flexibleAxes: flexibleAxes, name: "image")
        let low = Conv2D(filters: 4, kernelSize: 3, padding: .same, activation: .relu)(input)
        let deep = Conv2D(filters: 6, kernelSize: 3, strides: 2, padding: .same, activation: .relu)(low)
        let up = Conv2DTranspose(filters: 4, kernelSize: 2, strides: 2, padding: .same)(deep)
        let output = Conv2D(filters: 3, kernelSize: 1, activation: .softmax)(Concatenate()(low, up))
        let model = try Model(inputs: input, outputs: output, seed: 3)
        try model.compile(
            optimizer: .adam(),
            loss: .categoricalCrossentropy(),
            metrics: [.categoricalAccuracy]
        )
        return model
    }

    private static func images(_ height: Int, _ width: Int, _ channels: Int = 2, count: Int = 6) throws
        -> Tensor
    {
        try TestValues.uniform([count, height, width, channels], seed: UInt64(height * 100 + width))
    }

    private static let labels: [Int] = [0, 1, 2, 2, 1, 0]

    private static func parameters(_ model: Model) throws -> [String: [Float]] {
        try TestValues.parameters(of: model).mapValues(\.elements)
    }

    @Test(
        "Predictions, figures and training have the bits of a model of that very size",
        arguments: [(8, 8), (12, 9), (6, 20)]
    )
    func sameBits(height: Int, width: Int) throws {
        let flexible = try Self.classifier(),
            fixed = try Self.classifier([height, width, 2], flexibleAxes: [])
        let x = try Self.images(height, width), y = try Labels(Self.labels)
        #expect(try flexible.predict(x).elements == fixed.predict(x).elements)
        #expect(try flexible.predictor().predict(x).elements == fixed.predict(x).elements)
        #expect(try flexible.evaluate(x, y).values == fixed.evaluate(x, y).values)
        let one = try flexible.gradients(x, y, includingSamples: true)
        let other = try fixed.gradients(x, y, includingSamples: true)
        #expect(one.parameters.mapValues(\.elements) == other.parameters.mapValues(\.elements))
        #expect(one.inputs.values.first?.shape == x.shape)
        for model in [flexible, fixed] {
            try model.fit(x, y, batchSize: 4, epochs: 2, verbose: .silent)
        }
        #expect(try Self.parameters(flexible) == Self.parameters(fixed))
    }

    @Test("A model trains on one size after the other, and goes on from a file")
    func severalSizes() throws {
        let model = try Self.segmenter([8, 8, 2])
        let sizes = [(8, 8), (16, 12), (4, 6)]
        func targets(_ height: Int, _ width: Int) throws -> Tensor {
            try Tensor(shape: [6, height, width, 3]) { values in
                for index in values.indices { values[index] = index / 3 % 3 == index % 3 ? 1 : 0 }
            }
        }
        for (height, width) in sizes {
            let history = try model.fit(
                Self.images(height, width),
                targets(height, width),
                batchSize: 4,
                verbose: .silent
            )
            #expect(history.epochs[0].values.loss?.isFinite == true)
            #expect(try model.predict(Self.images(height, width)).shape == [6, height, width, 3])
        }
        let folder = try TemporaryFolder()
        let file = folder.file("model.safetensors")
        try model.save(to: file)
        let loaded = try Model.load(from: file)
        let other = try Self.images(10, 14)
        #expect(try loaded.predict(other).elements == model.predict(other).elements)
        for model in [model, loaded] {
            try model.fit(Self.images(6, 8), targets(6, 8), batchSize: 6, verbose: .silent)
        }
        #expect(try Self.parameters(loaded) == Self.parameters(model))
        #expect(try loaded.summary().contains("(None, None, None, 6)"))
    }

    @Test("The summary says which axes may have other sizes")
    func summary() throws {
        let text = try Self.classifier().summary()
        #expect(text.contains("(None, None, None, 4)"))
        #expect(text.contains("(None, 5)"))
        #expect(try !Self.classifier(flexibleAxes: []).summary().contains("None, None"))
        let wide = try Sequential(inputShape: [6, 4, 1], flexibleAxes: [1], layers: [MaxPooling2D()])
        #expect(try wide.summary().contains("(None, 3, None, 1)"))
        #expect(try wide.predict(Tensor(zeros: [2, 6, 10, 1])).shape == [2, 3, 5, 1])
        // A last axis of size 1 may be missing, and there may be no samples.
        #expect(try wide.predict(Tensor(zeros: [2, 6, 8])).shape == [2, 3, 4, 1])
        #expect(try wide.predict(Tensor(zeros: [0, 6, 8, 1])).shape == [0, 3, 4, 1])
    }

    @Test("Sequences of any length")
    func sequences() throws {
        let model = try Sequential(inputShape: [16, 3], flexibleAxes: [0]) {
            Conv1D(filters: 4, kernelSize: 5, padding: .causal, activation: .relu)
            AdaptiveMaxPooling1D(outputSize: 4)
            Flatten()
            Dense(units: 2)
        }
        for length in [1, 4, 16, 33] {
            #expect(try model.predict(TestValues.uniform([2, length, 3], seed: 1)).shape == [2, 2])
        }
    }

    @Test("What does not fit is an error that says what does")
    func errors() throws {
        func kind(_ expected: ConvNetError.Kind, _ messages: String..., call: () throws -> Void) throws {
            let error = try #require(throws: ConvNetError.self) { try call() }
            #expect(error.kind == expected)
            for message in messages { #expect(error.description.contains(message), "\(error)") }
        }
        try kind(.shape, "layer 2 (dense)", "Expected: [8, 2]. Received: [16, 2]", "adaptive pooling") {
            _ = try Sequential(inputShape: [4, 2, 1], flexibleAxes: [0]) {
                Flatten()
                Dense(units: 2)
            }
        }
        try kind(.argument, "flexibleAxes", "0..<3") {
            _ = try Sequential(inputShape: [4, 4, 1], flexibleAxes: [3], layers: [MaxPooling2D()])
        }
        let model = try Self.classifier()
        try kind(.shape, "samples of shape [any, any, 2]", "[9, 9, 3]") {
            _ = try model.predict(Tensor(zeros: [1, 9, 9, 3]))
        }
        try kind(.shape, "layer 4 (conv2d_1)", "a height of at least 3") {
            _ = try model.predict(Tensor(zeros: [1, 4, 9, 2]))
        }
        try kind(.shape, "Concatenate") {
            // Half of 5, rounded up, and doubled again is not 5.
            _ = try Self.segmenter([8, 8, 2]).predict(Tensor(zeros: [1, 5, 8, 2]))
        }
    }

    @Test("A batch that goes wrong is kept and run again in its own size")
    func replay() throws {
        let model = try Self.classifier(), folder = try TemporaryFolder()
        try model.setParameters(["dense/bias": Tensor([.infinity, 0, 0])])
        let x = try Self.images(12, 9)
        #expect(throws: ConvNetError.self) {
            try model.fit(
                x,
                Labels(Self.labels),
                batchSize: 6,
                verbose: .silent,
                nonFinite: .stop(savingCaseIn: folder.path)
            )
        }
        let name = try #require(try folder.names.first)
        let replay = try NonFiniteCase(contentsOf: folder.file(name)).replay()
        #expect(replay.losses.count == 6 && !replay.rows.isEmpty)
    }

    @Test("A run is resumed in its own size")
    func resume() throws {
        let x = try Self.images(10, 11), y = try Labels(Self.labels)
        func fit(_ model: Model, epochs: Int, at folder: String, resume: Bool = false) throws {
            try model.fit(
                x,
                y,
                batchSize: 4,
                epochs: epochs,
                verbose: .silent,
                checkpoint: .everyEpoch,
                at: folder,
                resume: resume
            )
        }
        let folder = try TemporaryFolder(), straight = try Self.classifier(), second = try Self.classifier()
        try fit(straight, epochs: 3, at: folder.file("straight"))
        try fit(Self.classifier(), epochs: 1, at: folder.file("cut"))
        try fit(second, epochs: 3, at: folder.file("cut"), resume: true)
        #expect(try Self.parameters(second) == Self.parameters(straight))
    }
}
