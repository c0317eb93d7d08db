import ConvNetDatasets
import SwiftConvNet
import TestSupport
import Testing

/// The code of README.md, as it stands there but for the data: it must compile, and run.
@Suite("The README's code")
struct ReadmeTests {
    @Test("The chain: train, predict, save")
    func chain() throws {
        let mnist = try MNIST.sample()
        let model = try Sequential(inputShape: [28, 28, 1], seed: 42) {
            Conv2D(filters: 32, kernelSize: 3, activation: .relu)
            MaxPooling2D(poolSize: 2)
            Conv2D(filters: 64, kernelSize: 3, activation: .relu)
            MaxPooling2D(poolSize: 2)
            Flatten()
            Dense(units: 128, activation: .relu)
            Dropout(rate: 0.5)
            Dense(units: 10, activation: .softmax)
        }
        try model.compile(
            optimizer: .adam(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        let history = try model.fit(
            mnist.train, epochs: 2, batchSize: 128, validationData: mnist.test, verbose: .silent)
        let probabilities = try model.predict(mnist.test)
        let folder = try TemporaryFolder()
        try model.save(to: folder.file("mnist.safetensors"))

        #expect(history["val_accuracy"].count == 2)
        // Far above chance, far below what two epochs bring with any seed.
        #expect(try #require(history["val_accuracy"].last) > 0.7)
        #expect(probabilities.shape == [1_000, 10])
        #expect(try folder.names == ["mnist.safetensors"])
    }

    @Test("Branches and joins, and a layer of one's own")
    func graph() throws {
        let input = Input(shape: [32, 32, 3])
        let x = Conv2D(filters: 32, kernelSize: 3, padding: .same, activation: .relu)(input)
        let y = Conv2D(filters: 32, kernelSize: 3, padding: .same)(x)
        let sum = ReLU()(Add()(x, y))
        let output = Dense(units: 10, activation: .softmax)(GlobalAveragePooling2D()(Scale()(sum)))
        let model = try Model(inputs: input, outputs: output)
        #expect(model.outputShape == [10])
        #expect(try model.predict(Tensor(zeros: [2, 32, 32, 3])).shape == [2, 10])
    }
}

private struct Scale: SampleLayer {  // y = w · x, one weight per channel
    static let kind = "Scale"
    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
    func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        [ParameterSpec("weight", shape: [inputs[0].last ?? 1], initializer: .ones)]
    }
    func forward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0), y = sample.output
        for i in x.indices { y[i] = x[i] * w[i % w.count] }
    }
    func backward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0), dy = sample.outputGradient
        for i in x.indices { sample.parameterGradient(0)[i % w.count] += dy[i] * x[i] }
        if sample.needsInputGradient(0) {
            for i in x.indices { sample.inputGradient(0)[i] = dy[i] * w[i % w.count] }
        }
    }
}
