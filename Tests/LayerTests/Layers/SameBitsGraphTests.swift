import SwiftConvNet
import TestSupport
import Testing

@Suite("Same bits: graphs give the same bits on any number of workers")
struct SameBitsGraphTests {
    /// A network with every kind of stage: by samples, with and without shards, by tasks, once.
    private func model(threads: Int) throws -> Model {
        let input = Input(shape: [14, 13, 3])
        var x = Conv2D(filters: 8, kernelSize: 3, padding: .same)(input)
        x = ReLU()(BatchNormalization()(x))
        x = MaxPooling2D()(x)
        x = Conv2D(filters: 8, kernelSize: 3, padding: .same, groups: 8, activation: .relu)(x)
        var y = Conv2D(filters: 8, kernelSize: 3, padding: .same, activation: .relu)(x)
        y = BatchNormalization()(Conv2D(filters: 8, kernelSize: 3, padding: .same)(y))
        x = ReLU()(Add()(x, y))
        x = Dropout(rate: 0.25)(GlobalAveragePooling2D()(x))
        let output = Dense(units: 5, activation: .softmax)(x)
        return try Model(inputs: input, outputs: output, seed: 3, options: ComputeOptions(threads: threads))
    }

    private struct Bits: Equatable {
        let training: [UInt32], use: [UInt32], samples: [UInt32], parameters: [String: [UInt32]]
        let statistics: [String: [UInt32]]
    }

    private func bits(_ tensor: Tensor) -> [UInt32] { tensor.elements.map(\.bitPattern) }

    private func run(threads: Int) throws -> Bits {
        let model = try model(threads: threads)
        let x = try TestValues.uniform([37, 14, 13, 3], seed: 6)
        let pass = try TrainingPass(model, x, upstream: TestValues.uniform([37, 5], seed: 7))
        #expect(try model.engine.workerCount() == threads)
        return Bits(
            training: bits(pass.outputs),
            use: bits(try model.predict(x, batchSize: 37)),
            samples: bits(pass.sampleGradient),
            parameters: pass.parameterGradients.mapValues(bits),
            statistics: try TestValues.parameters(of: model).mapValues(bits)
        )
    }

    @Test func outputsAndGradients() throws {
        let one = try run(threads: 1)
        #expect(Set(one.parameters.keys).count == 14)
        #expect(Set(one.samples).count > 37 * 14 * 13)
        for threads in [1, 2, 3, 4] {
            let same = try run(threads: threads) == one
            #expect(same, "\(threads) workers")
        }
    }
}
