import Foundation
import SwiftConvNet
import Testing

@Suite("Layers: shapes, parameters, names, encodings")
struct ShapeInferenceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let layer: any Layer
        let inputs: [Shape]
        let output: Shape
        /// Names and shapes.
        let parameters: [String]

        init(_ layer: any Layer, _ inputs: Shape..., output: Shape, _ parameters: String...) {
            self.layer = layer
            self.inputs = inputs
            self.output = output
            self.parameters = parameters
        }

        var testDescription: String { "\(layer)".prefix(80) + " of \(inputs)" }
    }

    /// Sizes by Keras' rules, worked out by hand.
    static let cases: [Case] = [
        Case(
            Conv2D(filters: 32, kernelSize: 3),
            [28, 28, 1],
            output: [26, 26, 32],
            "kernel [3, 3, 1, 32]",
            "bias [32]"
        ),
        Case(
            Conv2D(filters: 8, kernelSize: [3, 5], padding: .same),
            [7, 9, 3],
            output: [7, 9, 8],
            "kernel [3, 5, 3, 8]",
            "bias [8]"
        ),
        Case(
            Conv2D(filters: 8, kernelSize: 3, strides: 2),
            [28, 27, 1],
            output: [13, 13, 8],
            "kernel [3, 3, 1, 8]",
            "bias [8]"
        ),
        Case(
            Conv2D(filters: 8, kernelSize: 3, strides: 2, padding: .same),
            [28, 27, 1],
            output: [14, 14, 8],
            "kernel [3, 3, 1, 8]",
            "bias [8]"
        ),
        Case(
            Conv2D(filters: 8, kernelSize: 3, strides: [3, 1]),
            [10, 4, 1],
            output: [3, 2, 8],
            "kernel [3, 3, 1, 8]",
            "bias [8]"
        ),
        Case(
            Conv2D(filters: 4, kernelSize: 3, dilationRate: 2),
            [9, 8, 2],
            output: [5, 4, 4],
            "kernel [3, 3, 2, 4]",
            "bias [4]"
        ),
        Case(
            Conv2D(filters: 6, kernelSize: 1, groups: 2, useBias: false),
            [5, 5, 4],
            output: [5, 5, 6],
            "kernel [1, 1, 2, 6]"
        ),
        Case(MaxPooling2D(), [13, 13, 5], output: [6, 6, 5]),
        Case(MaxPooling2D(padding: .same), [13, 13, 5], output: [7, 7, 5]),
        Case(MaxPooling2D(poolSize: 3, strides: 2), [13, 12, 5], output: [6, 5, 5]),
        Case(AveragePooling2D(poolSize: [2, 3]), [8, 8, 5], output: [4, 2, 5]),
        Case(AveragePooling2D(poolSize: 300), [300, 300, 1], output: [1, 1, 1]),
        Case(GlobalAveragePooling2D(), [4, 5, 6], output: [6]),
        Case(GlobalAveragePooling2D(keepDims: true), [4, 5, 6], output: [1, 1, 6]),
        Case(GlobalMaxPooling2D(), [4, 5, 6], output: [6]),
        Case(GlobalMaxPooling2D(keepDims: true), [4, 5, 6], output: [1, 1, 6]),
        Case(ZeroPadding2D(), [4, 5, 6], output: [6, 7, 6]),
        Case(ZeroPadding2D(padding: 0), [4, 5, 6], output: [4, 5, 6]),
        Case(ZeroPadding2D(padding: [0, 2]), [4, 5, 6], output: [4, 9, 6]),
        Case(ZeroPadding2D(padding: ((1, 2), (3, 4))), [4, 5, 6], output: [7, 12, 6]),
        Case(Flatten(), [4, 5, 6], output: [120]),
        Case(Reshape(targetShape: [8, -1, 3]), [4, 5, 6], output: [8, 5, 3]),
        Case(Reshape(targetShape: [120]), [4, 5, 6], output: [120]),
        Case(Dense(units: 7), [5], output: [7], "kernel [5, 7]", "bias [7]"),
        Case(Dense(units: 7, useBias: false), [4, 3, 5], output: [4, 3, 7], "kernel [5, 7]"),
        Case(Dropout(rate: 0.5), [4, 5], output: [4, 5]),
        Case(
            BatchNormalization(),
            [4, 5, 6],
            output: [4, 5, 6],
            "gamma [6]",
            "beta [6]",
            "moving_mean [6]",
            "moving_variance [6]"
        ),
        Case(
            BatchNormalization(center: false),
            [6],
            output: [6],
            "gamma [6]",
            "moving_mean [6]",
            "moving_variance [6]"
        ),
        Case(
            BatchNormalization(scale: false),
            [6],
            output: [6],
            "beta [6]",
            "moving_mean [6]",
            "moving_variance [6]"
        ),
        Case(
            BatchNormalization(axis: 1),
            [4, 5, 6],
            output: [4, 5, 6],
            "gamma [4]",
            "beta [4]",
            "moving_mean [4]",
            "moving_variance [4]"
        ),
        Case(LayerNormalization(), [4, 5, 6], output: [4, 5, 6], "gamma [6]", "beta [6]"),
        Case(
            LayerNormalization(axis: [-1, 1], scale: false),
            [4, 5, 6],
            output: [4, 5, 6],
            "beta [4, 6]"
        ),
        Case(GroupNormalization(groups: 3), [4, 6], output: [4, 6], "gamma [6]", "beta [6]"),
        Case(GroupNormalization(groups: -1, axis: 1, center: false), [4, 6], output: [4, 6], "gamma [4]"),
        Case(RMSNormalization(axis: [2, 3]), [4, 5, 6], output: [4, 5, 6], "scale [5, 6]"),
        Case(UnitNormalization(axis: 1), [4, 5], output: [4, 5]),
        Case(
            SpectralNormalization(Dense(units: 7), powerIterations: 2),
            [4, 5],
            output: [4, 7],
            "layer/kernel [5, 7]",
            "vector_u [1, 7]",
            "layer/bias [7]"
        ),
        Case(SpatialDropout1D(rate: 0.5), [4, 5], output: [4, 5]),
        Case(SpatialDropout2D(rate: 0.5, seed: 3), [4, 5, 6], output: [4, 5, 6]),
        Case(SpatialDropout3D(rate: 0.5), [4, 5, 6, 7], output: [4, 5, 6, 7]),
        Case(Dropout(rate: 0.5, noiseShape: [nil, 1, nil], seed: 1), [4, 5], output: [4, 5]),
        Case(AlphaDropout(rate: 0.5, noiseShape: [1, nil]), [4], output: [4]),
        Case(GaussianNoise(stddev: 0.5, seed: .max), [4, 5], output: [4, 5]),
        Case(GaussianDropout(rate: 0.5), [4, 5], output: [4, 5]),
        Case(LeakyReLU(), [4, 5], output: [4, 5]),
        Case(ELU(alpha: 0.5), [4, 5], output: [4, 5]),
        Case(PReLU(), [4, 5], output: [4, 5], "alpha [4, 5]"),
        Case(PReLU(sharedAxes: [1, -2]), [4, 5, 6], output: [4, 5, 6], "alpha [1, 1, 6]"),
        Case(Activation(.glu), [4, 6], output: [4, 3]),
        Case(Dense(units: 8, activation: .glu), [5], output: [4], "kernel [5, 8]", "bias [8]"),
        Case(Activation(.relu(negativeSlope: 0.1, maxValue: 3)), [4, 5], output: [4, 5]),
        Case(Activation(.threshold(threshold: 1, defaultValue: 0)), [4, 5], output: [4, 5]),
        Case(Activation(.tanh), [4, 5], output: [4, 5]),
        Case(ReLU(maxValue: 6), [4, 5], output: [4, 5]),
        Case(Softmax(), [4, 5], output: [4, 5]),
        Case(Rescaling(scale: 2), [4, 5], output: [4, 5]),
        Case(Add(), [4, 5], [4, 5], output: [4, 5]),
        Case(Add(), [4, 1, 3], [5, 1], output: [4, 5, 3]),
        Case(Concatenate(), [4, 5], [4, 2], output: [4, 7]),
        Case(Concatenate(axis: 1), [4, 5], [1, 5], output: [5, 5]),
        Case(Subtract(), [4, 1, 3], [5, 1], output: [4, 5, 3]),
        Case(Multiply(), [4, 5], [5], [4, 1], output: [4, 5]),
        Case(Average(), [4, 5], [1, 5], output: [4, 5]),
        Case(Maximum(), [4, 5], [4, 5], output: [4, 5]),
        Case(Minimum(), [4, 5], [1], output: [4, 5]),
        Case(Dot(axes: 1), [4], [4], output: [1]),
        Case(Dot(axes: [1, 2], normalize: true), [3, 5], [10, 3], output: [5, 10]),
        Case(Dot(axes: [2, 1]), [3, 4, 5], [4, 2], output: [3, 5, 2]),
        Case(Softmax(axis: 1), [4, 5], output: [4, 5]),
        Case(Softmax(axis: [1, -1]), [4, 5], output: [4, 5]),
        Case(Identity(), [4, 5], output: [4, 5]),
        Case(
            EinsumDense(equation: "abc,cd->abd", outputShape: [nil, 7], biasAxes: "d"),
            [4, 5],
            output: [4, 7],
            "kernel [5, 7]",
            "bias [7]"
        ),
        Case(
            EinsumDense(equation: "...b, bcd -> ...dc", outputShape: [2, 7], biasAxes: "d"),
            [3, 4, 5],
            output: [3, 4, 2, 7],
            "kernel [5, 7, 2]",
            "bias [2, 1]"
        ),
        Case(
            EinsumDense(equation: "ab...,bc->ac...", outputShape: [7]),
            [4, 5],
            output: [7, 5],
            "kernel [4, 7]"
        ),
        Case(LayerScale(), [4, 5], output: [4, 5], "gamma [5]"),
        Case(PositionEmbedding(), [4, 5], output: [4, 5], "embeddings [4, 5]"),
        Case(Embedding(inputDim: 9, outputDim: 3), [4, 5], output: [4, 5, 3], "embeddings [9, 3]"),
        Case(
            MultiHeadAttention(numHeads: 2, keyDim: 3),
            [4, 5],
            output: [4, 5],
            "query/kernel [5, 2, 3]",
            "query/bias [2, 3]",
            "key/kernel [5, 2, 3]",
            "key/bias [2, 3]",
            "value/kernel [5, 2, 3]",
            "value/bias [2, 3]",
            "attention_output/kernel [2, 3, 5]",
            "attention_output/bias [5]"
        ),
        Case(
            MultiHeadAttention(
                numHeads: 2,
                keyDim: 3,
                valueDim: 4,
                dropout: 0.1,
                useBias: false,
                outputShape: [6, 7],
                attentionAxes: [-2],
                useGate: true
            ),
            [2, 4, 5],
            [2, 3, 9],
            [2, 3, 8],
            output: [2, 4, 6, 7],
            "query/kernel [5, 2, 3]",
            "key/kernel [8, 2, 3]",
            "gate/kernel [5, 2, 4]",
            "value/kernel [9, 2, 4]",
            "attention_output/kernel [2, 4, 6, 7]"
        ),
    ]

    @Test(arguments: cases + moving + augmentation)
    func shapes(_ item: Case) throws {
        #expect(try item.layer.outputShapes(for: item.inputs) == [item.output])
        let parameters = try item.layer.parameterSpecs(for: item.inputs)
        #expect(parameters.map { "\($0.name) \($0.shape)" } == item.parameters)
        let states = ["mean", "variance", "count", "vector_u"]
        #expect(
            parameters.filter { !$0.isTrainable }.allSatisfy {
                $0.name.hasPrefix("moving_") || states.contains($0.name)
            }
        )
    }

    @Test(arguments: cases + moving + augmentation)
    func encodings(_ item: Case) throws {
        func roundTrip<L: Layer>(_ layer: L) throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let data = try encoder.encode(layer)
            let decoded = try JSONDecoder().decode(L.self, from: data)
            #expect(try encoder.encode(decoded) == data)
            #expect(try decoded.outputShapes(for: item.inputs) == [item.output])
        }
        try roundTrip(item.layer)
    }

    @Test func defaultsAreKeras() {
        let normalization = BatchNormalization()
        #expect(normalization.momentum == 0.99)
        #expect(normalization.epsilon == 1e-3)
        #expect(normalization.center && normalization.scale)
        #expect(MaxPooling2D(poolSize: 3).strides == 3)
        #expect(AveragePooling2D(poolSize: [2, 3]).strides == [2, 3])
        #expect(Concatenate().axis == -1)
        #expect(Softmax().axis == -1)
        let attention = MultiHeadAttention(numHeads: 1, keyDim: 1)
        #expect(
            attention.valueDim == nil && attention.dropout == 0 && attention.useBias && !attention.useGate
        )
        #expect(attention.outputShape == nil && attention.attentionAxes == nil)
        #expect(!Dot(axes: 1).normalize)
        #expect(
            Embedding(inputDim: 1, outputDim: 1).embeddingsInitializer as? RandomUniform == RandomUniform()
        )
        #expect(Rescaling(scale: 1).offset == [0])
        #expect(ReLU().maxValue == nil)
        #expect(LeakyReLU().negativeSlope == 0.3)
        #expect(ELU().alpha == 1)
        #expect(PReLU().sharedAxes == nil)
        #expect(LayerNormalization().axis == -1 && LayerNormalization().epsilon == 1e-3)
        #expect(GroupNormalization().groups == 32 && GroupNormalization().epsilon == 1e-3)
        #expect(RMSNormalization().epsilon == 1e-6)
    }

    /// Arguments that came later are not in files that do not use them, so older files are read, and files are as they were.
    @Test func laterArgumentsAreLeftOut() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(Dropout(rate: 0.5)), as: UTF8.self) == #"{"rate":0.5}"#)
        let normalization = String(decoding: try encoder.encode(BatchNormalization()), as: UTF8.self)
        #expect(!normalization.contains("axis") && normalization.contains(#""gammaInitializer":{"#))
        let other = try encoder.encode(BatchNormalization(axis: 1, name: "n"))
        #expect(try JSONDecoder().decode(BatchNormalization.self, from: other).axis == 1)
    }

    @Test func namesAreCountedPerModel() throws {
        let layers: [any Layer] = [
            Conv2D(filters: 1, kernelSize: 1), Conv2D(filters: 1, kernelSize: 1), BatchNormalization(),
            ReLU(),
            MaxPooling2D(), AveragePooling2D(poolSize: 1), ZeroPadding2D(), Rescaling(scale: 1),
            Conv2D(filters: 1, kernelSize: 1, name: "conv2d_2"), Conv2D(filters: 1, kernelSize: 1),
            GlobalMaxPooling2D(keepDims: true), GlobalAveragePooling2D(), Reshape(targetShape: [-1]),
            Flatten(),
            Dropout(rate: 0), Dense(units: 2), Dense(units: 2), Activation(.relu), Softmax(),
        ]
        // Twice, for names are counted in a model and not in the process.
        for _ in 0..<2 {
            let model = try Sequential(inputShape: [4, 4, 1], layers: layers)
            #expect(
                model.graph.nodes.map(\.name) == [
                    "input_layer", "conv2d", "conv2d_1", "batch_normalization", "re_lu", "max_pooling2d",
                    "average_pooling2d", "zero_padding2d", "rescaling", "conv2d_2", "conv2d_3",
                    "global_max_pooling2d",
                    "global_average_pooling2d", "reshape", "flatten", "dropout", "dense", "dense_1",
                    "activation",
                    "softmax",
                ]
            )
        }
    }

    @Test(arguments: ["", "a/b", "twice"])
    func namesMustBeUnique(_ name: String) throws {
        let error = try #require(throws: ConvNetError.self) {
            _ = try Sequential(
                inputShape: [2],
                layers: [Flatten(name: "twice"), Dense(units: 1, name: name)]
            )
        }
        #expect(error.kind == .argument)
        #expect(error.location == "layer 2")
    }
}
