import SwiftConvNet
import TestSupport
import Testing

@Suite("Augmentation: layers of a model that change pictures while training")
struct TransformModelTests {
    /// A layer that takes a picture apart, behind each transform one after the other.
    static func model(_ transforms: [any ImageTransform], threads: Int = 1, seed: UInt64 = 2) throws -> Model
    {
        try Sequential(inputShape: [9, 8, 3], seed: seed, options: ComputeOptions(threads: threads)) {
            for transform in transforms { transform }
            Conv2D(filters: 4, kernelSize: 3, activation: .relu)
            Flatten()
            Dense(units: 3, activation: .softmax)
        }
    }

    static let transforms: [any ImageTransform] =
        TransformTests.geometric + TransformTests.colors + [RandomCrop(height: 6, width: 5)]

    private func weights(_ model: Model, batchSize: Int = 8) throws -> [[UInt32]] {
        let x = try TestValues.uniform([37, 9, 8, 3], seed: 6)
        let y = try Labels((0..<37).map { $0 % 3 })
        try model.compile(optimizer: .sgd(learningRate: 0.05), loss: .sparseCategoricalCrossentropy())
        try model.fit(x, y, batchSize: batchSize, epochs: 2, verbose: .silent)
        return model.parameters.map(\.values.bits)
    }

    @Test("The same bits on any number of workers")
    func sameBits() throws {
        let one = try weights(Self.model(Self.transforms))
        for threads in 2...8 {
            #expect(try weights(Self.model(Self.transforms, threads: threads)) == one, "\(threads) workers")
        }
    }

    @Test(
        "Training depends on the seed, of the model or of the layer; predictions do not",
        arguments: transforms.indices
    )
    func seeds(_ number: Int) throws {
        let transform = Self.transforms[number]
        let model = try Self.model([transform])
        let x = try TestValues.uniform([5, 9, 8, 3], seed: 6)
        let plain = try Self.model(transform is RandomCrop ? [transform] : [])
        for (to, from) in zip(model.parameters, plain.parameters) {
            try model.setWeights(from.values, of: to)
        }
        #expect(try model.predict(x) == plain.predict(x))
        #expect(try weights(Self.model([transform])) == weights(Self.model([transform])))
        #expect(try weights(Self.model([transform])) != weights(Self.model([])) || transform is RandomCrop)
    }

    @Test("A transform behind weights is refused, for its input gets no gradient")
    func noGradient() throws {
        let model = try Sequential(inputShape: [9, 8, 3], seed: 1) {
            Conv2D(filters: 3, kernelSize: 3, padding: .same)
            RandomFlip()
            Flatten()
            Dense(units: 3, activation: .softmax)
        }
        let error = try #require(throws: ConvNetError.self) { _ = try weights(model) }
        #expect(error.description.contains("random_flip"), "\(error)")
    }

    @Test("Batches draw anew, and so do samples of a batch")
    func drawsAnew() throws {
        let layer = RandomTranslation(heightFactor: 0.5, widthFactor: 0.5, seed: 4)
        let model = try singleLayerModel(layer, inputs: [[9, 8, 3]])
        let one = try TestValues.uniform([1, 9, 8, 3], seed: 6)
        let x = try Tensor(shape: [6, 9, 8, 3]) { one[[0, $0[1], $0[2], $0[3]]] }
        #expect(try model.predict(x) == x)
    }
}
