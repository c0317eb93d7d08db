import ConvNetInterop
import Foundation
import Testing

/// Files whose weights and attributes do not fit what they are applied to: an error, and nothing is read beyond an operand.
@Suite struct ONNXHostileWeightTests {
    /// What a node reads besides its input.
    enum Operand: Sendable {
        case absent
        /// A weight of ones.
        case ones([Int])
        case integers([Int], [Int])
    }

    /// A file of one node that reads `x`.
    struct File: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let shape: [Int]

        init(
            _ name: String,
            _ type: String,
            _ shape: [Int],
            _ operands: [Operand] = [],
            _ attributes: KeyValuePairs<String, ONNXBuilder.Attribute> = [:],
            outputs: [String] = ["y"],
            domain: String = "",
            opset: Int = 17
        ) {
            var builder = ONNXBuilder()
            builder.opset = opset
            builder.input("x", shape.map { .number($0) })
            var names = ["x"]
            for (index, operand) in operands.enumerated() {
                switch operand {
                case .absent: names.append("")
                case .ones(let dims):
                    names.append("operand\(index)")
                    let ones = [Float](repeating: 1, count: dims.reduce(1, *))
                    builder.initializer("operand\(index)", dims, floats: ones)
                case .integers(let dims, let numbers):
                    names.append("operand\(index)")
                    builder.initializer("operand\(index)", dims, integers: numbers)
                }
            }
            builder.node(type, names, outputs, domain: domain, attributes)
            builder.output("y")
            testDescription = name
            bytes = builder.bytes
            self.shape = shape
        }

