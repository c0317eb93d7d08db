import ConvNetInterop
import Foundation
import TestSupport
import Testing

/// Imported ONNX files, written in other formats and as ONNX again.
@Suite struct ConversionTests {
    private func numbers(_ shape: Shape, from low: Float = -0.9, to high: Float = 0.9) throws -> Tensor {
        let count = Float(max(shape.elementCount - 1, 1))
        let elements = (0..<shape.elementCount).map { low + (high - low) * Float($0) / count }
        return try Tensor(elements, shape: shape)
    }

    private func weights(_ count: Int) -> [Float] { (0..<count).map { Float($0 * 7 % 11) / 8 - 0.6 } }

    private func expectClose(_ a: Tensor?, _ b: Tensor?, _ what: String = "") throws {
        let a = try #require(a), b = try #require(b)
        #expect(a.shape == b.shape, "\(what)")
        // Sums of some ten products in another order.
        for (x, y) in zip(a.elements, b.elements) { #expect(abs(x - y) < 1e-5, "\(what)") }
    }

    /// Two dense layers with Relu between them.
    private func perceptron() -> ONNXBuilder {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(5)])
        builder.initializer("w", [4, 5], floats: weights(20))
        builder.initializer("b", [4], floats: [0.1, -0.2, 0.3, 0])
        builder.initializer("v", [4, 3], floats: weights(12))
        builder.node("Gemm", ["x", "w", "b"], ["h"], name: "hidden", ["transB": .integer(1)])
        builder.node("Relu", ["h"], ["r"], name: "relu")
        builder.node("MatMul", ["r", "v"], ["y"], name: "scores")
        builder.output("y", [.name("N"), .number(3)])
        return builder
    }

    /// A convolution whose image leaves, and so does what a pooling makes of it.
    private func images() -> ONNXBuilder {
        var builder = ONNXBuilder()
        builder.input("image", [.name("N"), .number(2), .number(6), .number(5)])
        builder.initializer("w", [3, 2, 3, 3], floats: weights(54))
        builder.node("Conv", ["image", "w"], ["c"], name: "conv", ["pads": .integers([1, 1, 1, 1])])
        builder.node("Relu", ["c"], ["r"], name: "relu")
        builder.node("GlobalAveragePool", ["r"], ["g"], name: "pool")
        builder.output("r", [.name("N"), .number(3), .number(6), .number(5)])
        builder.output("g", [.name("N"), .number(3), .number(1), .number(1)])
        return builder
    }

    // MARK: To Keras

    @Test(.enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func aPerceptronIsAModelOfKeras() throws {
        let folder = try TemporaryFolder(), x = try numbers([3, 5])
        let model = try ONNXFile(bytes: perceptron().bytes).imported().model
        try model.save(to: folder.file("a.keras"))
        let back = try KerasFile(contentsOf: folder.file("a.keras")).model
        #expect(back.inputNames == ["x"] && back.outputNames == ["scores"])
        #expect(back.layers.map(\.name) == ["hidden", "relu", "scores"])
        #expect(try back.predict(x) == model.predict(x))
        // The way back to ONNX, too.
        let again = try ONNXFile(bytes: back.onnxFile(opset: 17).bytes).imported()
        try expectClose(try again.predictions(for: ["x": x])["scores"], try model.predict(x))
    }

    @Test(.enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func weightsAloneHaveThePlacesOfKeras() throws {
        let folder = try TemporaryFolder(), x = try numbers([3, 5])
        let model = try ONNXFile(bytes: perceptron().bytes).imported().model
        try model.saveKerasWeights(to: folder.file("a.weights.h5"))
        let other = try Sequential(inputShape: [5]) {
            Dense(4, activation: .relu)
            Dense(3, useBias: false)
        }
        #expect(try other.loadKerasWeights(from: folder.file("a.weights.h5")).loadedCount == 3)
        try expectClose(try other.predict(x), try model.predict(x))
        let copy = try model.clone(seed: 9)
        #expect(try copy.loadKerasWeights(from: folder.file("a.weights.h5")).loadedCount == 3)
        #expect(try copy.predict(x) == model.predict(x))
    }

    @Test(.enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func axesOfOutputsAreMovedByLayersOfKeras() throws {
        let folder = try TemporaryFolder(), x = try numbers([2, 2, 6, 5])
        let model = try ONNXFile(bytes: images().bytes).imported().model
        try model.save(to: folder.file("a.keras"))
        let back = try KerasFile(contentsOf: folder.file("a.keras")).model
        let data = try TensorDataset(inputs: ["image": x])
        let own = try model.predictions(for: data), other = try back.predictions(for: data)
        #expect(back.outputNames.count == 2)
        for (name, theirs) in zip(model.outputNames, back.outputNames) {
            #expect(own[name]?.shape == other[theirs]?.shape)
            #expect(own[name] == other[theirs], "\(name)")
        }
    }

    /// Keras knows an output by its layer: what leaves twice needs two.
    @Test(.enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func whatLeavesTwiceHasTwoNames() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(4)])
        builder.node("Tanh", ["x"], ["t"], name: "tanh")
        builder.node("Identity", ["t"], ["u"], name: "same")
        for name in ["t", "u", "x"] { builder.output(name, [.name("N"), .number(4)]) }
        let folder = try TemporaryFolder(), x = try numbers([3, 4])
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        try model.save(to: folder.file("a.keras"))
        let back = try KerasFile(contentsOf: folder.file("a.keras")).model
        let found = try back.predictions(for: TensorDataset(inputs: [back.inputNames[0]: x]))
        #expect(back.outputNames.count == 3)
        try expectClose(found[back.outputNames[0]], x.map { tanh($0) })
        try expectClose(found[back.outputNames[1]], x.map { tanh($0) })
        #expect(found[back.outputNames[2]] == x)
    }

    /// Writes a model for Keras, and compares what comes back; the kinds of its layers.
    private func kinds(_ builder: ONNXBuilder, _ x: Tensor) throws -> [String] {
        let folder = try TemporaryFolder()
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        try model.save(to: folder.file("a.keras"))
        try model.saveKerasWeights(to: folder.file("a.weights.h5"))
        let back = try KerasFile(contentsOf: folder.file("a.keras")).model
        let own = try model.predict(x)
        try expectClose(try back.predict(x), own)
        for copy in try [model.clone(seed: 9), back.clone(seed: 9)] {
            try copy.loadKerasWeights(from: folder.file("a.weights.h5"))
            try expectClose(try copy.predict(x), own)
        }
        return back.layers.map { "\(type(of: $0.layer))" }
    }

    /// What exporters write for a dense layer and a convolution with a bias.
    @Test(.enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func aSumWithAParameterIsABias() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2), .number(4), .number(4)])
        builder.initializer("w", [3, 2, 3, 3], floats: weights(54))
        builder.initializer("b", [3, 1, 1], floats: [0.5, -0.25, 1])
        builder.initializer("v", [48, 5], floats: weights(240))
        builder.initializer("c", [1, 5], floats: [0.1, 0.2, 0.3, 0.4, 0.5])
        builder.node("Conv", ["x", "w"], ["k"], name: "conv", ["pads": .integers([1, 1, 1, 1])])
        builder.node("Add", ["k", "b"], ["s"], name: "shifted")
        builder.node("Relu", ["s"], ["r"], name: "relu")
        builder.node("Flatten", ["r"], ["f"], name: "flat")
        builder.node("MatMul", ["f", "v"], ["p"], name: "product")
        builder.node("Add", ["c", "p"], ["y"], name: "scores")
        builder.output("y", [.name("N"), .number(5)])
        let found = try kinds(builder, numbers([2, 2, 4, 4]))
        #expect(found == ["Permute", "Conv2D", "Activation", "Flatten", "Dense"])
    }

    @Test(.enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func operatorsThatKerasHasInPartsAreWritten() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2), .number(5), .number(5)])
        builder.initializer("w", [4, 2, 3, 3], floats: weights(72))
        builder.initializer("b", [4], floats: [0.5, -0.25, 1, 0])
        builder.initializer("v", [8, 1, 3, 3], floats: weights(72))
        builder.initializer("three", [], floats: [3])
        builder.initializer("six", [], floats: [6])
        builder.initializer("zero", [], floats: [0])
        builder.initializer("shape", integers: [0, 4, 18])
        let border: KeyValuePairs<String, ONNXBuilder.Attribute> = [
            "pads": .integers([1, 1, 1, 1]), "strides": .integers([2, 2]),
        ]
        builder.node("Conv", ["x", "w", "b"], ["k"], name: "conv", border)
        builder.node("Add", ["k", "three"], ["a"], name: "add")
        builder.node("Clip", ["a", "zero", "six"], ["c"], name: "clip")
        builder.node("Div", ["c", "six"], ["d"], name: "divide")
        builder.node("HardSigmoid", ["k"], ["h"], name: "gate", ["alpha": .float(0.25)])
        builder.node(
            "Conv",
            ["h", "v"],
            ["l"],
            name: "depthwise",
            ["pads": .integers([2, 2, 0, 0]), "group": .integer(4)]
        )
        builder.node("Reshape", ["l", "shape"], ["m"], name: "rows")
        builder.node("Transpose", ["m"], ["t"], name: "turned", ["perm": .integers([0, 2, 1])])
        builder.node("Flatten", ["t"], ["f"], name: "flat")
        builder.node("Flatten", ["d"], ["e"], name: "other")
        builder.node("Concat", ["f", "e"], ["y"], name: "joined", ["axis": .integer(1)])
        builder.output("y", [.name("N"), .number(108)])
        let found = try kinds(builder, numbers([2, 2, 5, 5]))
        for kind in ["ZeroPadding2D", "Conv2D", "DepthwiseConv2D", "Rescaling", "ReLU", "Concatenate"] {
            #expect(found.contains(kind), "\(found)")
        }
    }

    @Test(.enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func allOperatorsThatKerasLacksAreOneList() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(4)])
        builder.initializer("w", [4, 4], floats: weights(16))
        builder.node("Erf", ["x"], ["e"], name: "first")
        builder.node("MatMul", ["e", "w"], ["m"], name: "product")
        builder.node("Sign", ["m"], ["y"], name: "second")
        builder.output("y", [.name("N"), .number(4)])
        let folder = try TemporaryFolder()
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        let error = try #require(throws: ConvNetError.self) { try model.save(to: folder.file("a.keras")) }
        #expect(error.kind == .argument && error.remedy?.contains(".safetensors") == true)
        #expect(error.summary.contains("first (Erf), second (Sign)"), "\(error)")
        #expect(!error.summary.contains("product"))
        #expect(try folder.names.isEmpty)
    }

    // MARK: To ONNX

    /// A model of one operator.
    private func function(_ type: String, _ attributes: KeyValuePairs<String, ONNXBuilder.Attribute> = [:])
        throws -> ImportedONNX
    {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(6)])
        builder.node(type, ["x"], ["y"], name: "function", attributes)
        builder.output("y", [.name("N"), .number(6)])
        return try ONNXFile(bytes: builder.bytes).imported()
    }

    private func expectSame(_ imported: ImportedONNX, _ type: String, _ x: Tensor) throws {
        let file = try ONNXFile(bytes: imported.model.onnxFile(opset: 17).bytes)
        #expect(file.nodes.contains { $0.type == type }, "\(file.nodes)")
        let own = try imported.predictions(for: ["x": x])["y"]
        #expect(try file.imported().predictions(for: ["x": x])["y"] == own, "\(type)")
    }

    @Test(arguments: [
        "HardSigmoid", "Shrink", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh",
        "Acosh",
        "Atanh", "Erf", "Floor", "Ceil", "Round",
    ])
    func functionsAreWrittenAsTheyWereRead(_ type: String) throws {
        let x = type == "Acosh" ? try numbers([3, 6], from: 1.1, to: 4) : try numbers([3, 6])
        try expectSame(function(type), type, x)
    }

    @Test func attributesOfFunctionsAreWritten() throws {
        let x = try numbers([3, 6], from: -3, to: 3)
        try expectSame(
            function("HardSigmoid", ["alpha": .float(0.25), "beta": .float(0.375)]),
            "HardSigmoid",
            x
        )
        try expectSame(function("Shrink", ["bias": .float(0.25), "lambd": .float(0.75)]), "Shrink", x)
    }

    @Test func aSavedImportIsWrittenToo() throws {
        let folder = try TemporaryFolder(), x = try numbers([3, 6])
        let model = try function("HardSigmoid", ["alpha": .float(0.25)]).model
        try model.save(to: folder.file("a.safetensors"))
        let back = try Model.load(from: folder.file("a.safetensors"))
        #expect(try back.predict(x) == model.predict(x))
        #expect(try back.onnxFile(opset: 17).bytes == model.onnxFile(opset: 17).bytes)
    }

    @Test func operatorsThatAreNotWrittenAreNamed() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(6)])
        builder.node("Hardmax", ["x"], ["h"], name: "largest")
        builder.output("h", [.name("N"), .number(6)])
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        let error = try #require(throws: ConvNetError.self) { try model.onnxFile(opset: 17) }
        #expect(error.summary.contains("largest: The operator Hardmax"), "\(error)")
    }

    // MARK: Trained networks

    /// Whether the folder of trained models has a file.
    private static func has(_ name: String) -> Bool {
        TrainedModelTests.folder.map { FileManager.default.fileExists(atPath: "\($0)/\(name)") } ?? false
    }

    @Test(
        .enabled(
            if: Traits.hasKeras && has("cntk_mnist.onnx"),
            "needs SWIFTCONVNET_DATA, and the traits HDF5 and Zip"
        )
    )
    func digitsAreAModelOfKeras() throws {
        let folder = try #require(TrainedModelTests.folder), files = try TemporaryFolder()
        let x = try numbers([2, 1, 28, 28], from: 0, to: 255)
        let model = try Model.load(from: "\(folder)/cntk_mnist.onnx")
        try model.save(to: files.file("a.keras"))
        let own = try model.predict(x), other = try Model.load(from: files.file("a.keras")).predict(x)
        let scale = own.elements.map(abs).max() ?? 1
        for (a, b) in zip(own.elements, other.elements) { #expect(abs(a - b) <= 1e-5 * scale) }
    }

    @Test(.enabled(if: has("ch_ppocr_mobile_v2.0_cls_infer.onnx"), "needs SWIFTCONVNET_DATA"))
    func aClassifierOfTextLinesIsWrittenAgain() throws {
        let folder = try #require(TrainedModelTests.folder)
        let model = try Model.load(from: "\(folder)/ch_ppocr_mobile_v2.0_cls_infer.onnx")
        let file = try ONNXFile(bytes: model.onnxFile(opset: 17).bytes)
        #expect(file.nodes.count { $0.type == "HardSigmoid" } == 9)
    }
}
