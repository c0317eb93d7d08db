import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Convolution and matrix products: all paths agree")
struct ConvolutionPathTests {
    /// A convolution drawn at random, small enough for the plain loops.
    private struct Shape2D: CustomStringConvertible {
        let layer: Conv2D
        let input: Shape
        let batch: Int

        init(_ random: inout RandomStream) {
            func pick(_ range: ClosedRange<Int>) -> Int {
                range.lowerBound + random.integer(below: range.count)
            }
            let groups = pick(1...3)
            let kernel = Size2D(pick(1...4), pick(1...4))
            let strided = pick(0...1) == 0
            let strides = strided ? Size2D(pick(1...3), pick(1...3)) : 1
            let dilation = strided ? 1 : Size2D(pick(1...2), pick(1...3))
            let padding: Padding = pick(0...1) == 0 ? .valid : .same
            let smallest = padding == .same ? 1 : (kernel.height - 1) * dilation.height + 1
            let narrowest = padding == .same ? 1 : (kernel.width - 1) * dilation.width + 1
            layer = Conv2D(
                filters: groups * pick(1...3),
                kernelSize: kernel,
                strides: strides,
                padding: padding,
                dilationRate: dilation,
                groups: groups,
                activation: [.linear, .relu, .sigmoid][pick(0...2)],
                useBias: pick(0...3) > 0
            )
            input = [smallest + pick(0...5), narrowest + pick(0...5), groups * pick(1...3)]
            batch = [1, 1, 2, 3, 9][pick(0...4)]
        }

        var description: String {
            "\(input), batch \(batch), \(layer.filters) filters, window \(layer.kernelSize), strides \(layer.strides), "
                + "\(layer.padding), dilation \(layer.dilationRate), \(layer.groups) groups, \(layer.activation)"
        }

        func pass(_ options: ComputeOptions) throws -> TrainingPass {
            let model = try singleLayerModel(layer, inputs: [input], options: options)
            try TestValues.randomizeParameters(of: model, seed: 4)
            return try TrainingPass(
                model,
                TestValues.distinct(input.batched(batch), seed: 8),
                upstream: TestValues.uniform(model.outputShape.batched(batch), seed: 9)
            )
        }
    }

    private func expectSame(_ a: TrainingPass, _ b: TrainingPass, tolerance: Double = 1e-5, _ what: String) {
        expectClose(a.outputs, ReferenceTensor(b.outputs), tolerance: tolerance, "\(what): outputs")
        expectClose(
            a.sampleGradient,
            ReferenceTensor(b.sampleGradient),
            tolerance: tolerance,
            "\(what): gradient of samples"
        )
        #expect(a.parameterGradients.keys.sorted() == b.parameterGradients.keys.sorted())
        for (name, gradient) in a.parameterGradients {
            guard let other = b.parameterGradients[name] else { continue }
            expectClose(gradient, ReferenceTensor(other), tolerance: tolerance, "\(what): \(name)")
        }
    }

    @Test("im2col and direct equal the plain loops, on 240 random shapes", arguments: 0..<8)
    func randomShapes(part: UInt32) throws {
        var random = RandomStream(seed: 2024, purpose: .user, part)
        for _ in 0..<30 {
            let shape = Shape2D(&random)
            let naive = try shape.pass(ComputeOptions(convolutionPath: .naive))
            for path in [ComputeOptions.ConvolutionPath.im2col, .direct] {
                let pass = try shape.pass(ComputeOptions(convolutionPath: path))
                expectSame(pass, naive, "\(path), \(shape)")
            }
        }
    }

    /// Convolutions of both paths, a dense layer, more samples than shards.
    private func network(_ options: ComputeOptions) throws -> TrainingPass {
        let model = try Sequential(inputShape: [9, 8, 2], seed: 5, options: options) {
            Conv2D(filters: 5, kernelSize: 3, padding: .same, activation: .relu)
            Conv2D(filters: 6, kernelSize: 1, activation: .tanh)
            MaxPooling2D()
            Conv2D(filters: 4, kernelSize: [2, 3], strides: [2, 1], groups: 2)
            Flatten()
            Dense(units: 10, activation: .softmax)
        }
        return try TrainingPass(
            model,
            TestValues.distinct([21, 9, 8, 2], seed: 1),
            upstream: TestValues.uniform([21, 10], seed: 2)
        )
    }

    @Test(arguments: GEMMPath.allCases)
    func matrixProducts(_ path: GEMMPath) throws {
        try expectSame(
            network(ComputeOptions(gemmPath: path)),
            network(ComputeOptions(gemmPath: .naive)),
            "\(path)"
        )
    }

    @Test(arguments: ComputeOptions.ConvolutionPath.allCases)
    func convolutions(_ path: ComputeOptions.ConvolutionPath) throws {
        try expectSame(
            network(ComputeOptions(convolutionPath: path)),
            network(ComputeOptions(convolutionPath: .naive)),
            "\(path)"
        )
    }

