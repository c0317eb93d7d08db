import SwiftConvNet
import TestSupport
import Testing

@Suite("Winograd convolution")
struct WinogradTests {
    static let paths: [ComputeOptions.ConvolutionPath] = [.winograd2x2, .winograd4x4]

    /// Sizes and batches for both ways of running it: blocks (many tiles, 16 samples or more) and batched.
    struct Layout: CustomStringConvertible, Sendable {
        let input: Shape
        let filters: Int
        let batch: Int
        let padding: Padding
        let activation: ActivationFunction
        let useBias: Bool

        init(
            _ input: Shape,
            _ filters: Int,
            batch: Int,
            _ padding: Padding = .same,
            _ activation: ActivationFunction = .linear,
            bias: Bool = true
        ) {
            self.input = input
            self.filters = filters
            self.batch = batch
            self.padding = padding
            self.activation = activation
            useBias = bias
        }

        var layer: Conv2D {
            Conv2D(
                filters: filters,
                kernelSize: 3,
                padding: padding,
                activation: activation,
                useBias: useBias
            )
        }
        var description: String { "\(input)→\(filters), batch \(batch), \(padding), \(activation)" }

        func pass(_ path: ComputeOptions.ConvolutionPath, threads: Int? = nil) throws -> TrainingPass {
            let model = try model(path, threads: threads)
            return try TrainingPass(
                model,
                TestValues.distinct(input.batched(batch), seed: 8),
                upstream: TestValues.uniform(model.outputShape.batched(batch), seed: 9)
            )
        }

        func model(_ path: ComputeOptions.ConvolutionPath, threads: Int? = nil) throws -> Model {
            let options = ComputeOptions(threads: threads, convolutionPath: path)
            let model = try singleLayerModel(layer, inputs: [input], options: options)
            try TestValues.randomizeParameters(of: model, seed: 4)
            return model
        }
    }

    static let layouts = [
        Layout([3, 3, 1], 1, batch: 1, .valid),
        Layout([4, 5, 3], 2, batch: 1),
        Layout([7, 7, 9], 5, batch: 3, .same, .relu),
        Layout([9, 11, 4], 6, batch: 17, .valid, .tanh),
        Layout([13, 13, 8], 16, batch: 2, .valid, .relu, bias: false),
        // Blocks of several images, and of parts of one.
        Layout([13, 13, 3], 4, batch: 96, .valid, .relu),
        Layout([31, 29, 2], 3, batch: 16, .same, .relu),
        Layout([50, 49, 2], 3, batch: 18, .same, .sigmoid),
        // Batched, in several waves.
        Layout([14, 14, 160], 130, batch: 9),
    ]

    private func expectSame(_ a: TrainingPass, _ b: TrainingPass, tolerance: Double, _ what: String) {
        expectClose(a.outputs, ReferenceTensor(b.outputs), tolerance: tolerance, "\(what): outputs")
        expectClose(
            a.sampleGradient,
            ReferenceTensor(b.sampleGradient),
            tolerance: tolerance,
            "\(what): samples"
        )
        #expect(a.parameterGradients.keys.sorted() == b.parameterGradients.keys.sorted())
        for (name, gradient) in a.parameterGradients {
            guard let other = b.parameterGradients[name] else { continue }
            expectClose(gradient, ReferenceTensor(other), tolerance: tolerance, "\(what): \(name)")
        }
    }

    /// The paths' errors, relative to the largest value, are up to 2.5e-6 (4×4) and 1e-6 (2×2): see docs/design/convolution.md.
    @Test("outputs and gradients equal those of im2col", arguments: layouts, paths)
    func equalsIm2col(layout: Layout, path: ComputeOptions.ConvolutionPath) throws {
        let expected = try layout.pass(.im2col)
        try expectSame(
            layout.pass(path),
            expected,
            tolerance: 1e-5,
            "\(layout), \(path)"
        )
    }

