import ConvNetInterop
import Foundation
import Testing

/// The small models of `Tests/Interop/models`, with what ONNX Runtime gives for them: `Tests/Interop/onnx_models.py` has made both.
@Suite struct ONNXModelTests {
    struct Values: Decodable {
        let shape: [Int], elements: [Float]

        var tensor: Tensor { get throws { try Tensor(elements, shape: Shape(shape)) } }
    }

    struct Case: Decodable { let inputs: [String: Values], outputs: [String: Values] }

    /// A file: the bytes of a model, in base64 there, and its cases.
    struct Golden: Decodable {
        let model: Data
        let cases: [Case]

        init(_ name: String) throws {
            let data = try Data(contentsOf: ONNXModelTests.folder.appendingPathComponent("\(name).json"))
            self = try JSONDecoder().decode(Self.self, from: data)
        }

        var file: ONNXFile { get throws { try ONNXFile(bytes: Array(model)) } }
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Interop/models")
    static let names = [
        "qdq", "qoperator", "integer_products", "branches", "function", "ports", "sizes", "listed", "halves",
        "brains", "einsum", "blocks",
    ]

    /// The numbers of a step of quantised outputs, by which two roundings may differ.
    static let steps: [String: Float] = ["qoperator": 1.0 / 16, "blocks": 1.0 / 8]

    @Test(arguments: names) func outputsAreThoseOfONNXRuntime(_ name: String) throws {
        let golden = try Golden(name), model = try golden.file.imported()
        #expect(!golden.cases.isEmpty)
        for item in golden.cases {
            let outputs = try model.predictions(for: item.inputs.mapValues { try $0.tensor })
            #expect(Set(outputs.keys) == Set(item.outputs.keys))
            for (port, expected) in item.outputs {
                let found = try #require(outputs[port])
                #expect(found.shape.dimensions == expected.shape, "\(port)")
                let scale = expected.elements.map(abs).max() ?? 1
                let limit = Self.steps[name] ?? 2e-6 * max(scale, 1)
                let largest = zip(found.elements, expected.elements).map { abs($0 - $1) }.max() ?? 0
                #expect(largest <= limit, "\(port): \(largest) of \(scale)")
            }
        }
    }

    @Test func portsHaveTheOrderAndTheNamesOfTheFile() throws {
        let model = try Golden("ports").file.imported()
        #expect(model.inputs.map(\.name) == ["image", "features"])
        #expect(model.outputs.map(\.name) == ["shares", "/stem/out", "scores"])
        #expect(model.outputs.map(\.layer) == ["shares", "stem.out", "scores"])
    }

    @Test func weightsThatAreListedAmongTheInputsAreConstantsUnlessTheyAreFed() throws {
        let file = try Golden("listed").file
        #expect(try file.imported().inputs.map(\.name) == ["x"])
        let x = try Tensor(shape: [1, 2, 5, 5]) { Float($0[1] + $0[2] * $0[3]) / 8 }
        // With a factor of 0 and a shift of -1 the normalisation puts out -1, and Relu 0.
        let fed = try file.imported(
            ONNXOptions(values: [
                "g": Tensor(zeros: [3]), "s": Tensor([-1, -1, -1], shape: [3]),
            ])
        )
        #expect(fed.inputs.map(\.name) == ["x"])
        #expect(try fed.predictions(for: ["x": x])["y"]?.elements.allSatisfy { $0 == 0 } == true)
        #expect(try file.imported().predictions(for: ["x": x])["y"]?.elements.allSatisfy { $0 == 0 } == false)
    }

    @Test func anIfThatDependsOnDataIsRefusedByName() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.number(1), .number(2)])
        builder.initializer("bound", [1], floats: [0])
        builder.node("ReduceSum", ["x"], ["sum"], ["keepdims": .integer(0)])
        builder.node("Greater", ["sum", "bound"], ["isPositive"])
        builder.node("If", ["isPositive"], ["y"], name: "choice")
        builder.output("y")
        let file = try ONNXFile(bytes: builder.bytes)
        let error = try #require(throws: ConvNetError.self) { try file.imported() }
        #expect("\(error)".contains("choice (If)"), "\(error)")
        #expect("\(error)".contains("depends on data"), "\(error)")
    }

    @Test func whatASmallFileComputesIsLimited() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.number(1), .number(2)])
        builder.initializer("dims", integers: [1 << 20])
        for index in 0..<5 {
            builder.node("ConstantOfShape", ["dims"], ["c\(index)"])
            builder.node("ReduceSum", ["c\(index)"], ["s\(index)"], ["keepdims": .integer(0)])
        }
        builder.node("Sum", ["x"] + (0..<5).map { "s\($0)" }, ["y"])
        builder.output("y")
        let error = try #require(throws: ConvNetError.self) { try ONNXFile(bytes: builder.bytes).imported() }
        #expect("\(error)".contains("too many constants"), "\(error)")
    }

    @Test func functionsThatGrowWithoutEndAreRefused() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.number(1), .number(2)])
        builder.node("f0", ["x"], ["y"], domain: "local")
        builder.output("y")
        // Each applies the next one twice.
        for index in 0..<40 {
            builder.function("f\(index)", applying: Array(repeating: ("f\(index + 1)", "local"), count: 2))
        }
        builder.function("f40", applying: [("Relu", "")])
        let error = try #require(throws: ConvNetError.self) { try ONNXFile(bytes: builder.bytes).imported() }
        #expect("\(error)".contains("expand to too many nodes"), "\(error)")
        // One that applies itself ends, too.
        var loop = ONNXBuilder()
        loop.input("x", [.number(1), .number(2)])
        loop.node("f", ["x"], ["y"], domain: "local")
        loop.output("y")
        loop.function("f", applying: [("f", "local")])
        #expect(throws: ConvNetError.self) { try ONNXFile(bytes: loop.bytes).imported() }
    }

    @Test func detectionIsRefusedWithItsReason() throws {
        var builder = ONNXBuilder()
        builder.input("boxes", [.number(1), .number(6), .number(4)])
        builder.input("scores", [.number(1), .number(1), .number(6)])
        builder.node("NonMaxSuppression", ["boxes", "scores"], ["y"], name: "detect")
        builder.output("y", type: 7)
        let error = try #require(throws: ConvNetError.self) { try ONNXFile(bytes: builder.bytes).imported() }
        #expect(
            "\(error)".contains("detect (NonMaxSuppression): The shape of its output depends on data"),
            "\(error)"
        )
    }
}