        func predict() throws -> Tensor? {
            let imported = try ONNXFile(bytes: bytes).imported()
            return try imported.predictions(for: ["x": Tensor(zeros: Shape(shape))])["y"]
        }
    }

    private static let weights: [Operand] = [.ones([1, 8, 2]), .ones([1, 8, 2])]
    private static let sequence = [3, 1, 2], image = [1, 4, 2, 2], large = [1, 3, 4, 4]
    private static let states = ["", "y"]

    private static let recurrent: [File] = [
        File("features", "LSTM", sequence, [.ones([1, 8, 1000]), .ones([1, 8, 2])], outputs: states),
        File("fewer features", "LSTM", [3, 1, 4], weights, outputs: states),
        File("gates", "GRU", sequence, weights, outputs: states),
        File("rank", "RNN", sequence, [.ones([2]), .ones([1, 2, 2])], outputs: states),
        File("bias", "LSTM", sequence, weights + [.ones([1, 1])], outputs: states),
        File("lengths", "LSTM", sequence, weights + [.absent, .integers([3], [1, 1, 1])], outputs: states),
        File("state", "LSTM", sequence, weights + [.absent, .absent, .ones([1])], outputs: states),
        File(
            "cell",
            "LSTM",
            sequence,
            weights + [.absent, .absent, .absent, .ones([1, 1, 1])],
            outputs: states
        ),
        File(
            "peepholes",
            "LSTM",
            sequence,
            weights + [.absent, .absent, .absent, .absent, .ones([1, 2])],
            outputs: states
        ),
        File("direction", "LSTM", sequence, weights, ["direction": .text("bidirectional")], outputs: states),
        File("other direction", "LSTM", sequence, weights, ["direction": .text("up")], outputs: states),
    ]

    private static let convolutions: [File] = [
        File("rank 0", "Conv", large, [.ones([])]),
        File("rank 1", "Conv", large, [.ones([3])]),
        File("short bias", "Conv", large, [.ones([200, 3, 1, 1]), .ones([2])]),
        File("long bias", "Conv", large, [.ones([2, 3, 1, 1]), .ones([5])]),
        File("group 0", "Conv", large, [.ones([2, 3, 1, 1])], ["group": .integer(0)]),
        File("group below 0", "Conv", large, [.ones([3, 3, 1, 1])], ["group": .integer(-3)]),
        File("huge group", "Conv", large, [.ones([3, 4, 1, 1])], ["group": .integer(1 << 62)]),
        File("no filters", "Conv", large, [.ones([0, 1, 1, 1])], ["group": .integer(3)]),
        File("strides", "Conv", large, [.ones([2, 3, 1, 1])], ["strides": .integers([1])]),
        File("stride 0", "Conv", large, [.ones([2, 3, 1, 1])], ["strides": .integers([0, 1])]),
        File("pads", "Conv", large, [.ones([2, 3, 1, 1])], ["pads": .integers([1, 1])]),
        File("nothing left", "Conv", large, [.ones([2, 3, 1, 1])], ["pads": .integers([-4, 0, 0, 0])]),
        File(
            "huge border",
            "Conv",
            [1, 1, 1, 1, 1],
            [.ones([1, 1, 2, 2, 2])],
            ["pads": border, "dilations": cube]
        ),
        File("huge pads", "Conv", large, [.ones([2, 3, 1, 1])], ["pads": .integers([.max, 0, .max, 0])]),
        File("dilations", "Conv", large, [.ones([2, 3, 2, 2])], ["dilations": .integers([.max, 1])]),
        File("transposed rank", "ConvTranspose", large, [.ones([3])]),
        File("transposed bias", "ConvTranspose", large, [.ones([3, 2, 2, 2]), .ones([1])]),
        File("transposed group", "ConvTranspose", large, [.ones([3, 2, 1, 1])], ["group": .integer(0)]),
        transposed("output_padding", [1]), transposed("output_padding", [.max, 4]),
        transposed("output_padding", [-1, 0]), transposed("output_shape", [7]),
        transposed("output_shape", [.min, 4]), transposed("output_shape", [7, 7, 7]),
        transposed("output_shape", [0, 4]),
    ]

    private static func transposed(_ name: String, _ numbers: [Int]) -> File {
        File(
            "\(name) \(numbers)",
            "ConvTranspose",
            large,
            [.ones([3, 2, 2, 2])],
            [name: .integers(numbers)]
        )
    }

    private static let border = ONNXBuilder.Attribute.integers(Array(repeating: 1 << 24, count: 6))
    private static let cube = ONNXBuilder.Attribute.integers(Array(repeating: 1 << 24, count: 3))

    private static let pooling: [File] = [
        File("rank 1", "MaxPool", [3], [], ["kernel_shape": .integers([2])]),
        File("rank 2", "MaxPool", [1, 3], [], ["kernel_shape": .integers([])]),
        File(
            "nowhere",
            "MaxPool",
            large,
            [],
            ["kernel_shape": .integers([9, 9]), "ceil_mode": .integer(1)],
            outputs: ["y", "indices"]
        ),
        File("nowhere, with powers", "LpPool", large, [], ["kernel_shape": .integers([9, 9])]),
        File("power 0", "LpPool", large, [], ["kernel_shape": .integers([2, 2]), "p": .integer(0)]),
        File("power 0 of all", "GlobalLpPool", large, [], ["p": .integer(0)]),
        File(
            "huge window",
            "AveragePool",
            [1, 1, 1, 1, 1],
            [],
            ["kernel_shape": cube, "pads": border, "count_include_pad": .integer(1)]
        ),
        File("mean of rank 1", "GlobalAveragePool", [3]), File("mean of rank 0", "GlobalAveragePool", []),
        File("most of rank 1", "GlobalMaxPool", [3]), File("norm of rank 1", "GlobalLpPool", [3]),
        unpool([1, 1, 200, 200], indices: [1, 1, 2, 2]),
        unpool([1, 1, 2, 2], indices: [1, 1, 2, 2], shape: [1 << 40, 1 << 40, 2, 2]),
        unpool([1, 1, 2, 2], indices: [1, 1, 2, 2], shape: [1, 1, -4, -4]),
        unpool([1, 1, 2, 2], indices: [1, 1, 2, 2], shape: [16]),
        unpool([1], indices: [1]),
    ]

    private static func unpool(_ shape: [Int], indices: [Int], shape wanted: [Int]? = nil) -> File {
        let numbers = Array(repeating: 0, count: indices.reduce(1, *))
        return File(
            "unpool \(shape) to \(wanted ?? [])",
            "MaxUnpool",
            shape,
            [.integers(indices, numbers)] + (wanted.map { [.integers([$0.count], $0)] } ?? []),
            ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])]
        )
    }

    private static func rows(_ counts: Int...) -> [Operand] { counts.map { .ones([$0]) } }

    private static let normalizations: [File] = [
        File("short statistics", "BatchNormalization", [1, 4000, 2, 2], rows(2, 2, 2, 2)),
        File("long statistics", "BatchNormalization", image, rows(4, 4, 9, 4)),
        File("statistics of a row", "BatchNormalization", [1, 4], rows(4, 4, 4, 1)),
        File("statistics of a number", "BatchNormalization", [], rows(2, 2, 2, 2)),
        File("short factors", "InstanceNormalization", [1, 4000, 2, 2], rows(2, 2)),
        File("long factors", "InstanceNormalization", image, rows(9, 4)),
        File("factors of rank 1", "InstanceNormalization", [4], rows(4, 4)),
        group(0), group(3), group(9), group(.min), group(2, rows(3, 4)), group(2, rows(4, 1)),
        File("row", "LayerNormalization", [1, 3], rows(7)),
        File("larger row", "LayerNormalization", [1, 3], [.ones([2, 3])]),
        File("axis", "LayerNormalization", [1, 3], rows(3), ["axis": .integer(-9)]),
        File("neighbours of rank 1", "LRN", [4], [], ["size": .integer(3)]),
        File("slope", "PRelu", image, rows(7)), File("larger slope", "PRelu", [4], [.ones([2, 2, 4])]),
    ]

    private static func group(_ count: Int, _ operands: [Operand] = rows(4, 4)) -> File {
        File(
            "\(count) groups",
            "GroupNormalization",
            image,
            operands,
            ["num_groups": .integer(count)],
            opset: 21
        )
    }

    private static let products: [File] = [
        File("column", "Gemm", [1, 3], [.ones([3]), .ones([3])]),
        File("transposed column", "Gemm", [1, 3], [.ones([3])], ["transB": .integer(1)]),
        File("rank 3", "Gemm", [1, 3], [.ones([1, 3, 3])], ["transB": .integer(1)]),
        File("a vector", "Gemm", [3], [.ones([3, 2])]),
        File("a transposed vector", "Gemm", [3], [.ones([3, 2])], ["transA": .integer(1)]),
        File("bias", "Gemm", [1, 3], [.ones([3, 2]), .ones([3])]),
        File("larger bias", "Gemm", [1, 3], [.ones([3, 2]), .ones([5, 2])]),
        File("number", "MatMul", [1, 3], [.ones([])]),
        File("sizes", "MatMul", [1, 3], [.ones([4, 2])]),
        File("scales", "QuantizeLinear", [1, 3], rows(4)),
        File("larger scales", "QuantizeLinear", [1, 1], rows(4)),
        File("no axis of scales", "QuantizeLinear", [1, 3], rows(3), ["axis": .integer(5)]),
        File(
            "zero points",
            "QuantizeLinear",
            [1, 3],
            [.ones([3]), .integers([2], [0, 0])],
            ["axis": .integer(1)]
        ),
        File(
            "quantised mean of rank 1",
            "QLinearGlobalAveragePool",
            [3],
            [.ones([]), .absent, .ones([])],
            domain: "com.microsoft"
        ),
    ]

    @Test(arguments: recurrent + convolutions + pooling + normalizations + products)
    func anOperandOrAnAttributeThatDoesNotFitIsAnError(_ file: File) throws {
        #expect(throws: ConvNetError.self) { _ = try file.predict() }
    }

    /// The same kinds of files, with operands that fit.
    private static let valid: [File] = [
        File(
            "LSTM",
            "LSTM",
            sequence,
            weights + [
                .ones([1, 16]), .integers([1], [2]), .ones([1, 1, 2]), .ones([1, 1, 2]), .ones([1, 6]),
            ],
            outputs: states
        ),
        File("Conv", "Conv", large, [.ones([2, 3, 1, 1]), .ones([2])]),
        File("ConvTranspose", "ConvTranspose", large, [.ones([3, 2, 2, 2]), .ones([2])]),
        transposed("output_shape", [7, 6]), transposed("output_shape", [1, 2, 7, 6]),
        transposed("output_padding", [0, 0]),
        unpool([1, 1, 2, 2], indices: [1, 1, 2, 2]),
        unpool([1, 1, 2, 2], indices: [1, 1, 2, 2], shape: [1, 1, 5, 5]),
        File("BatchNormalization", "BatchNormalization", image, rows(4, 4, 4, 4)),
        File("BatchNormalization of a row", "BatchNormalization", [1, 4], rows(4, 4, 4, 4)),
        File("InstanceNormalization", "InstanceNormalization", image, rows(4, 4)),
        group(2), group(2, rows(2, 2)), group(4), group(1, rows(1, 1)),
        File("PRelu", "PRelu", image, [.ones([4, 1, 1])]),
        File("Gemm", "Gemm", [1, 3], [.ones([2, 3]), .ones([1, 2])], ["transB": .integer(1)]),
        File("QuantizeLinear", "QuantizeLinear", [1, 3], rows(3)),
    ]

    @Test(arguments: valid) func whatFitsIsPredicted(_ file: File) throws {
        #expect(try file.predict()?.elements.isEmpty == false)
    }

    /// A border of less than nothing cuts the image, also where another side has one of zeros.
    @Test(arguments: ["Conv", "MaxPool", "AveragePool"]) func aWindowMayBeginWithinTheImage(_ type: String)
        throws
    {
        var builder = ONNXBuilder()
        builder.input("x", [.number(1), .number(1), .number(5), .number(5)])
        builder.initializer("w", [1, 1, 2, 2], floats: [1, 1, 1, 1])
        let pads: KeyValuePairs<String, ONNXBuilder.Attribute> = [
            "kernel_shape": .integers([2, 2]), "pads": .integers([1, -2, 1, -1]),
        ]
        builder.node(type, type == "Conv" ? ["x", "w"] : ["x"], ["y"], pads)
        builder.output("y")
        let x = try Tensor(shape: [1, 1, 5, 5]) { Float(1 + $0[2] * 5 + $0[3]) }
        let y = try #require(try ONNXFile(bytes: builder.bytes).imported().predictions(for: ["x": x])["y"])
        // Columns 2 and 3 are left; above and below is a row of zeros, which pooling leaves aside.
        var expected: [Float] = []
        for row in 0...5 {
            var window: [Float] = []
            for below in [row - 1, row] where (0..<5).contains(below) {
                window += [x[0, 0, below, 2], x[0, 0, below, 3]]
            }
            let sum = window.reduce(0, +), mean = sum / Float(window.count)
            expected.append(type == "Conv" ? sum : type == "MaxPool" ? window.max() ?? 0 : mean)
        }
        #expect(y.shape == [1, 1, 6, 1] && y.elements == expected, "\(y)")
    }

    /// Lengths come with the data, and may be any numbers.
    @Test func aSequenceIsNoLongerThanItsSteps() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.number(3), .number(1), .number(2)])
        builder.input("lengths", [.number(1)], type: 6)
        builder.initializer("w", [1, 8, 2], floats: (0..<16).map { Float($0) / 16 })
        builder.initializer("r", [1, 8, 2], floats: (0..<16).map { Float($0) / 32 })
        builder.node("LSTM", ["x", "w", "r", "", "lengths"], ["", "y"])
        builder.output("y")
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        let x = try Tensor(shape: [3, 1, 2]) { Float($0[0] + $0[2]) }
        func last(_ length: Float) throws -> [Float] {
            let values = ["x": x, "lengths": try Tensor([length], shape: [1])]
            return try #require(try imported.predictions(for: values)["y"]).elements
        }
        #expect(try last(3e38) == last(3))
        #expect(try last(-3e38) == [0, 0])
    }

    /// The library's own files say orders of axes, too.
    @Test(arguments: [
        (#"order\":[0]"#, #"order\":[9]"#), (#"order\":[0,1]"#, #"order\":[0,0]"#),
        (#"order\":[0,1]"#, #"order\":[0,7]"#), (#"dims\":[3]"#, #"dims\":[8]"#),
    ])
    func anOrderThatIsNoneIsAnErrorOfTheFormat(text: String, other: String) throws {
        let file = File("PRelu", "PRelu", [1, 3], Self.rows(3))
        let model = try ONNXFile(bytes: file.bytes).imported().model
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try model.save(to: path)
        let url = URL(fileURLWithPath: path)
        var data = try Data(contentsOf: url), count = 0
        while let range = data.range(of: Data(text.utf8)) {
            data.replaceSubrange(range, with: Data(other.utf8))
            count += 1
        }
        try #require(count > 0)
        try data.write(to: url)
        #expect(throws: ConvNetError.self) { _ = try Model.load(from: path, customTypes: .onnx) }
    }
}
