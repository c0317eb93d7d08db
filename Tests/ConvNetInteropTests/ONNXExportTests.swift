import ConvNetInterop
import Foundation
import TestSupport
import Testing

@Suite struct ONNXExportTests {
    /// The same numbers for the same shape, from -1 to 1.
    private func numbers(_ shape: Shape, seed: Int = 0) throws -> Tensor {
        var state = UInt32(truncatingIfNeeded: seed &* 7919 &+ 1)
        return try Tensor(
            shape: shape,
            initializingWith: { buffer in
                for place in buffer.indices {
                    state = state &* 1_664_525 &+ 1_013_904_223
                    buffer[place] = Float(state >> 8) * 0x1p-23 - 1
                }
            }
        )
    }

    /// Random parameters; what stands for a variance is positive.
    private func randomize(_ model: Model) throws {
        var values: [String: Tensor] = [:]
        for (index, parameter) in model.parameters.enumerated() {
            let tensor = try numbers(parameter.values.shape, seed: index + 1)
            values[parameter.name] =
                parameter.name.hasSuffix("variance") ? tensor.map { abs($0) + 0.5 } : tensor
        }
        try model.setParameters(values)
    }

    private func network() throws -> Sequential {
        let model = try Sequential(inputShape: [9, 8, 3], name: "network") {
            Conv2D(filters: 6, kernelSize: [3, 2], strides: 2, padding: .same, name: "first")
            BatchNormalization(name: "normalization")
            ReLU()
            DepthwiseConv2D(kernelSize: 3, padding: .same, activation: .silu, name: "second")
            MaxPooling2D()
            Dropout(0.5)
            Flatten(name: "flat")
            Dense(4, activation: .softmax, name: "scores")
        }
        try randomize(model)
        return model
    }

    /// What the file of a model predicts when it is imported again.
    private func returned(_ model: Model, _ inputs: [String: Tensor], opset: Int) throws -> [String: Tensor] {
        try ONNXFile(bytes: model.onnxFile(opset: opset).bytes).imported().predictions(for: inputs)
    }

    private func expectClose(_ a: Tensor, _ b: Tensor, _ what: String = "") {
        #expect(a.shape == b.shape, "\(what)")
        guard a.shape == b.shape else { return }
        let scale = a.elements.map(abs).max() ?? 0
        let difference = zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0
        // Sums add up in another order.
        #expect(difference <= 1e-5 * scale, "\(what): \(difference) of \(scale)")
    }

    // MARK: What is in the file

    @Test func namesAreKept() throws {
        let model = try network(), file = try ONNXFile(bytes: model.onnxFile(opset: 17).bytes)
        let nodes = Dictionary(grouping: file.nodes, by: \.name)
        #expect(nodes.values.allSatisfy { $0.count == 1 })
        #expect(nodes["first"]?.first?.type == "Conv")
        #expect(nodes["normalization"]?.first?.type == "BatchNormalization")
        #expect(nodes["second"]?.first?.type == "Conv")
        #expect(nodes["scores"]?.first?.type == "Gemm")
        #expect(file.outputNames == ["scores"])
        let own = Set(model.parameters.map(\.name))
        #expect(own.isSubset(of: file.initializerNames))
    }

    /// Between operators that want channels first, nothing is transposed.
    @Test func chainsAreTransposedAtTheirEnds() throws {
        let file = try ONNXFile(bytes: network().onnxFile(opset: 17).bytes)
        #expect(file.nodes.count { $0.type == "Transpose" } == 2, "\(file.nodes)")
    }

    @Test func nothingOfTrainingIsInTheFile() throws {
        let file = try ONNXFile(bytes: network().onnxFile(opset: 17).bytes)
        #expect(!file.nodes.contains { $0.type == "Dropout" })
    }

    @Test func theSameModelGivesTheSameBytes() throws {
        let model = try network()
        #expect(try model.onnxFile(opset: 17).bytes == model.onnxFile(opset: 17).bytes)
    }

