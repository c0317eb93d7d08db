import SwiftConvNet
import TestSupport
import Testing

@Suite("Layers that run as one")
struct FusionTests {
    private static let input: Shape = [9, 8, 5]

    /// What layers compute one after the other, each in a model of its own, where nothing can be fused with it.
    private func apart(_ layers: [any Layer], like model: Sequential, _ x: Tensor) throws -> Tensor {
        var weights = model.parameters.map(\.values)
        var x = x
        for layer in layers {
            let single = try Sequential(inputShape: Shape(Array(x.shape.dropFirst())), layers: [layer])
            let count = single.parameters.count
            try single.setWeights(Array(weights.prefix(count)))
            weights.removeFirst(count)
            x = try single.predict(x)
        }
        return x
    }

    /// The last layer is the prediction, and stays apart; so one that nothing is fused with stands there.
    private func model(_ layers: [any Layer], path: ComputeOptions.ConvolutionPath = .automatic) throws
        -> Sequential
    {
        let model = try Sequential(
            inputShape: Self.input,
            layers: layers + [Rescaling(scale: 1)],
            seed: 1,
            options: ComputeOptions(convolutionPath: path)
        )
        try TestValues.randomizeParameters(of: model, seed: 3)
        for parameter in model.parameters where parameter.name.hasSuffix("moving_variance") {
            let positive = parameter.values.elements.map { abs($0) + 0.25 }
            try model.setParameters([parameter.name: Tensor(positive, shape: parameter.values.shape)])
        }
        return model
    }

    static let chains: [[any Layer]] = [
        [Conv2D(filters: 6, kernelSize: 3), BatchNormalization()],
        [Conv2D(filters: 6, kernelSize: 3, useBias: false), BatchNormalization(), ReLU()],
        [
            Conv2D(filters: 6, kernelSize: 3, padding: .same), BatchNormalization(scale: false),
            Activation(.tanh),
        ],
        [
            Conv2D(filters: 10, kernelSize: 2, strides: 2, groups: 5), BatchNormalization(center: false),
            ReLU(negativeSlope: 0.1),
        ],
        [Conv2D(filters: 6, kernelSize: 1), ReLU()],
        [Conv2D(filters: 6, kernelSize: 3, activation: .relu), BatchNormalization()],
        [BatchNormalization(), ReLU()],
        [Conv2D(filters: 4, kernelSize: 3, activation: .sigmoid), BatchNormalization(), Activation(.elu())],
        [Conv2D(filters: 4, kernelSize: 3, activation: .gelu()), BatchNormalization()],
        [Conv2D(filters: 6, kernelSize: 3, useBias: false), BatchNormalization(), Activation(.hardSilu)],
        [Conv2D(filters: 10, kernelSize: 3, groups: 5), BatchNormalization(), ReLU(maxValue: 6)],
        [
            Conv2D(filters: 6, kernelSize: 1, activation: .mish),
            Conv2D(filters: 4, kernelSize: 3, activation: .selu),
        ],
    ]

    @Test("outputs in use are those of the layers apart", arguments: chains.indices)
    func outputs(chain: Int) throws {
        let layers = Self.chains[chain]
        let x = try TestValues.uniform(Self.input.batched(19), seed: 2)
        for path in ComputeOptions.ConvolutionPath.allCases {
            let model = try model(layers, path: path)
            let expected = try apart(layers, like: model, x)
            // Rounding of another order, and of Winograd's transforms.
            expectClose(
                try model.predict(x, batchSize: 19),
                ReferenceTensor(expected),
                tolerance: 3e-5,
                "\(path)"
            )
        }
    }

    @Test("a normalisation is folded in use and by itself in training; it follows its statistics")
    func statistics() throws {
        let layers: [any Layer] = [
            Conv2D(filters: 6, kernelSize: 3), BatchNormalization(momentum: 0.5), ReLU(),
        ]
        let model = try model(layers)
        let x = try TestValues.uniform(Self.input.batched(20), seed: 2)
        let before = try model.predict(x)
        try model.compile(optimizer: .sgd(learningRate: 0), loss: .meanSquaredError())
        let y = try Tensor(zeros: model.outputShape.batched(20))
        try model.fit(x, y, batchSize: 20, verbose: .silent)
        let after = try model.predict(x)
        #expect(after != before)
        expectClose(
            after,
            ReferenceTensor(try apart(layers, like: model, x)),
            tolerance: 3e-5,
            "after a step"
        )
    }

    @Test(
        "gradients through a normalisation with its activation, and through a convolution with one, are right"
    )
    func gradients() throws {
        let fused: [any Layer] = [Conv2D(filters: 6, kernelSize: 3), BatchNormalization(), ReLU()]
        // A second reader of each value keeps the layers apart.
        let input = Input(shape: Self.input)
        let convolved = Conv2D(filters: 6, kernelSize: 3)(input)
        let normalized = BatchNormalization()(convolved)
        let activated = ReLU()(normalized)
        let sum = Add()(activated, Rescaling(scale: 0)(normalized), Rescaling(scale: 0)(convolved))
        let apart = try Model(inputs: input, outputs: sum)
        let together = try model(fused)
        try apart.setWeights(together.parameters.map(\.values))
        let x = try TestValues.distinct(Self.input.batched(18), seed: 5)
        let upstream = try TestValues.uniform(together.outputShape.batched(18), seed: 6)
        let a = try TrainingPass(together, x, upstream: upstream),
            b = try TrainingPass(apart, x, upstream: upstream)
        expectClose(a.outputs, ReferenceTensor(b.outputs), tolerance: 1e-5, "outputs")
        expectClose(a.sampleGradient, ReferenceTensor(b.sampleGradient), tolerance: 2e-5, "samples")
        for (name, gradient) in a.parameterGradients {
            let other = try #require(b.parameterGradients[name])
            expectClose(gradient, ReferenceTensor(other), tolerance: 2e-5, name)
        }
    }
}
