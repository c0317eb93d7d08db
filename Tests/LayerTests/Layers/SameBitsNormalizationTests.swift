import SwiftConvNet
import TestSupport
import Testing

@Suite("Same bits: normalisations, activations and noise give the same bits on any number of workers")
struct SameBitsNormalizationTests {
    /// A network with all layers that normalise, activate or add noise.
    static func model(threads: Int) throws -> Model {
        let input = Input(shape: [10, 9, 4])
        var x = Conv2D(filters: 8, kernelSize: 3, activation: .hardSilu)(input)
        x = PReLU(sharedAxes: [1, 2])(GroupNormalization(groups: 4)(x))
        x = SpatialDropout2D(rate: 0.3)(x)
        var y = GaussianNoise(stddev: 0.2)(LayerNormalization(axis: [1, 2, 3])(x))
        y = Conv2D(filters: 16, kernelSize: 3, padding: .same, activation: .glu)(y)
        x = Add()(x, BatchNormalization(axis: 1)(y))
        x = AlphaDropout(rate: 0.1)(Activation(.selu)(RMSNormalization()(x)))
        x = PReLU()(GroupNormalization(groups: -1, axis: 2)(x))
        x = Dropout(rate: 0.25, noiseShape: [1, nil, 1, nil])(LayerNormalization(axis: 2)(x))
        x = GaussianDropout(rate: 0.2)(UnitNormalization()(GlobalAveragePooling2D()(x)))
        x = SpatialDropout1D(rate: 0.2)(Reshape(targetShape: [2, 4])(x))
        x = SpatialDropout3D(rate: 0.2)(Reshape(targetShape: [1, 2, 1, 4])(x))
        x = SpectralNormalization(Dense(units: 9))(LeakyReLU()(Flatten()(x)))
        let output = Dense(units: 6, activation: .sparsemax)(ELU()(x))
        return try Model(inputs: input, outputs: output, seed: 3, options: ComputeOptions(threads: threads))
    }

    /// The kinds of its layers.
    static func kinds() throws -> Set<String> {
        Set(try model(threads: 1).graph.layers.map { type(of: $0.layer).kind })
    }

    private struct Bits: Equatable {
        let training: [UInt32], use: [UInt32], samples: [UInt32], parameters: [String: [UInt32]]
        let states: [String: [UInt32]]
    }

    private func run(threads: Int) throws -> Bits {
        let model = try Self.model(threads: threads)
        let x = try TestValues.uniform([37, 10, 9, 4], seed: 6)
        let pass = try TrainingPass(model, x, upstream: TestValues.uniform([37, 6], seed: 7))
        #expect(try model.engine.workerCount() == threads)
        return Bits(
            training: pass.outputs.bits,
            use: try model.predict(x, batchSize: 37).bits,
            samples: pass.sampleGradient.bits,
            parameters: pass.parameterGradients.mapValues(\.bits),
            states: pass.states.mapValues(\.bits)
        )
    }

    @Test func outputsAndGradients() throws {
        let one = try run(threads: 1)
        #expect(one.parameters.count == 21 && one.states.count == 4)
        #expect(Set(one.samples).count > 37 * 10 * 9)
        for threads in 1...8 {
            let same = try run(threads: threads) == one
            #expect(same, "\(threads) workers")
        }
    }
}
