import SwiftConvNet

extension KerasLayers {
    static let core: [KerasRule<any Layer>] = [
        rule(Dense(units: 1)),
        rule(EinsumDense(equation: "ab,bc->ac", outputShape: [1], biasAxes: "c"), optional: ["biasAxes"]),
        rule(Embedding(inputDim: 1, outputDim: 1), fixed: ["mask_zero": [false]]),
        rule(Identity()), rule(LayerScale()), rule(ActivityRegularization()),
        rule(
            MultiHeadAttention(numHeads: 1, keyDim: 1, valueDim: 1, outputShape: [1], attentionAxes: [1]),
            optional: ["valueDim", "outputShape", "attentionAxes"]
        ),
    ]

    static let noise: [KerasRule<any Layer>] =
        [Dropout(rate: 0.5), AlphaDropout(rate: 0.5)].map { (layer: any Layer) in
            rule(layer, optional: ["noiseShape", "seed"])
        }
        + [
            SpatialDropout1D(rate: 0.5), SpatialDropout2D(rate: 0.5), SpatialDropout3D(rate: 0.5),
            GaussianDropout(rate: 0.5), GaussianNoise(stddev: 0.5),
        ].map { (layer: any Layer) in rule(layer, optional: ["seed"]) }

    static let merging: [KerasRule<any Layer>] = [
        rule(Add()), rule(Average()), rule(Maximum()), rule(Minimum()), rule(Multiply()), rule(Subtract()),
        rule(Concatenate()), rule(Dot(axes: [1])),
    ]

    static let activations: [KerasRule<any Layer>] = [
        rule(Activation(.linear), renamed: ["function": "activation"]),
        rule(ReLU(maxValue: 6), optional: ["maxValue"]),
        rule(LeakyReLU(), formerly: ["alpha": "negative_slope"]),
        rule(PReLU(sharedAxes: [1]), optional: ["sharedAxes"]),
        rule(ELU()), rule(Softmax(axis: [1, 2]), optional: ["axis"]),
    ]
}
