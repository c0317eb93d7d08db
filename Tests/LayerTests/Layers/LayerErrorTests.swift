import SwiftConvNet
import Testing

@Suite("Layers: bad input is an error that names the layer")
struct LayerErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let layer: any Layer
        let inputs: [Shape]
        let kind: ConvNetError.Kind
        /// What the message must hold.
        let message: String

        init(_ layer: any Layer, _ input: Shape, _ kind: ConvNetError.Kind, _ message: String) {
            self.init(layer, [input], kind, message)
        }

        init(_ layer: any Layer, _ inputs: [Shape], _ kind: ConvNetError.Kind, _ message: String) {
            self.layer = layer
            self.inputs = inputs
            self.kind = kind
            self.message = message
        }

        var testDescription: String { "\(type(of: layer).kind) of \(inputs): \(message)" }
    }

    static let images: [Case] = [
        Case(Conv2D(filters: 1, kernelSize: 3), [28, 28], .shape, "reshape [28, 28] to [28, 28, 1]"),
        Case(MaxPooling2D(), [28, 28], .shape, "The channel axis is missing"),
        Case(AveragePooling2D(poolSize: 2), [784], .shape, "[height, width, channels]"),
        Case(GlobalAveragePooling2D(), [5], .shape, "[height, width, channels]"),
        Case(GlobalMaxPooling2D(), [2, 2, 2, 2], .shape, "[2, 2, 2, 2]"),
        Case(ZeroPadding2D(), [3, 3], .shape, "The channel axis is missing"),
        Case(Conv2D(filters: 1, kernelSize: 5), [4, 9, 1], .shape, "at least 5"),
        Case(Conv2D(filters: 1, kernelSize: 3, dilationRate: 2), [9, 4, 1], .shape, "at least 5"),
        Case(MaxPooling2D(poolSize: 3), [2, 3, 1], .shape, "at least 3"),
        Case(AveragePooling2D(poolSize: 3), [3, 2, 1], .shape, "at least 3"),
        Case(Conv1D(filters: 1, kernelSize: 3), [28], .shape, "reshape [28] to [28, 1]"),
        Case(Conv1D(filters: 1, kernelSize: 3, dilationRate: 2), [4, 1], .shape, "a length of at least 5"),
        Case(Conv3D(filters: 1, kernelSize: 3), [8, 8, 8], .shape, "[depth, height, width, channels]"),
        Case(Conv3D(filters: 1, kernelSize: 3), [2, 8, 8, 1], .shape, "a depth of at least 3"),
        Case(Conv1DTranspose(filters: 1, kernelSize: 3), [28], .shape, "Conv1DTranspose takes sequences"),
        Case(Conv2DTranspose(filters: 1, kernelSize: 3), [28, 28], .shape, "The channel axis is missing"),
        Case(
            Conv2DTranspose(filters: 1, kernelSize: 2, padding: .same, outputPadding: 0),
            [1, 1, 1],
            .shape,
            "Use a larger outputPadding"
        ),
        Case(Conv3DTranspose(filters: 1, kernelSize: 3), [3, 3], .shape, "takes volumes"),
        Case(SpatialDropout1D(rate: 0.1), [3], .shape, "takes sequences"),
        Case(SpatialDropout2D(rate: 0.1), [3, 3], .shape, "takes images"),
        Case(SpatialDropout3D(rate: 0.1), [3, 3, 3], .shape, "takes volumes"),
        Case(MaxPooling1D(poolSize: 3), [2, 1], .shape, "a length of at least 3"),
        Case(AveragePooling1D(poolSize: 3), [2], .shape, "takes sequences"),
        Case(MaxPooling3D(), [1, 2, 2, 1], .shape, "a depth of at least 2"),
        Case(AveragePooling3D(poolSize: 2), [2, 2, 2], .shape, "takes volumes"),
        Case(GlobalAveragePooling1D(), [5], .shape, "takes sequences"),
        Case(GlobalMaxPooling1D(), [5, 5, 5], .shape, "takes sequences"),
        Case(GlobalAveragePooling3D(), [5, 5], .shape, "takes volumes"),
        Case(GlobalMaxPooling3D(), [5, 5, 5], .shape, "takes volumes"),
        Case(AdaptiveAveragePooling1D(outputSize: 2), [5], .shape, "takes sequences"),
        Case(AdaptiveMaxPooling1D(outputSize: 2), [5], .shape, "takes sequences"),
        Case(AdaptiveAveragePooling2D(outputSize: 2), [5, 5], .shape, "takes images"),
        Case(AdaptiveMaxPooling2D(outputSize: 2), [5, 5], .shape, "takes images"),
        Case(AdaptiveAveragePooling3D(outputSize: 2), [5, 5], .shape, "takes volumes"),
        Case(AdaptiveMaxPooling3D(outputSize: 2), [5, 5], .shape, "takes volumes"),
    ]

    static let settings: [Case] = [
        Case(Conv2D(filters: 4, kernelSize: 1, groups: 3), [3, 3, 6], .argument, "groups"),
        Case(Conv2D(filters: 6, kernelSize: 1, groups: 3), [3, 3, 4], .argument, "groups"),
        Case(Conv2D(filters: 6, kernelSize: 1, groups: 0), [3, 3, 4], .argument, "groups"),
        Case(
            Conv2D(filters: 0, kernelSize: 1),
            [3, 3, 4],
            .argument,
            "filters). Expected: at least 1. Received: 0."
        ),
        Case(
            Conv2D(filters: -2, kernelSize: 1),
            [3, 3, 4],
            .argument,
            "filters). Expected: at least 1. Received: -2."
        ),
        Case(Conv2D(filters: 1, kernelSize: 0), [3, 3, 1], .argument, "kernelSize"),
        Case(Conv2D(filters: 1, kernelSize: 1, strides: [1, 0]), [3, 3, 1], .argument, "strides"),
        Case(Conv2D(filters: 1, kernelSize: 1, dilationRate: -1), [3, 3, 1], .argument, "dilationRate"),
        Case(
            Conv2D(filters: 1, kernelSize: 2, strides: 2, dilationRate: 2),
            [9, 9, 1],
            .argument,
            "Received: strides [2, 2], dilationRate [2, 2]."
        ),
        Case(
            Conv2D(filters: 1, kernelSize: [3, 3, 3]),
            [9, 9, 1],
            .argument,
            "kernelSize has a height and a width (layer 1 (conv2d), kernelSize). Expected: [height, width], or one number for both. Received: [3, 3, 3]."
        ),
        Case(Conv2D(filters: 1, kernelSize: 1, strides: []), [9, 9, 1], .argument, "Received: []"),
        Case(MaxPooling2D(poolSize: [2, 2, 2]), [9, 9, 1], .argument, "poolSize has a height and a width"),
        Case(
            AveragePooling2D(poolSize: 2, strides: [1, 2, 3, 4]),
            [9, 9, 1],
            .argument,
            "Received: [1, 2, 3, 4]"
        ),
        Case(ZeroPadding2D(padding: [1, 2, 3]), [9, 9, 1], .argument, "Received: [1, 2, 3]"),
        Case(
            Conv2D(filters: 1, kernelSize: Size2D(.max, 1), padding: .same),
            [3, 3, 1],
            .argument,
            "kernelSize"
        ),
        Case(Conv2D(filters: .max, kernelSize: 1), [3, 3, 1], .shape, "kernel"),
        Case(
            Conv2D(filters: 1, kernelSize: 1, activation: .leakyReLU(negativeSlope: .nan)),
            [3, 3, 1],
            .argument,
            "activation"
        ),
        Case(MaxPooling2D(poolSize: [0, 2]), [3, 3, 1], .argument, "poolSize"),
        Case(MaxPooling2D(poolSize: 300), [300, 300, 1], .argument, "65536"),
        Case(MaxPooling2D(poolSize: Size2D(.max, .max), padding: .same), [3, 3, 1], .argument, "poolSize"),
        Case(AveragePooling2D(poolSize: 2, strides: 0), [3, 3, 1], .argument, "strides"),
        Case(Conv1D(filters: 1, kernelSize: 0), [3, 1], .argument, "kernelSize"),
        Case(Conv1D(filters: 1, kernelSize: 1, strides: -1), [3, 1], .argument, "strides"),
        Case(Conv1D(filters: 1, kernelSize: 2, strides: 2, dilationRate: 2), [9, 1], .argument, "exclude"),
        Case(Conv1D(filters: 4, kernelSize: 1, groups: 3), [3, 6], .argument, "groups"),
        Case(
            Conv3D(filters: 1, kernelSize: [3, 3]),
            [9, 9, 9, 1],
            .argument,
            "kernelSize has a depth, a height and a width (layer 1 (conv3d), kernelSize). Expected: [depth, height, width], or one number for all. Received: [3, 3]."
        ),
        Case(Conv3D(filters: 0, kernelSize: 1), [3, 3, 3, 1], .argument, "filters"),
        Case(
            Conv1DTranspose(filters: 1, kernelSize: 3, strides: 2, outputPadding: 2),
            [3, 1],
            .argument,
            "at least 0, and less than the strides [2]"
        ),
        Case(
            Conv2DTranspose(filters: 1, kernelSize: 3, strides: 2, outputPadding: [0, -1]),
            [3, 3, 1],
            .argument,
            "outputPadding"
        ),
        Case(
            Conv2DTranspose(filters: 1, kernelSize: 3, outputPadding: [0, 0, 0]),
            [3, 3, 1],
            .argument,
            "outputPadding has a height and a width"
        ),
        Case(Conv3DTranspose(filters: 1, kernelSize: 3, strides: 0), [3, 3, 3, 1], .argument, "strides"),
        Case(MaxPooling1D(poolSize: 0), [3, 1], .argument, "poolSize"),
        Case(AveragePooling1D(poolSize: 2, strides: 0), [3, 1], .argument, "strides"),
        Case(MaxPooling3D(poolSize: 50, padding: .same), [3, 3, 3, 1], .argument, "65536"),
        // Products of such sizes leave the range of Int.
        Case(
            MaxPooling2D(poolSize: Size2D(Int(Int32.max), Int(Int32.max)), padding: .same),
            [3, 3, 4],
            .argument,
            "65536"
        ),
        Case(
            MaxPooling3D(
                poolSize: Size3D(Int(Int32.max), Int(Int32.max), Int(Int32.max)),
                padding: .same
            ),
            [3, 3, 3, 2],
            .argument,
            "65536"
        ),
        Case(AdaptiveMaxPooling2D(outputSize: [1, 2]), [600, 600, 1], .argument, "outputSize"),
        Case(AveragePooling3D(poolSize: [2, 2]), [3, 3, 3, 1], .argument, "poolSize"),
        Case(AdaptiveMaxPooling1D(outputSize: 0), [3, 1], .argument, "outputSize"),
        Case(AdaptiveAveragePooling2D(outputSize: [1, 0]), [3, 3, 1], .argument, "outputSize"),
        Case(AdaptiveAveragePooling3D(outputSize: [1, 1]), [3, 3, 3, 1], .argument, "outputSize"),
        Case(Dense(units: 0), [3], .argument, "units"),
        Case(Dense(units: .max), [3], .shape, "kernel"),
        Case(Dense(units: 1 << 60), [1 << 20], .shape, "kernel"),
        Case(Dense(units: 1, activation: .elu(alpha: .infinity)), [3], .argument, "activation"),
        Case(Activation(.leakyReLU(negativeSlope: .nan)), [3], .argument, "activation"),
        Case(Dropout(rate: 1.5), [3], .argument, "rate"),
        Case(Dropout(rate: -0.1), [3], .argument, "rate"),
        Case(Dropout(rate: .nan), [3], .argument, "rate"),
        Case(BatchNormalization(momentum: 1.1), [3], .argument, "momentum"),
        Case(BatchNormalization(momentum: .nan), [3], .argument, "momentum"),
        Case(BatchNormalization(epsilon: -1e-3), [3], .argument, "epsilon"),
        Case(BatchNormalization(axis: 0), [3], .argument, "axis"),
        Case(BatchNormalization(axis: 2), [3], .argument, "1...1"),
        Case(LayerNormalization(axis: 3), [3, 4], .argument, "Samples have no such axis"),
        Case(LayerNormalization(axis: [1, -2]), [3, 4], .argument, "each once"),
        Case(LayerNormalization(axis: []), [3, 4], .argument, "at least one axis"),
        Case(LayerNormalization(epsilon: .nan), [3], .argument, "epsilon"),
        Case(GroupNormalization(groups: 4), [3, 6], .argument, "a divisor of 6 channels"),
        Case(GroupNormalization(), [3, 6], .argument, "Received: 32."),
        Case(GroupNormalization(groups: 0), [3, 6], .argument, "groups"),
        Case(GroupNormalization(groups: .min), [3, 6], .argument, "groups"),
        Case(GroupNormalization(groups: 2, axis: .min), [3, 6], .argument, "axis"),
        Case(RMSNormalization(axis: 0), [3, 6], .argument, "where 0 would be the batch"),
        Case(RMSNormalization(epsilon: -1), [3, 6], .argument, "epsilon"),
        Case(UnitNormalization(axis: .init([.max])), [3, 6], .argument, "axis"),
        Case(SpectralNormalization(Flatten()), [3, 6], .argument, "Flatten, with none"),
        Case(SpectralNormalization(Dense(units: 2), powerIterations: 0), [3], .argument, "powerIterations"),
        Case(SpectralNormalization(Dense(units: 0)), [3], .argument, "units"),
        Case(PReLU(sharedAxes: [3]), [3, 6], .argument, "sharedAxes"),
        Case(LeakyReLU(negativeSlope: -1), [3], .argument, "negativeSlope"),
        Case(ELU(alpha: .infinity), [3], .argument, "activation"),
        Case(Activation(.glu), [5], .shape, "an even number of units or filters"),
        Case(Dense(units: 3, activation: .glu), [5], .shape, "a last axis of even size"),
        Case(Activation(.celu(alpha: 0)), [3], .argument, "an alpha other than 0"),
        Case(Activation(.squareplus(b: -1)), [3], .argument, "a b of at least 0"),
        Case(Activation(.relu(maxValue: -1)), [3], .argument, "a maxValue of at least 0"),
        Case(Activation(.relu(threshold: -1)), [3], .argument, "a threshold of at least 0"),
        Case(Activation(.threshold(threshold: .nan, defaultValue: 0)), [3], .argument, "not finite"),
        Case(Activation(.softShrink(threshold: .infinity)), [3], .argument, "not finite"),
        Case(Dropout(rate: 0.5, noiseShape: [nil, 2]), [3], .shape, "[nil, 2]"),
        Case(Dropout(rate: 0.5, noiseShape: [nil]), [3], .shape, "noiseShape"),
        Case(Dropout(rate: 0.5, noiseShape: [32, nil]), [3], .shape, "the batch axis, nil or 1"),
        Case(Dropout(rate: 0.5, noiseShape: []), [3], .shape, "noiseShape"),
        Case(AlphaDropout(rate: 1), [3], .argument, "less than 1"),
        Case(AlphaDropout(rate: 0.5, noiseShape: [nil, 0]), [3], .shape, "noiseShape"),
        Case(GaussianDropout(rate: 1), [3], .argument, "less than 1"),
        Case(GaussianNoise(stddev: -1), [3], .argument, "stddev"),
        Case(SpatialDropout2D(rate: 2), [3, 3, 1], .argument, "rate"),
        Case(ReLU(maxValue: -1), [3], .argument, "maxValue"),
        Case(ReLU(negativeSlope: .nan), [3], .argument, "negativeSlope"),
        Case(ReLU(threshold: -0.5), [3], .argument, "threshold"),
        Case(Rescaling(scale: .infinity), [3], .argument, "scale"),
        Case(Rescaling(scale: 1, offset: .nan), [3], .argument, "offset"),
        Case(Reshape(targetShape: [2, 2]), [3], .shape, "4 elements"),
        Case(Reshape(targetShape: [2, -1]), [3], .shape, "a multiple of 2"),
        Case(Reshape(targetShape: [-1, -1]), [4], .argument, "targetShape"),
        Case(Reshape(targetShape: [0, -1]), [4], .argument, "targetShape"),
        Case(Reshape(targetShape: [-2, 2]), [4], .argument, "targetShape"),
        Case(Reshape(targetShape: []), [1], .argument, "targetShape"),
        Case(Reshape(targetShape: [1 << 40, 1 << 40, -1]), [4], .shape, "targetShape"),
        Case(Softmax(axis: 0), [3, 2], .argument, "axis"),
        Case(Softmax(axis: 3), [3, 2], .argument, "1...2, where 0 would be the batch"),
        Case(Softmax(axis: Axes([.min])), [3, 2], .argument, "axis"),
        Case(Softmax(axis: [1, 1]), [3, 2], .argument, "each once"),
        Case(Softmax(axis: []), [3, 2], .argument, "axis"),
        Case(Softmax(axis: [1, 3]), [3, 2, 4], .argument, "axes that follow each other"),
        Case(EinsumDense(equation: "abc", outputShape: [1]), [3, 2], .argument, "abc,cd->abd"),
        Case(EinsumDense(equation: "ab,bc,cd->ad", outputShape: [1]), [3], .argument, "equation"),
        Case(EinsumDense(equation: "...b,bc->c", outputShape: [1]), [3], .argument, "at the same end"),
        Case(EinsumDense(equation: "abb,bc->ac", outputShape: [1]), [3, 3], .argument, "once in each place"),
        Case(EinsumDense(equation: "ab,bc->ca", outputShape: [1]), [3], .argument, "the batch first"),
        Case(EinsumDense(equation: "ab,bc->ad", outputShape: [1]), [3], .argument, "in another place"),
        Case(
            EinsumDense(equation: "abc,cd->abd", outputShape: [nil, 2]),
            [3],
            .shape,
            "2 axes, and the batch"
        ),
        Case(EinsumDense(equation: "abc,cd->abd", outputShape: [2]), [3, 4], .argument, "2 sizes"),
        Case(EinsumDense(equation: "ab,bc->ac", outputShape: [nil]), [3], .argument, "outputShape, c"),
        Case(EinsumDense(equation: "ab,bc->ac", outputShape: [0]), [3], .argument, "at least 1"),
        Case(EinsumDense(equation: "ab,bc->ac", outputShape: [.max]), [3], .shape, "kernel"),
        Case(
            EinsumDense(equation: "abc,cd->abd", outputShape: [5, 2]),
            [3, 4],
            .shape,
            "an axis that they share"
        ),
        Case(EinsumDense(equation: "ab,bc->ac", outputShape: [2], biasAxes: "b"), [3], .argument, "biasAxes"),
        Case(Embedding(inputDim: 0, outputDim: 3), [3], .argument, "inputDim"),
        Case(Embedding(inputDim: .max, outputDim: 3), [3], .argument, "inputDim"),
        Case(Embedding(inputDim: 3, outputDim: -1), [3], .argument, "outputDim"),
        Case(Embedding(inputDim: 3, outputDim: .max), [3], .shape, "embeddings"),
        Case(LayerScale(initValues: .nan), [4], .argument, "initValues"),
        Case(MultiHeadAttention(numHeads: 1, keyDim: 1), [4], .shape, "[length, features]"),
        Case(MultiHeadAttention(numHeads: 0, keyDim: 1), [3, 4], .argument, "numHeads"),
        Case(MultiHeadAttention(numHeads: 1, keyDim: -1), [3, 4], .argument, "keyDim"),
        Case(MultiHeadAttention(numHeads: 1, keyDim: 1, valueDim: 0), [3, 4], .argument, "valueDim"),
        Case(MultiHeadAttention(numHeads: .max, keyDim: .max), [3, 4], .shape, "numHeads"),
        Case(MultiHeadAttention(numHeads: 1 << 40, keyDim: 1 << 20), [3, 4], .shape, "kernel"),
        Case(MultiHeadAttention(numHeads: 1, keyDim: 1, dropout: 1.5), [3, 4], .argument, "dropout"),
        Case(MultiHeadAttention(numHeads: 1, keyDim: 1, outputShape: []), [3, 4], .argument, "outputShape"),
        Case(
            MultiHeadAttention(numHeads: 1, keyDim: 1, outputShape: [2, 0]),
            [3, 4],
            .argument,
            "outputShape"
        ),
        Case(
            MultiHeadAttention(numHeads: 1, keyDim: 1, attentionAxes: [2]),
            [3, 4],
            .argument,
            "attentionAxes"
        ),
        Case(
            MultiHeadAttention(numHeads: 1, keyDim: 1, attentionAxes: [1, 1]),
            [3, 4],
            .argument,
            "each once"
        ),
        Case(
            MultiHeadAttention(numHeads: 1, keyDim: 1, attentionAxes: []),
            [3, 4],
            .argument,
            "attentionAxes"
        ),
        Case(ZeroPadding2D(padding: ((0, 0), (-1, 0))), [3, 3, 1], .argument, "padding"),
        Case(ZeroPadding2D(padding: ((.max, 0), (0, 0))), [3, 3, 1], .argument, "padding"),
    ]

    static let merges: [Case] = [
        Case(Add(), [[2, 3], [3, 2]], .shape, "[[2, 3], [3, 2]]"),
        Case(Add(), [[2], [3], [3]], .shape, "one shape"),
        Case(Add(), [], .shape, "at least 1 input"),
        Case(Concatenate(), [], .shape, "at least 1 input"),
        Case(Concatenate(), [[2, 3], [3, 3]], .shape, "every axis but 2"),
        Case(Concatenate(axis: 1), [[2, 3], [2, 4]], .shape, "every axis but 1"),
        Case(Concatenate(), [[2, 3], [2]], .shape, "every axis but 2"),
        Case(Concatenate(axis: 0), [[2, 3], [2, 3]], .argument, "axis"),
        Case(Concatenate(axis: 3), [[2, 3], [2, 3]], .argument, "axis"),
        Case(Concatenate(axis: -3), [[2, 3], [2, 3]], .argument, "axis"),
        Case(Conv2D(filters: 1, kernelSize: 1), [[3, 3, 1], [3, 3, 1]], .shape, "one input"),
        Case(Dense(units: 1), [[3], [3]], .shape, "one input"),
        Case(Softmax(), [], .shape, "one input"),
        Case(Subtract(), [[2]], .shape, "takes two inputs"),
        Case(Subtract(), [[2, 3], [3, 2]], .shape, "one shape"),
        Case(Multiply(), [], .shape, "at least 1 input"),
        Case(Multiply(), [[2, 3], [3, 2]], .shape, "[[2, 3], [3, 2]]"),
        Case(Average(), [], .shape, "at least 1 input"),
        Case(Average(), [[4], [3]], .shape, "one shape"),
        Case(Maximum(), [], .shape, "at least 1 input"),
        Case(Maximum(), [[4], [3]], .shape, "one shape"),
        Case(Minimum(), [], .shape, "at least 1 input"),
        Case(Minimum(), [[4], [3]], .shape, "one shape"),
        Case(Dot(axes: 1), [[4]], .shape, "takes two inputs"),
        Case(Dot(axes: 1), [[4], [3]], .shape, "4 of [4] and 3 of [3]"),
        Case(Dot(axes: 0), [[4], [4]], .argument, "0 would be the batch"),
        Case(Dot(axes: [1, 3]), [[4], [3, 4]], .argument, "1...2"),
        Case(Dot(axes: Axes([.min])), [[4], [4]], .argument, "axes"),
        Case(Dot(axes: []), [[4], [4]], .argument, "one axis, or two"),
        Case(Identity(), [[4], [4]], .shape, "one input"),
        Case(LayerScale(), [[4], [4]], .shape, "one input"),
        Case(PositionEmbedding(), [[4], [4]], .shape, "one input"),
        Case(EinsumDense(equation: "ab,bc->ac", outputShape: [2]), [[4], [4]], .shape, "one input"),
        Case(Embedding(inputDim: 2, outputDim: 2), [[4], [4]], .shape, "one input"),
        Case(MultiHeadAttention(numHeads: 1, keyDim: 1), [], .shape, "one to three inputs"),
        Case(MultiHeadAttention(numHeads: 1, keyDim: 1), [[3, 4], [2, 2, 4]], .shape, "value [2, 2, 4]"),
        Case(MultiHeadAttention(numHeads: 1, keyDim: 1), [[3, 4], [2, 4], [3, 4]], .shape, "key [3, 4]"),
        Case(
            MultiHeadAttention(numHeads: 1, keyDim: 1, attentionAxes: [1]),
            [[3, 5, 4], [3, 6, 4]],
            .shape,
            "not attended over"
        ),
        Case(BatchNormalization(), [[3], [3]], .shape, "one input"),
    ]

    @Test(arguments: images + settings + merges + moving + augmentation)
    func badInput(_ bad: Case) throws {
        // The layer reads the input itself, and for each further shape a layer that has it.
        let input = Input(shape: bad.inputs.first ?? [1])
        let inputs = [input] + bad.inputs.dropFirst().map { Stand(shape: $0)(input) }
        let graph = bad.inputs.isEmpty ? Add()(bad.layer([]), input) : bad.layer(inputs)
        let error = try #require(throws: ConvNetError.self) {
            _ = try Model(inputs: input, outputs: graph)
        }
        #expect(error.kind == bad.kind)
        #expect(error.description.contains(bad.message), "\(error)")
        let name = snakeCase(type(of: bad.layer).kind)
        let place = bad.inputs.isEmpty ? 0 : inputs.count
        #expect(error.location?.hasPrefix("layer \(place) (\(name))") == true, "\(error)")
    }

    @Test func theChainSaysWhichLayerDoesNotFit() throws {
        let error = try #require(throws: ConvNetError.self) {
            _ = try Sequential(inputShape: [12, 12, 1]) {
                Conv2D(filters: 4, kernelSize: 3)
                MaxPooling2D()
                Conv2D(filters: 4, kernelSize: 3)
                MaxPooling2D()
                Conv2D(filters: 4, kernelSize: 3)
            }
        }
        #expect(error.kind == .shape)
        #expect(error.location == "layer 5 (conv2d_2)")
        #expect(error.received == "the height 1")
    }

    @Test(arguments: [Shape([]), [0, 3], [-1], [1 << 40, 1 << 40]])
    func aModelNeedsAnInput(_ shape: Shape) throws {
        let error = try #require(throws: ConvNetError.self) {
            _ = try Sequential(inputShape: shape, layers: [Flatten()])
        }
        #expect(error.kind == .shape)
        #expect(error.location?.hasPrefix("layer 0 (input_layer)") == true)
    }

    @Test func samplesMustFitTheModel() throws {
        let model = try Sequential(inputShape: [4, 4, 1], layers: [Conv2D(filters: 1, kernelSize: 3)])
        let error = try #require(throws: ConvNetError.self) {
            _ = try model.predict(Tensor(zeros: [2, 4, 4, 3]))
        }
        #expect(error.kind == .shape)
        #expect(error.description.contains("samples of shape [4, 4, 1]"), "\(error)")
    }

    @Test(
        "Samples that only lack an axis, or have it elsewhere: the error says what to do",
        arguments: [
            // input of the model, shape of the data, remedy
            (
                [28, 28, 1], [28, 28, 1],
                "The batch axis is missing: reshape [28, 28, 1] to [1, 28, 28, 1], or call predictOne"
            ),
            (
                [28, 28, 1], [28, 28],
                "The batch axis is missing: reshape [28, 28] to [1, 28, 28, 1], or call predictOne"
            ),
            ([28, 28, 1], [784], "The batch axis is missing: reshape [784] to [1, 28, 28, 1]"),
            ([28, 28, 1], [5, 784], "Reshape the samples to [5, 28, 28, 1]"),
            (
                [28, 28, 1], [5, 1, 28, 28],
                "The channel axis comes last: reshape the images to [5, 28, 28, 1]"
            ),
            (
                [8, 6, 3], [5, 3, 8, 6],
                "The channel axis comes last: move it behind height and width, to [5, 8, 6, 3]; a mere reshape would mix the channels up"
            ),
            (
                [8, 6, 3], [3, 8, 6],
                "The batch axis is missing, and the channel axis comes last: move it behind height and width, to [1, 8, 6, 3]; a mere reshape would mix the channels up"
            ),
            (
                [8, 6, 3], [8, 6, 3],
                "The batch axis is missing: reshape [8, 6, 3] to [1, 8, 6, 3], or call predictOne"
            ),
            ([10], [10], "The batch axis is missing: reshape [10] to [1, 10], or call predictOne"),
            ([10], [4, 5, 2], "Reshape the samples to [4, 10]"),
            ([28, 28, 1], [5, 32, 32, 1], nil),
            ([28, 28, 1], [7], nil),
        ] as [(Shape, Shape, String?)]
    )
    func hints(input: Shape, data: Shape, remedy: String?) throws {
        let model = try Sequential(inputShape: input, layers: [Flatten(), Dense(units: 2)])
        let x = try Tensor(zeros: data)
        for predict in [{ try model.predict(x) }, { try model.predictor().predict(x) }] {
            let error = try #require(throws: ConvNetError.self) { _ = try predict() }
            #expect(error.kind == .shape)
            #expect(error.remedy == remedy)
            #expect(error.received == "\(data[0]) of shape \(Shape(Array(data.dropFirst())))")
        }
    }
}

/// Gives its input another shape, without a look at it.
private struct Stand: SampleLayer {
    static let kind = "Stand"
    let shape: Shape
    func outputShape(for inputs: [Shape]) -> Shape { shape }
    func forward(_ sample: SampleContext) {}
    func backward(_ sample: SampleContext) {}
}
