import ConvNetInterop
import Foundation
import Testing

/// Products of a tensor with its sigmoid.
@Suite struct ONNXSwishTests {
    private let inputs: [Float] = [-8, -2, -0.5, 0, 0.25, 1, 3, 9]

    /// What a graph of a sigmoid and a product computes of the inputs, and the types of its layers.
    private func run(_ factors: [String], outputs: [String]) throws -> (
        values: [String: Tensor], types: [String]
    ) {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(4)])
        builder.node("Tanh", ["x"], ["t"])
        builder.node("Sigmoid", ["t"], ["s"])
        builder.node("Sigmoid", ["x"], ["other"])
        builder.node("Mul", factors, ["y"])
        for name in outputs { builder.output(name, [.name("N"), .number(4)]) }
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        let values = try imported.predictions(for: ["x": Tensor(inputs, shape: [2, 4])])
        let types = imported.model.layers.map { "\(type(of: $0.layer))" }
        return (values, types)
    }

    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private func expect(_ tensor: Tensor?, _ function: (Double) -> Double) throws {
        let found = try #require(tensor).elements
        #expect(found.count == inputs.count)
        for (x, y) in zip(inputs, found) { #expect(abs(function(Double(x)) - Double(y)) < 1e-6) }
    }

    @Test(arguments: [["t", "s"], ["s", "t"]])
    func aProductWithItsSigmoidIsOneActivation(factors: [String]) throws {
        let (values, types) = try run(factors, outputs: ["y"])
        try expect(values["y"]) { tanh($0) * sigmoid(tanh($0)) }
        #expect(types.count { $0 == "Activation" } == 2 && !types.contains("Multiply"), "\(types)")
    }

    @Test func aSigmoidThatIsReadElsewhereStays() throws {
        let (values, types) = try run(["t", "s"], outputs: ["y", "s"])
        try expect(values["y"]) { tanh($0) * sigmoid(tanh($0)) }
        try expect(values["s"]) { sigmoid(tanh($0)) }
        #expect(types.count { $0 == "Activation" } == 3, "\(types)")
    }

    @Test func aProductWithAnotherSigmoidIsAProduct() throws {
        let (values, types) = try run(["t", "other"], outputs: ["y"])
        try expect(values["y"]) { tanh($0) * sigmoid($0) }
        #expect(types.contains("Multiply"), "\(types)")
    }
}
