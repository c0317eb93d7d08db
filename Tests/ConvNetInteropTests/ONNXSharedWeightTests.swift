import ConvNetInterop
import Foundation
import TestSupport
import Testing

/// Weights that several nodes of a file read, and weights that are kept in another order than the file's.
@Suite struct ONNXSharedWeightTests {
    private func names(_ model: Model) -> [String] { model.store.entries.map(\.name) }

    @Test func oneLayerForNodesThatDoTheSameWithTheSameWeights() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(3)])
        builder.initializer("w", [3, 3], floats: (0..<9).map { Float($0) / 8 - 0.5 })
        builder.initializer("b", [3], floats: [0.25, 0, -0.5])
        for (source, target) in [("x", "a"), ("a", "y")] {
            builder.node("Gemm", [source, "w", "b"], [target], name: "layer_\(target)")
        }
        builder.output("y", [.name("N"), .number(3)])
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        #expect(names(model) == ["layer_a/kernel", "layer_a/bias"])
        let x = try TestValues.uniform([4, 3], seed: 3)
        let check = try GradientCheck(model, x) { x, parameters in
            let w = parameters["layer_a/kernel"]?.elements ?? [],
                b = parameters["layer_a/bias"]?.elements ?? []
            func layer(_ row: [Double]) -> [Double] {
                var outputs = b
                for unit in 0..<3 {
                    for place in 0..<3 { outputs[unit] += row[place] * w[place * 3 + unit] }
                }
                return outputs
            }
            let rows = (0..<4).flatMap { layer(layer(Array(x.elements[($0 * 3)..<($0 * 3 + 3)]))) }
            return ReferenceTensor(shape: [4, 3], elements: rows)
        }
        #expect(check.problems.isEmpty, "\(check.problems)")
    }

    @Test func aHeadThatSeesImagesOfSeveralSizesIsOneLayer() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2), .number(8), .number(8)])
        builder.initializer("w", [3, 2, 3, 3], floats: (0..<54).map { Float($0 % 5) / 4 - 0.5 })
        builder.node(
            "MaxPool",
            ["x"],
            ["half"],
            ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])]
        )
        for (source, target) in [("x", "large"), ("half", "small")] {
            builder.node(
                "Conv",
                [source, "w"],
                [target],
                name: "head_\(target)",
                ["pads": .integers([1, 1, 1, 1])]
            )
            builder.node("GlobalMaxPool", [target], ["\(target)_most"])
        }
        builder.node("Add", ["large_most", "small_most"], ["sum"])
        builder.node("Flatten", ["sum"], ["y"])
        builder.output("y", [.name("N"), .number(3)])
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        #expect(names(model) == ["head_large/kernel"])
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try model.save(to: path)
        let x = try TestValues.uniform([2, 2, 8, 8], seed: 1)
        let loaded = try Model.load(from: path, customTypes: .onnx)
        #expect(try loaded.predict(x) == model.predict(x))
    }

    /// An embedding whose table is also, transposed, the weight of the last product.
    @Test func aWeightThatNodesOfDifferentKindsReadIsALayerOfItsOwn() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2)])
        builder.initializer("table", [2, 3], floats: [1, -0.5, 0.25, 2, 0.5, -1])
        builder.node("MatMul", ["x", "table"], ["hidden"], name: "in")
        builder.node("Tanh", ["hidden"], ["t"], name: "tanh")
        builder.node("Transpose", ["table"], ["turned"], name: "turn", ["perm": .integers([1, 0])])
        builder.node("MatMul", ["t", "turned"], ["y"], name: "out")
        builder.output("y", [.name("N"), .number(2)])
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        #expect(names(model) == ["table/value"])
        let x = try TestValues.uniform([4, 2], seed: 3)
        let check = try GradientCheck(model, x) { x, parameters in
            let w = parameters["table/value"]?.elements ?? []
            let rows = (0..<4).flatMap { row -> [Double] in
                let hidden = (0..<3).map {
                    tanh(x.elements[row * 2] * w[$0] + x.elements[row * 2 + 1] * w[3 + $0])
                }
                return (0..<2).map { unit in (0..<3).reduce(0) { $0 + hidden[$1] * w[unit * 3 + $1] } }
            }
            return ReferenceTensor(shape: [4, 2], elements: rows)
        }
        #expect(check.problems.isEmpty, "\(check.problems)")
        // Fine-tuning changes it once, for both.
        let before = try model.value("table/value")
        try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .mse())
        _ = try model.fit(x, Tensor(zeros: [4, 2]), batchSize: 4, epochs: 2)
        #expect(try model.value("table/value") != before)
        #expect(names(model) == ["table/value"])
    }

    @Test func aCopyOfAWeightLearnsApart() throws {
        // PyTorch's exporter writes equal weights once, and others as copies of them.
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2)])
        builder.initializer("w", [2, 2], floats: [1, 2, 3, 4])
        builder.node("Identity", ["w"], ["copy"])
        builder.node("MatMul", ["x", "w"], ["a"], name: "first")
        builder.node("MatMul", ["a", "copy"], ["y"], name: "second")
        builder.output("y", [.name("N"), .number(2)])
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        #expect(names(model) == ["first/kernel", "second/kernel"])
    }

    @Test func aSharedFactorOfNormalisationsLeavesThemTheirStatistics() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2), .number(3), .number(3)])
        for (name, numbers) in [("g", [1.5, 0.5]), ("b", [0, 0.25])] as [(String, [Float])] {
            builder.initializer(name, [2], floats: numbers)
        }
        for (index, source) in ["x", "n0"].enumerated() {
            builder.initializer("m\(index)", [2], floats: [Float(index), 0.5])
            builder.initializer("v\(index)", [2], floats: [1, Float(index) + 0.5])
            builder.node(
                "BatchNormalization",
                [source, "g", "b", "m\(index)", "v\(index)"],
                ["n\(index)"],
                name: "norm\(index)"
            )
        }
        builder.output("n1", [.name("N"), .number(2), .number(3), .number(3)])
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        #expect(names(model).filter { $0 == "g/value" || $0 == "b/value" }.count == 2)
        let x = try TestValues.uniform([2, 2, 3, 3], seed: 1)
        let found = try model.predict(x)
        for (place, number) in x.elements.enumerated() {
            let channel = place / 9 % 2
            let (g, b) = ([1.5, 0.5][channel], [0, 0.25][channel])
            var y = Double(number)
            for index in 0..<2 {
                let mean = [Double(index), 0.5][channel], variance = [1, Double(index) + 0.5][channel]
                y = (y - mean) / (variance + 1e-5).squareRoot() * g + b
            }
            #expect(abs(Double(found.elements[place]) - y) < 1e-5)
        }
        try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .mse())
        let statistics = names(model).filter { !$0.hasPrefix("g") && !$0.hasPrefix("b") }
        #expect(statistics.count == 4, "\(statistics)")
        let before = try statistics.map(model.value)
        _ = try model.fit(x, Tensor(zeros: [2, 2, 3, 3]), batchSize: 2, epochs: 1)
        for (name, old) in zip(statistics, before) { #expect(try model.value(name) != old, "\(name)") }
    }

    @Test(arguments: ["Flatten", "Reshape"], [0, 1])
    func rowsOfFeaturesAreKeptInTheOrderOfImagesInside(_ kind: String, _ isTransposed: Int) throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2), .number(4), .number(3)])
        builder.initializer("w", [2, 2, 1, 1], floats: [1, -0.5, 0.25, 2])
        builder.initializer(
            "k",
            isTransposed == 1 ? [5, 24] : [24, 5],
            floats: (0..<120).map { Float($0 % 11) / 8 - 0.5 }
        )
        builder.initializer("target", integers: [0, -1])
        builder.node("Conv", ["x", "w"], ["c"], name: "conv")
        builder.node(kind, kind == "Flatten" ? ["c"] : ["c", "target"], ["f"], name: "flat")
        builder.node("Gemm", ["f", "k"], ["y"], name: "head", ["transB": .integer(isTransposed)])
        builder.output("y", [.name("N"), .number(5)])
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        #expect(model.layers.contains { $0.layer is Flatten })
        // The image is brought into the order that it has inside, and nothing else moves.
        #expect(model.layers.filter { $0.layer is Permute }.count == 1)
        let x = try TestValues.uniform([2, 2, 4, 3], seed: 9)
        let y = try model.predict(x)
        let w = [1, -0.5, 0.25, 2]
        for sample in 0..<2 {
            for unit in 0..<5 {
                var sum = 0.0
                for feature in 0..<24 {
                    let (channel, pixel) = (feature / 12, feature % 12)
                    let c = (0..<2).reduce(0.0) {
                        $0 + w[channel * 2 + $1] * Double(x.elements[(sample * 2 + $1) * 12 + pixel])
                    }
                    let place = isTransposed == 1 ? unit * 24 + feature : feature * 5 + unit
                    sum += c * (Double(Float(place % 11)) / 8 - 0.5)
                }
                #expect(abs(Double(y[sample, unit]) - sum) < 1e-5)
            }
        }
    }

    @Test func featuresThatSomethingElseReadsKeepTheOrderOfTheFile() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2), .number(2), .number(2)])
        builder.initializer("w", [2, 2, 1, 1], floats: [1, 0, 0, 1])
        builder.initializer("k", [8, 1], floats: (0..<8).map { Float($0) })
        builder.node("Conv", ["x", "w"], ["c"])
        builder.node("Flatten", ["c"], ["f"])
        builder.node("MatMul", ["f", "k"], ["y"])
        builder.output("f", [.name("N"), .number(8)])
        builder.output("y", [.name("N"), .number(1)])
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        let x = try TestValues.uniform([1, 2, 2, 2], seed: 9)
        let outputs = try imported.predictions(for: ["x": x])
        #expect(outputs["f"]?.elements == x.elements)
        let expected = x.elements.enumerated().reduce(Float(0)) { $0 + Float($1.offset) * $1.element }
        #expect(abs((outputs["y"]?.elements[0] ?? 0) - expected) < 1e-5)
    }
}