    // MARK: Round trips

    @Test(arguments: [17, 18, 20, 28], [1, 3]) func aChainComesBack(opset: Int, batch: Int) throws {
        let model = try network(), x = try numbers([batch, 9, 8, 3])
        let name = model.inputNames[0]
        let own = try #require(try model.predictions(for: TensorDataset(inputs: [name: x]))["scores"])
        expectClose(own, try #require(try returned(model, [name: x], opset: opset)["scores"]))
    }

    @Test func severalInputsAndOutputsComeBack() throws {
        let left = Input(shape: [6, 6, 2], name: "left"), right = Input(shape: [4], name: "right")
        let image = Conv2D(filters: 4, kernelSize: 3, padding: .same, name: "convolution")(left)
        let gate = Reshape([1, 1, 4])(Dense(4, activation: .sigmoid, name: "gate")(right))
        let product = Multiply(name: "product")(image, gate)
        let pooled = GlobalAveragePooling2D(name: "pooled")(Concatenate()(product, left))
        let model = try Model(inputs: [left, right], outputs: [pooled, product, left])
        try randomize(model)
        let x = try ["left": numbers([3, 6, 6, 2]), "right": numbers([3, 4], seed: 3)]
        let data = try TensorDataset(named: x.map { (name: $0.key, tensor: $0.value) })
        let own = try model.predictions(for: data), other = try returned(model, x, opset: 17)
        #expect(model.outputNames == ["pooled", "product", "left"])
        for name in ["pooled", "product"] {
            expectClose(try #require(own[name]), try #require(other[name]), name)
        }
    }

    @Test func sharedLayersHaveTheirParametersOnce() throws {
        let x = Input(shape: [5], name: "x"), dense = SharedLayer(Dense(5, name: "dense"))
        let model = try Model(inputs: x, outputs: Add(name: "sum")(dense(x), dense(dense(x))))
        let file = try ONNXFile(bytes: model.onnxFile(opset: 17).bytes)
        #expect(file.initializerNames.count { $0.hasPrefix("dense/kernel") } == 1)
        #expect(
            file.nodes.count { $0.type == "Gemm" } == 3
                && Set(file.nodes.map(\.name)).count == file.nodes.count
        )
    }

    // MARK: Errors

    /// A function of a user's own, which no file can hold.
    private let double = ActivationFunction.custom(name: "double", value: { 2 * $0 }, derivative: { _ in 2 })

    @Test func allThatHasNoFormIsListed() throws {
        let model = try Sequential(inputShape: [6, 6, 3], name: "odd") {
            Activation(double, name: "doubled")
            Conv2D(filters: 2, kernelSize: 3, activation: double, name: "convolution")
            Flatten()
            Dense(3, name: "dense")
        }
        let error = try #require(throws: ConvNetError.self) { try model.onnxFile(opset: 17) }
        #expect(error.kind == .argument && error.location == "odd")
        #expect(error.summary.contains("doubled: ") && error.summary.contains("convolution: "), "\(error)")
        #expect(!error.summary.contains("dense: "))
    }

    @Test(arguments: [0, 16, 29]) func otherVersionsAreRefused(_ opset: Int) throws {
        let error = try #require(throws: ConvNetError.self) { try network().onnxFile(opset: opset) }
        #expect(error.kind == .argument && error.location == "opset")
    }

    /// What cannot be written leaves the file as it was.
    @Test func theFileIsWholeAtEveryMoment() throws {
        let folder = try TemporaryFolder(), path = folder.file("model.onnx")
        let model = try network()
        try model.save(toONNX: path)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try Array(before) == model.onnxFile(opset: 17).bytes)
        let odd = try Sequential(inputShape: [4]) { Activation(double) }
        #expect(throws: ConvNetError.self) { try odd.save(toONNX: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try folder.names == ["model.onnx"])
        #expect(throws: ConvNetError.self) { try model.save(toONNX: folder.file("none/model.onnx")) }
    }
}
