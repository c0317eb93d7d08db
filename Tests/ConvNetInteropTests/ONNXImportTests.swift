import ConvNetInterop
import Foundation
import Testing

@Suite struct ONNXImportTests {
    /// A convolution, pooling and a dense layer, for images of any size if `isFlexible`.
    private func network(isFlexible: Bool = false) -> ONNXBuilder {
        var builder = ONNXBuilder()
        let size: (String) -> ONNXBuilder.Size = { isFlexible ? .name($0) : .number(8) }
        builder.input("image", [.name("N"), .number(2), size("H"), size("W")])
        builder.initializer("w", [4, 2, 3, 3], floats: (0..<72).map { Float($0 % 7) / 10 - 0.3 })
        builder.initializer("b", [4], floats: [0.1, -0.2, 0.3, 0])
        builder.initializer("k", [3, 4], floats: (0..<12).map { Float($0 % 5) / 4 - 0.5 })
        builder.node(
            "Conv",
            ["image", "w", "b"],
            ["c"],
            name: "/block/conv",
            ["pads": .integers([1, 1, 1, 1]), "strides": .integers([2, 2])]
        )
        builder.node("Relu", ["c"], ["r"], name: "/block/relu")
        builder.node("GlobalAveragePool", ["r"], ["g"], name: "pool")
        builder.node("Flatten", ["g"], ["f"], name: "flat")
        builder.node("Gemm", ["f", "k"], ["scores"], name: "head", ["transB": .integer(1)])
        builder.output("scores", [.name("N"), .number(3)])
        return builder
    }

    private func images(_ count: Int, _ height: Int = 8, _ width: Int = 8) throws -> Tensor {
        try Tensor(shape: [count, 2, height, width]) { index in
            let place = index[0] * 31 + index[1] * 17 + index[2] * 5 + index[3]
            return Float(place % 11) / 11 - 0.4
        }
    }

    @Test func namesOfNodesAndPortsAreKept() throws {
        let imported = try ONNXFile(bytes: network().bytes).imported()
        #expect(imported.model.graph.inputNames == ["image"])
        #expect(imported.model.graph.outputNames == ["scores"])
        let names = imported.model.layers.compactMap(\.name)
        #expect(names.contains("block.conv") && names.contains("head"), "\(names)")
    }

    @Test func aBatchIsItsSamples() throws {
        let imported = try ONNXFile(bytes: network().bytes).imported()
        let all = try #require(try imported.predictions(for: ["image": images(3)])["scores"])
        #expect(all.shape == [3, 3])
        for sample in 0..<3 {
            let one = try imported.predictions(for: ["image": images(3).sliced(sample..<(sample + 1))])[
                "scores"
            ]
            // Matrix products of other sizes add in another order.
            for (a, b) in zip(try #require(one).elements, all.elements.dropFirst(3 * sample)) {
                #expect(abs(a - b) < 1e-6)
            }
        }
    }

    @Test func imagesOfOtherSizesArePredicted() throws {
        let imported = try ONNXFile(bytes: network(isFlexible: true).bytes).imported()
        for (height, width) in [(8, 8), (13, 6)] {
            let scores = try imported.predictions(for: ["image": images(2, height, width)])["scores"]
            #expect(scores?.shape == [2, 3])
        }
        let fixed = try ONNXFile(bytes: network().bytes).imported()
        let a = try imported.predictions(for: ["image": images(2)])["scores"]
        let b = try fixed.predictions(for: ["image": images(2)])["scores"]
        #expect(a == b)
    }

