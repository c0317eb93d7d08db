import ConvNetInterop
import Foundation
import Testing

/// Quantised operators of ONNX Runtime's domain, against the functions in `Double`: they differ by half a step of the output.
@Suite struct ONNXQuantizedElementTests {
    /// Inputs that are whole steps of 1/16, so that their quantisation changes nothing.
    private func inputs(_ count: Int) -> [Float] { (0..<count).map { Float(($0 * 13 + 5) % 65 - 32) / 16 } }

    /// A graph of `x` in steps, `q`, from which nodes make `z` in steps of `s_out` from `z_out`.
    private func graph(
        _ dims: [Int],
        scale: Float,
        zero: Int,
        _ build: (inout ONNXBuilder) -> Void
    ) throws -> ImportedONNX {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N")] + dims.map { .number($0) })
        for (name, value, place) in [("in", Float(0.0625), 128), ("out", scale, zero)] {
            builder.initializer("s_\(name)", [], floats: [value])
            builder.initializer("i_\(name)", [], integers: [place])
            // uint8
            builder.node("Cast", ["i_\(name)"], ["z_\(name)"], ["to": .integer(2)])
        }
        builder.node("QuantizeLinear", ["x", "s_in", "z_in"], ["q"])
        build(&builder)
        builder.node("DequantizeLinear", ["z", "s_out", "z_out"], ["y"])
        builder.output("y")
        return try ONNXFile(bytes: builder.bytes).imported()
    }

    private func expect(_ model: ImportedONNX, _ x: Tensor, _ expected: [Double], step: Double) throws {
        let found = try #require(try model.predictions(for: ["x": x])["y"]).elements
        #expect(found.count == expected.count)
        // Beside the half step of rounding, float32's own error.
        for (a, b) in zip(found, expected) { #expect(abs(Double(a) - b) <= step / 2 + 1e-5, "\(a), \(b)") }
    }

    @Test func functions() throws {
        let x = try Tensor(inputs(12), shape: [2, 6]), domain = "com.microsoft"
        let operands = ["q", "s_in", "z_in", "s_out", "z_out"]
        let sigmoid = try graph([6], scale: 1 / 256, zero: 0) {
            $0.node("QLinearSigmoid", operands, ["z"], domain: domain)
        }
        try expect(sigmoid, x, x.elements.map { 1 / (1 + exp(-Double($0))) }, step: 1 / 256)
        let leaky = try graph([6], scale: 1 / 32, zero: 100) {
            $0.node("QLinearLeakyRelu", operands, ["z"], domain: domain, ["alpha": .float(0.25)])
        }
        try expect(leaky, x, x.elements.map { Double($0 < 0 ? $0 / 4 : $0) }, step: 1 / 32)
        let softmax = try graph([6], scale: 1 / 256, zero: 0) {
            $0.node("QLinearSoftmax", operands, ["z"], domain: domain, ["opset": .integer(13)])
        }
        let shares = [0, 6].flatMap { start in
            let powers = x.elements[start..<(start + 6)].map { exp(Double($0)) }
            return powers.map { $0 / powers.reduce(0, +) }
        }
        try expect(softmax, x, shares, step: 1 / 256)
    }

    @Test func parts() throws {
        let x = try Tensor(inputs(8), shape: [2, 4]), domain = "com.microsoft"
        let joined = try graph([4], scale: 1 / 8, zero: 64) {
            $0.node(
                "QLinearConcat",
                ["s_out", "z_out", "q", "s_in", "z_in", "q", "s_in", "z_in"],
                ["z"],
                domain: domain,
                ["axis": .integer(1)]
            )
        }
        let rows = [0, 4].map { x.elements[$0..<($0 + 4)].map(Double.init) }
        try expect(joined, x, rows.flatMap { $0 + $0 }, step: 1 / 8)
        let chosen = try graph([4], scale: 1 / 8, zero: 64) {
            $0.initializer("choice", [4], integers: [1, 0, 0, 1])
            $0.node("Cast", ["choice"], ["isFirst"], ["to": .integer(9)])
            $0.initializer("other", [4], integers: [120, 136, 144, 200])
            $0.node("Cast", ["other"], ["o"], ["to": .integer(2)])
            $0.node(
                "QLinearWhere",
                ["isFirst", "q", "s_in", "z_in", "o", "s_in", "z_in", "s_out", "z_out"],
                ["z"],
                domain: domain
            )
        }
        try expect(chosen, x, rows.flatMap { [$0[0], 0.5, 1, $0[3]] }, step: 1 / 8)
    }

    @Test func means() throws {
        let x = try Tensor(inputs(32), shape: [2, 1, 4, 4])
        let model = try graph([1, 4, 4], scale: 1 / 32, zero: 128) {
            $0.node(
                "QLinearAveragePool",
                ["q", "s_in", "z_in", "s_out", "z_out"],
                ["z"],
                domain: "com.microsoft",
                ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])]
            )
        }
        let means = (0..<8).map { place in
            let corner = place / 4 * 16 + place % 4 / 2 * 8 + place % 2 * 2
            return [0, 1, 4, 5].map { Double(x.elements[corner + $0]) }.reduce(0, +) / 4
        }
        try expect(model, x, means, step: 1 / 32)
    }

    @Test func whatDoesNotFitIsAnError() throws {
        #expect(throws: ConvNetError.self) {
            try graph([4], scale: 1 / 8, zero: 64) {
                $0.node(
                    "QLinearConcat",
                    ["s_out", "z_out", "q", "s_in"],
                    ["z"],
                    domain: "com.microsoft",
                    ["axis": .integer(1)]
                )
            }
        }
        #expect(throws: ConvNetError.self) {
            try graph([4, 4, 1], scale: 1 / 8, zero: 64) {
                $0.node(
                    "QLinearAveragePool",
                    ["q", "s_in", "z_in", "s_out", "z_out"],
                    ["z"],
                    domain: "com.microsoft",
                    ["kernel_shape": .integers([2, 2]), "channels_last": .integer(1)]
                )
            }
        }
    }
}
