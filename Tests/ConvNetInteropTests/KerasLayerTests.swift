import ConvNetInterop
import SwiftConvNet
import Testing

@Suite("Layers in Keras' form")
struct KerasLayerTests {
    /// Layers with settings away from their defaults.
    private static let layers: [any Layer] = [
        Conv1D(filters: 2, kernelSize: 3, strides: 2, padding: .causal),
        Conv2D(
            filters: 4,
            kernelSize: [3, 2],
            dilationRate: 2,
            groups: 2,
            activation: .leakyReLU(negativeSlope: 0.3),
            useBias: false,
            kernelInitializer: .heNormal,
            kernelRegularizer: .l1l2(l1: 0.5, l2: 0.25),
            kernelConstraint: .maxNorm(maxValue: 3, axes: [0, 1, 2])
        ),
        Conv3DTranspose(filters: 2, kernelSize: 3, strides: [2, 2, 3], outputPadding: 1),
        Conv2DTranspose(filters: 2, kernelSize: 3),
        SeparableConv2D(filters: 2, kernelSize: 3, pointwiseRegularizer: .l2(0.5)),
        DepthwiseConv1D(kernelSize: 3, depthMultiplier: 2),
        Dense(units: 3, activation: .gelu(), biasRegularizer: .l1(0.5), biasConstraint: .nonNeg),
        EinsumDense(equation: "ab,bc->ac", outputShape: [5]), Embedding(inputDim: 3, outputDim: 4),
        MaxPooling2D(poolSize: [2, 3], strides: 1, padding: .same), AveragePooling1D(poolSize: 3),
        GlobalAveragePooling3D(keepDims: true), AdaptiveMaxPooling2D(outputSize: [2, 3]),
        BatchNormalization(axis: 1, momentum: 0.5, scale: false), LayerNormalization(axis: [1, 2]),
        GroupNormalization(groups: 2), RMSNormalization(), UnitNormalization(axis: 1),
        SpectralNormalization(Dense(units: 2, kernelRegularizer: .l2(0.5)), powerIterations: 2),
        ZeroPadding1D(padding: 2), ZeroPadding2D(padding: [1, 2]), Cropping3D(cropping: 1), Flatten(),
        Reshape(targetShape: [2, -1]), Permute(dims: [2, 1]), RepeatVector(n: 3),
        UpSampling2D(size: [2, 3], interpolation: .bicubic), UpSampling3D(size: 2),
        ReLU(maxValue: 6, negativeSlope: 0.5), LeakyReLU(),
        PReLU(alphaRegularizer: .l2(0.5), sharedAxes: [1]), ELU(),
        Softmax(axis: 1), Activation(.softplus), Dropout(rate: 0.25, noiseShape: [nil, 1], seed: 7),
        GaussianNoise(stddev: 0.5), SpatialDropout3D(rate: 0.5), Concatenate(axis: 1),
        Dot(axes: [1, 2], normalize: true),
        MultiHeadAttention(numHeads: 2, keyDim: 3, outputShape: [4], attentionAxes: [1]),
        LayerScale(initValues: 0.5),
        Rescaling(scale: 0.5, offset: 1), Normalization(axis: [1, 2], mean: [1], variance: [2]),
        Discretization(binBoundaries: [0, 1]), CategoryEncoding(numTokens: 4, outputMode: .count),
        Resizing(height: 2, width: 3, interpolation: .nearest), RandomFlip(mode: .vertical),
        RandomZoom(heightFactor: 0.5),
        RandomErasing(factor: 0.5), RandomShear(xFactor: 0.25), RandomColorJitter(hueFactor: 0.25), AugMix(),
    ]

    @Test("Keras' form and back gives the same layer", arguments: layers.indices)
    func roundTrip(index: Int) throws {
        let layer = Self.layers[index]
        let own = try JSONValue(Array(OpenSet.layers.json(of: layer).utf8), name: "layer")
        let keras = try KerasLayers.keras(own)
        let back = try KerasLayers.own(keras, at: "layer")
        // Some settings are written only where they differ from their defaults, so that the layers are compared.
        let again = try OpenSet.layers.value(fromJSON: back.description, at: "layer")
        #expect(try OpenSet.layers.json(of: again) == OpenSet.layers.json(of: layer), "\(keras)")
    }

    @Test("A channels-first layer, and a class that is not known, are errors that name them")
    func unsupported() throws {
        let first = try #require(throws: ConvNetError.self) {
            try KerasLayers.own(
                ["class_name": "Flatten", "config": ["data_format": "channels_first"]],
                at: "f"
            )
        }
        #expect(first.location == "f, data_format" && first.received == "\"channels_first\"")
        let unknown = try #require(throws: ConvNetError.self) {
            try KerasLayers.own(["class_name": "LSTM", "config": ["units": 3]], at: "memory")
        }
        #expect(unknown.location == "memory" && unknown.received == "LSTM")
    }
}
