import SwiftConvNet
import TestSupport
import Testing

@Suite("Layers: outputs and gradients against the oracles")
struct LayerGradientTests {
    @Test(arguments: LayerCase.convolutions)
    func convolution(_ layer: LayerCase) throws { try layer.check() }

    @Test(arguments: LayerCase.convolutions, [ComputeOptions.ConvolutionPath.im2col, .direct])
    func convolution(_ layer: LayerCase, by path: ComputeOptions.ConvolutionPath) throws {
        try layer.check(options: ComputeOptions(convolutionPath: path))
    }

    @Test(arguments: LayerCase.convolutions.filter { !$0.name.hasSuffix("blocks") })
    func naiveConvolution(_ layer: LayerCase) throws {
        try layer.check(options: ComputeOptions(convolutionPath: .naive))
    }

    @Test(
        arguments: LayerCase.sequencesAndVolumes,
        [ComputeOptions.ConvolutionPath.automatic, .im2col, .naive]
    )
    func otherAxes(_ layer: LayerCase, by path: ComputeOptions.ConvolutionPath) throws {
        try layer.check(options: ComputeOptions(convolutionPath: path))
    }

    @Test(arguments: LayerCase.transposedConvolutions, [GEMMPath.openBLAS, .naive])
    func transposed(_ layer: LayerCase, by path: GEMMPath) throws {
        try layer.check(options: ComputeOptions(gemmPath: path))
    }

    @Test(arguments: LayerCase.poolingsOfOtherAxes)
    func poolingOfOtherAxes(_ layer: LayerCase) throws { try layer.check() }

    @Test(arguments: LayerCase.poolings)
    func pooling(_ layer: LayerCase) throws { try layer.check() }

    @Test(arguments: LayerCase.denseLayers)
    func dense(_ layer: LayerCase) throws { try layer.check() }

    @Test(arguments: LayerCase.normalizations)
    func normalization(_ layer: LayerCase) throws { try layer.check() }

    @Test(arguments: LayerCase.sampleNormalizations)
    func sampleNormalization(_ layer: LayerCase) throws { try layer.check() }

    @Test(arguments: LayerCase.activationLayers)
    func activationLayer(_ layer: LayerCase) throws { try layer.check() }

    @Test(arguments: LayerCase.others)
    func other(_ layer: LayerCase) throws { try layer.check() }

    @Test(arguments: LayerCase.movingLayers)
    func moving(_ layer: LayerCase) throws { try layer.check() }

    @Test(
        arguments: LayerCase.depthwiseConvolutions,
        [ComputeOptions.ConvolutionPath.automatic, .im2col, .naive]
    )
    func depthwise(_ layer: LayerCase, by path: ComputeOptions.ConvolutionPath) throws {
        try layer.check(options: ComputeOptions(convolutionPath: path))
    }

    @Test(arguments: LayerCase.merges)
    func merge(_ layer: LayerCase) throws { try layer.check() }

    /// Every function, and parameters other than the default.
    static let activations: [ActivationFunction] = [
        .linear, .relu, .sigmoid, .tanh, .softmax, .leakyReLU(), .leakyReLU(negativeSlope: 0.3),
        .leakyReLU(negativeSlope: -0.5), .elu(), .elu(alpha: 0.7), .elu(alpha: -0.4), .gelu(),
        .gelu(approximate: true), .silu, .softplus, .relu6, .relu(maxValue: 1.1),
        .relu(negativeSlope: 0.25, maxValue: 1.37, threshold: 0.31), .selu, .celu(), .celu(alpha: 0.4),
        .celu(alpha: -0.7), .logSoftmax, .logSigmoid, .sparseSigmoid, .hardSigmoid, .hardTanh,
        .tanhShrink, .sparsePlus, .squareplus(), .squareplus(b: 0.3), .softsign, .hardSilu, .glu, .mish,
        .softShrink(threshold: 0.47), .softShrink(threshold: -0.21), .hardShrink(threshold: 0.47),
        .threshold(threshold: 0.31, defaultValue: -2),
        .exponential,
    ]

    @Test(arguments: activations, [Shape([8]), [2, 3, 6]])
    func activation(_ function: ActivationFunction, _ shape: Shape) throws {
        try LayerCase(name: "\(function)", layer: Activation(function), inputs: [shape], batch: 9) {
            inputs,
            _ in
            Reference.activate(inputs[0], function)
        }.check()
    }

    /// Of values that lie on no lattice, so that none is just at the threshold.
    @Test(arguments: [5, 8, 33])
    func sparsemax(channels: Int) throws {
        let model = try singleLayerModel(Activation(.sparsemax), inputs: [[3, channels]])
        let x = try TestValues.uniform([7, 3, channels], seed: 5, limit: 0.8)
        let check = try GradientCheck(model, x) { x, _ in Reference.activate(x, .sparsemax) }
        #expect(check.problems.isEmpty, "\(check.problems)")
    }

    @Test(arguments: [
        ActivationFunction.custom(Cube(factor: 0.5)),
        .custom(name: "cube", value: { 0.5 * $0 * $0 * $0 }, derivative: { 1.5 * $0 * $0 }),
    ])
    func activationOfAUser(_ function: ActivationFunction) throws {
        try LayerCase(
            name: "\(function)",
            layer: Dense(units: 6, activation: function),
            inputs: [[5]],
            batch: 9
        ) { inputs, parameters in
            Reference.dense(
                inputs[0],
                kernel: parameters["kernel"] ?? inputs[0],
                bias: parameters["bias"]
            ).map { 0.5 * $0 * $0 * $0 }
        }.check()
    }

    /// As a part of the layer before, where it can be one.
    @Test(arguments: activations)
    func activationOfALayer(_ function: ActivationFunction) throws {
        try LayerCase(
            name: "\(function)",
            layer: Dense(units: 6, activation: function),
            inputs: [[5]],
            batch: 9
        ) { inputs, parameters in
            let linear = Reference.dense(
                inputs[0],
                kernel: parameters["kernel"] ?? inputs[0],
                bias: parameters["bias"]
            )
            return Reference.activate(linear, function)
        }.check()
    }
}