    @Test("the same bits on any number of workers", arguments: layouts, paths)
    func sameBits(layout: Layout, path: ComputeOptions.ConvolutionPath) throws {
        let one = try layout.pass(path, threads: 1)
        for threads in 2...4 {
            let other = try layout.pass(path, threads: threads)
            #expect(other.outputs == one.outputs)
            #expect(other.sampleGradient == one.sampleGradient)
            #expect(other.parameterGradients == one.parameterGradients)
        }
    }

    @Test("the summary shows the path, and whether it is batched")
    func summary() throws {
        let blocks = try Layout([28, 28, 8], 16, batch: 32).model(.winograd4x4)
        #expect(try blocks.summary(batchSize: 32, characters: .unicode).contains("Winograd F(4×4)"))
        #expect(try !blocks.summary(batchSize: 32, characters: .unicode).contains("batched"))
        #expect(try blocks.summary(batchSize: 1, characters: .unicode).contains("batched"))
    }

    @Test("layers that it does not suit are computed by im2col", arguments: paths)
    func fallsBack(path: ComputeOptions.ConvolutionPath) throws {
        for layer in [
            Conv2D(filters: 4, kernelSize: 5), Conv2D(filters: 4, kernelSize: 3, strides: 2),
            Conv2D(filters: 4, kernelSize: 3, dilationRate: 2), Conv2D(filters: 4, kernelSize: 3, groups: 2),
        ] {
            let model = try Sequential(
                inputShape: [9, 9, 4],
                layers: [layer],
                options: ComputeOptions(convolutionPath: path)
            )
            #expect(try model.summary(batchSize: 1, characters: .unicode).contains("im2col"))
        }
    }

    @Test("transformed weights follow the weights: set, loaded, trained")
    func weightsThatChange() throws {
        let layout = Layout([8, 8, 3], 4, batch: 2)
        let model = try layout.model(.winograd4x4)
        let x = try TestValues.uniform([2, 8, 8, 3], seed: 1)
        let before = try model.predict(x)
        let name = try #require(model.store.entries.first).name
        try model.setParameters([name: Tensor(zeros: [3, 3, 3, 4])])
        let after = try model.predict(x)
        #expect(after != before)
        let bias = try model.parameter(named: model.store.entries[1].name)
        for (place, value) in after.elements.enumerated() { #expect(value == bias.elements[place % 4]) }
        try model.compile(optimizer: .sgd(learningRate: 0.5), loss: .meanSquaredError())
        try model.fit(
            x,
            try Tensor(shape: [2, 8, 8, 4], repeating: 1),
            batchSize: 2,
            verbose: .silent,
            shuffle: false
        )
        let trained = try model.predict(x)
        #expect(trained != after)
        let im2col = try Layout([8, 8, 3], 4, batch: 2).model(.im2col)
        try im2col.setWeights(model.parameters.map(\.values))
        expectClose(trained, ReferenceTensor(try im2col.predict(x)), tolerance: 4e-5, "after a step")
    }

    static let layerShapes: [(Shape, Int)] = [([13, 13, 32], 64), ([14, 14, 64], 64), ([7, 7, 128], 32)]

    /// Errors relative to the largest output, against the formula in double precision, on shapes of real layers.
    @Test("accuracy on layers' shapes", arguments: layerShapes)
    func accuracy(input: Shape, filters: Int) throws {
        let x = try TestValues.uniform(input.batched(2), seed: 1)
        for (path, tolerance) in [
            (ComputeOptions.ConvolutionPath.im2col, 1e-6), (.winograd2x2, 2e-6), (.winograd4x4, 5e-6),
        ] {
            let model = try singleLayerModel(
                Conv2D(filters: filters, kernelSize: 3, padding: .same),
                inputs: [input],
                options: ComputeOptions(convolutionPath: path)
            )
            let values = try model.store.entries.map { ReferenceTensor(try model.parameter(named: $0.name)) }
            let expected = Reference.conv2D(
                ReferenceTensor(x),
                kernel: values[0],
                bias: values[1],
                padding: .same
            )
            expectClose(try model.predict(x), expected, tolerance: tolerance, "\(path)")
        }
    }
}
