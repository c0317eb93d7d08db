import SwiftConvNet
import TestSupport
import Testing

@Suite("Same bits: layers that move elements or prepare inputs, and all optimizers, on any number of workers")
struct SameBitsMovingTests {
    /// A network with all layers that move elements, convolve each channel by itself, or prepare inputs.
    static func model(threads: Int) throws -> Model {
        let input = Input(shape: [12, 10, 3])
        let normalized = Whitening()(Normalization()(Resizing(height: 9, width: 8)(input)))
        var x = CenterCrop(height: 8, width: 8)(normalized)
        x = SeparableConv2D(filters: 4, kernelSize: 3)(
            DepthwiseConv2D(kernelSize: 3, padding: .same)(x)
        )
        x = Cropping2D(cropping: ((1, 1), (1, 1)))(UpSampling2D()(x))
        x = ActivityRegularization(l2: 0.01)(Permute(dims: [2, 1, 3])(x))
        x = Cropping3D()(ZeroPadding3D()(Reshape(targetShape: [5, 2, 10, 4])(x)))
        x = RepeatVector(n: 6)(GlobalAveragePooling3D()(UpSampling3D()(x)))
        x = UpSampling1D()(Cropping1D()(ZeroPadding1D()(x)))
        x = SeparableConv1D(filters: 4, kernelSize: 3)(DepthwiseConv1D(kernelSize: 3)(x))
        let bins = Discretization(binBoundaries: [-0.5, 0, 0.5])(Flatten()(input))
        let sum = Add()(Dense(units: 6)(Flatten()(x)), Dense(units: 6)(CategoryEncoding(numTokens: 4)(bins)))
        return try Model(
            inputs: input,
            outputs: Activation(.softmax)(sum),
            seed: 3,
            options: ComputeOptions(threads: threads)
        )
    }

    /// The kinds of its layers, and of the optimizers.
    static func kinds() throws -> Set<String> {
        let layers = try model(threads: 1).graph.layers.map { type(of: $0.layer).kind }
        return Set(layers + optimizers.map { type(of: $0).kind })
    }

    static let optimizers: [any Optimizer] = [
        .nadam(), .adamax(), .adagrad(), .adadelta(), .lion(), .lamb(), .ftrl(), .adafactor(), .muon(),
        .scheduleFreeAdamW(),
    ]

    @Test(arguments: optimizers)
    func training(_ optimizer: any Optimizer) throws {
        let x = try TestValues.uniform([21, 12, 10, 3], seed: 6)
        let y = Labels((0..<21).map { Int32($0 % 6) })
        func run(threads: Int) throws -> [String] {
            let model = try Self.model(threads: threads)
            try model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy())
            let history = try model.fit(x, y, batchSize: 8, epochs: 2, verbose: .silent)
            let isFinite = history["loss"].allSatisfy { $0.isFinite }
            #expect(isFinite)
            return ["\(history["loss"])", "\(model.parameterDigest)", "\(try model.predict(x).elements)"]
        }
        let one = try run(threads: 1)
        for threads in [2, 3, 8] { #expect(try run(threads: threads) == one, "\(threads) workers") }
    }
}
