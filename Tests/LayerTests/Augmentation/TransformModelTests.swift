import Foundation
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
        TransformTests.geometric + TransformTests.colors + [
            AutoContrast(), ContrastLimitedAdaptiveHistogramEqualization(), RandAugment(),
            Pipeline(layers: [RandomFlip(), RandomHue(factor: 0.5)]), RandomCrop(height: 6, width: 5),
        ]

    /// The kinds of its layers.
    static func kinds() -> Set<String> { Set(transforms.map { type(of: $0).kind }) }

    private func weights(_ model: Model, batchSize: Int = 8) throws -> [[UInt32]] {
        let x = try TestValues.uniform([37, 9, 8, 3], seed: 6)
        let y = Labels((0..<37).map { $0 % 3 })
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
        let plain = try Self.model(transform.actsInInference ? [transform] : [])
        #expect(try model.predict(x) == plain.predict(x))
        #expect(try weights(Self.model([transform])) == weights(Self.model([transform])))
        // The values are in one bin of 0...255, which stays as it is.
        if !(transform is Equalization), !transform.actsInInference {
            #expect(try weights(Self.model([transform])) != weights(plain))
        }
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

    @Test(
        "Samples of a batch, and batches, have numbers of their own, from the seed of the layer if it has one"
    )
    func drawsAnew() throws {
        let one = try TestValues.uniform([1, 9, 8, 3], seed: 6)
        let x = try Tensor(shape: [12, 9, 8, 3]) { one[0, $0[1], $0[2], $0[3]] }
        func outputs(_ layer: some ImageTransform, threads: Int = 1, seed: UInt64 = 2) throws -> Set<[Float]>
        {
            let model = try Sequential(
                inputShape: [9, 8, 3],
                seed: seed,
                options: ComputeOptions(threads: threads)
            ) {
                layer
                Recorder()
                Flatten()
                Dense(units: 1)
            }
            try model.compile(optimizer: .sgd(), loss: .mse())
            Recorder.pictures.removeAll()
            try model.fit(x, Tensor(zeros: [12, 1]), batchSize: 4, epochs: 2, verbose: .silent)
            return Recorder.pictures.all
        }
        let layer = RandomTranslation(heightFactor: 0.5, widthFactor: 0.5)
        let own = RandomTranslation(heightFactor: 0.5, widthFactor: 0.5, seed: 4)
        #expect(try outputs(layer).count == 24)
        #expect(try outputs(layer) == outputs(layer, threads: 4))
        #expect(try outputs(layer).isDisjoint(with: outputs(layer, seed: 3)))
        #expect(try outputs(own) == outputs(own, seed: 3))
    }
}

/// Keeps what it sees while training.
private struct Recorder: SampleLayer {
    /// Sendable: the lock is held around each use.
    final class Pictures: @unchecked Sendable {
        private let lock = NSLock()
        private var pictures: Set<[Float]> = []
        var all: Set<[Float]> { lock.withLock { pictures } }
        func removeAll() { lock.withLock { pictures = [] } }
        func add(_ picture: [Float]) { lock.withLock { _ = pictures.insert(picture) } }
    }

    static let kind = "Recorder"
    static let pictures = Pictures()
    func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }
    func forward(_ sample: SampleContext) {
        _ = sample.output.update(fromContentsOf: sample.input(0))
        if sample.isTraining { Self.pictures.add(Array(sample.input(0))) }
    }
    func backward(_ sample: SampleContext) {}
}