    /// The path that the summary names for the only layer.
    private func path(
        _ layer: Conv2D,
        _ input: Shape,
        _ options: ComputeOptions = ComputeOptions()
    ) throws -> String {
        let summary = try Sequential(inputShape: input, layers: [layer], options: options)
            .summary(batchSize: 32, lineLength: 120, characters: .unicode)
        let row = try #require(summary.split(separator: "\n").first { $0.contains("(Conv2D)") })
        let cells = row.split(separator: "│").map { $0.trimmingCharacters(in: .whitespaces) }
        return try #require(cells.last { !$0.isEmpty })
    }

    @Test func aLayerCanBeForcedToAPath() throws {
        func forced(_ layer: ComputeOptions.ConvolutionPath?, _ model: ComputeOptions.ConvolutionPath) throws
            -> String
        {
            try path(
                Conv2D(filters: 7, kernelSize: 5, convolutionPath: layer),
                [8, 8, 9],
                ComputeOptions(convolutionPath: model)
            )
        }
        #expect(try forced(nil, .im2col) == "im2col, openBLAS")
        #expect(try forced(nil, .direct) == "direct")
        #expect(try forced(nil, .naive) == "naive")
        #expect(try forced(.direct, .im2col) == "direct")
        #expect(try forced(.im2col, .direct) == "im2col, openBLAS")
        #expect(try forced(.automatic, .naive) == "direct")
    }

    @Test(
        "A path that the layer names and that cannot compute it is an error with the reason",
        arguments: [
            (Conv2D(filters: 6, kernelSize: 3, groups: 2, convolutionPath: .direct), "2 groups are neither"),
            (Conv2D(filters: 6, kernelSize: 5, convolutionPath: .winograd4x4), "the window is not 3×3"),
            (Conv2D(filters: 6, kernelSize: 3, strides: 2, convolutionPath: .winograd2x2), "are not 1"),
            (
                Conv2D(filters: 6, kernelSize: 3, groups: 2, convolutionPath: .winograd2x2),
                "there are 2 groups"
            ),
            (
                Conv3D(filters: 4, kernelSize: 3, groups: 4, convolutionPath: .direct),
                "the image has a depth, and a group for each channel"
            ),
        ] as [(any Layer, String)]
    )
    func refusals(layer: any Layer, reason: String) throws {
        let input: Shape = layer is Conv3D ? [8, 8, 8, 4] : [8, 8, 4]
        let model = try Sequential(inputShape: input, layers: [layer])
        let error = try #require(throws: ConvNetError.self) {
            _ = try model.predict(Tensor(zeros: input.batched(1)))
        }
        #expect(error.kind == .argument)
        #expect(error.description.contains(reason), "\(error)")
        #expect(
            error.location?.contains("convolutionPath") == true && error.remedy?.contains(".im2col") == true
        )
    }

    @Test func forcedLayersThatDoNotSuit() throws {
        let direct = ComputeOptions(convolutionPath: .direct)
        #expect(
            try path(Conv2D(filters: 6, kernelSize: 3, groups: 2), [8, 8, 4], direct) == "im2col, openBLAS"
        )
        #expect(try path(Conv2D(filters: 600, kernelSize: 3), [8, 8, 512], direct) == "direct")
    }

    @Test(
        "In use the library takes Winograd for 3×3, the direct path where filters make whole panels, else im2col"
    )
    func automatic() throws {
        #expect(try path(Conv2D(filters: 32, kernelSize: 3), [28, 28, 1]) == "direct, packed")
        #expect(try path(Conv2D(filters: 64, kernelSize: 7, strides: 2), [224, 224, 3]) == "direct, packed")
        #expect(try path(Conv2D(filters: 64, kernelSize: 3), [56, 56, 64]).hasPrefix("Winograd F(4×4)"))
        #expect(try path(Conv2D(filters: 256, kernelSize: 3), [16, 16, 256]).hasPrefix("Winograd F(4×4)"))
        #expect(try path(Conv2D(filters: 64, kernelSize: 3, strides: 2), [56, 56, 64]) == "direct, packed")
        #expect(
            try path(Conv2D(filters: 256, kernelSize: 3, strides: 2), [14, 14, 256]) == "direct, packed"
        )
        #expect(
            try path(Conv2D(filters: 250, kernelSize: 3, strides: 2), [14, 14, 256]) == "im2col, openBLAS"
        )
        #expect(try path(Conv2D(filters: 50, kernelSize: 3, strides: 2), [14, 14, 64]) == "direct")
        #expect(try path(Conv2D(filters: 512, kernelSize: 1), [14, 14, 256]) == "direct, packed")
        #expect(try path(Conv2D(filters: 500, kernelSize: 1), [14, 14, 256]) == "1×1, openBLAS")
        #expect(try path(Conv2D(filters: 96, kernelSize: 3, groups: 96), [56, 56, 96]) == "depthwise")
        #expect(try path(Conv2D(filters: 96, kernelSize: 3, groups: 48), [56, 56, 96]) == "im2col, openBLAS")
        // Who chooses the path of matrix products sees it.
        #expect(
            try path(Conv2D(filters: 32, kernelSize: 3), [28, 28, 1], ComputeOptions(gemmPath: .blocked))
                == "im2col, blocked"
        )
    }
}