    @Test func aConvolutionIsThatOfItsDefinition() throws {
        let x = try images(1)
        let imported = try ONNXFile(bytes: network().bytes).imported()
        let found = try #require(try imported.predictions(for: ["image": x])["scores"]).elements
        let w = (0..<72).map { Double($0 % 7) / 10 - 0.3 }, b = [0.1, -0.2, 0.3, 0]
        let k = (0..<12).map { Double($0 % 5) / 4 - 0.5 }
        var means = [Double](repeating: 0, count: 4)
        for filter in 0..<4 {
            for row in 0..<4 {
                for column in 0..<4 {
                    var sum = b[filter]
                    for channel in 0..<2 {
                        for i in 0..<3 {
                            for j in 0..<3 {
                                let (y, z) = (2 * row + i - 1, 2 * column + j - 1)
                                guard (0..<8).contains(y), (0..<8).contains(z) else { continue }
                                sum +=
                                    w[((filter * 2 + channel) * 3 + i) * 3 + j] * Double(x[0, channel, y, z])
                            }
                        }
                    }
                    means[filter] += max(sum, 0) / 16
                }
            }
        }
        for unit in 0..<3 {
            let expected = (0..<4).reduce(0.0) { $0 + k[unit * 4 + $1] * means[$1] }
            #expect(abs(Double(found[unit]) - expected) < 1e-5)
        }
    }

    @Test func everythingUnsupportedIsListed() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(4)])
        builder.node("Dream", ["x"], ["a"], name: "first", domain: "org.example")
        builder.node("Relu", ["a"], ["b"], name: "second")
        builder.node("StringConcat", ["x", "x"], ["c"], name: "third")
        builder.node("Softmax", ["x"], ["d"], name: "fourth", ["axis": .integer(7)])
        builder.output("b")
        let file = try ONNXFile(bytes: builder.bytes)
        let error = try #require(throws: ConvNetError.self) { try file.imported() }
        let text = "\(error)"
        for name in ["first (Dream)", "org.example", "third (StringConcat)", "fourth (Softmax)"] {
            #expect(text.contains(name), "\(text)")
        }
        #expect(!text.contains("second"), "\(text)")
    }

    @Test func aStepOfFineTuningLowersTheLoss() throws {
        let model = try ONNXFile(bytes: network().bytes).imported().model
        try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .mse())
        let x = try images(4), y = try Tensor(shape: [4, 3]) { Float($0[1]) / 3 }
        let before = try #require(try model.evaluate(x, y).loss)
        _ = try model.fit(x, y, batchSize: 4, epochs: 3)
        let after = try #require(try model.evaluate(x, y).loss)
        #expect(after < before)
    }

    @Test func aModelIsSavedAndLoaded() throws {
        let imported = try ONNXFile(bytes: network().bytes).imported()
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("onnx-\(UUID()).safetensors")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try imported.model.save(to: path)
        let loaded = try Model.load(from: path, customTypes: .onnx)
        #expect(try loaded.predict(images(2)) == imported.model.predict(images(2)))
    }

    @Test func aReshapeToAComputedShapeKeepsTheBatch() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2), .number(3)])
        builder.initializer("zero", integers: [0])
        builder.initializer("rest", integers: [-1])
        builder.node("Shape", ["x"], ["shape"])
        builder.node("Gather", ["shape", "zero"], ["size"])
        builder.node("Concat", ["size", "rest"], ["target"], ["axis": .integer(0)])
        builder.node("Reshape", ["x", "target"], ["y"])
        builder.output("y", [.name("N"), .number(6)])
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        let x = try Tensor(shape: [3, 2, 3]) { Float($0[0] * 6 + $0[1] * 3 + $0[2]) }
        let y = try imported.predictions(for: ["x": x])["y"]
        #expect(y == (try x.reshaped(to: [3, 6])))
    }

    @Test func initializersThatAreInputsAreConstants() throws {
        var builder = ONNXBuilder()
        builder.opset = 8
        builder.input("x", [.number(1), .number(2)])
        builder.input("w", [.number(2), .number(2)])
        builder.initializer("w", [2, 2], floats: [1, 2, 3, 4])
        builder.node("MatMul", ["x", "w"], ["y"])
        builder.output("y", [.number(1), .number(2)])
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        #expect(imported.inputs.map(\.name) == ["x"])
        let y = try imported.predictions(for: ["x": Tensor([1, 10], shape: [1, 2])])["y"]
        #expect(y?.elements == [31, 42])
    }
}
