import ConvNetInterop
import Testing

@Suite struct WireReaderTests {
    /// Bytes that are no message, and what the error says of them.
    static let broken: [(bytes: [UInt8], summary: String)] = [
        ([0x80], "A message ends within a number"),
        ([UInt8](repeating: 0xFF, count: 11), "A number is longer than 64 bits"),
        ([0x00, 0x01], "Not a field's number"),
        ([0x3B, 0x01], "An unknown wire type"),
        ([0x3A, 0x05, 0x01], "A field is longer than its message"),
        (
            [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            "A field is longer than its message"
        ),
        ([0x0D, 0x01, 0x02], "A message ends within a field"),
        ([0x38, 0x01], "A field holds something else"),
    ]

    @Test(arguments: broken.indices) func brokenBytesAreNamed(_ index: Int) throws {
        let (bytes, summary) = Self.broken[index]
        let error = try #require(throws: ConvNetError.self) {
            try ONNXFile(bytes: bytes, path: "broken.onnx")
        }
        #expect(error.kind == .format)
        #expect(error.summary == summary)
        #expect(error.location?.contains("broken.onnx, ModelProto, byte 0") == true, "\(error)")
    }

    @Test func deepNestingIsRefused() throws {
        var bytes: [UInt8] = []
        // A graph in an attribute of a node of a graph, and so on.
        for _ in 0..<100 {
            var graph = WireWriter(), node = WireWriter(), attribute = WireWriter()
            attribute.content(6, bytes)
            node.content(5, attribute.bytes)
            graph.content(1, node.bytes)
            bytes = graph.bytes
        }
        var model = WireWriter()
        model.content(7, bytes)
        let error = try #require(throws: ConvNetError.self) { try ONNXFile(bytes: model.bytes) }
        #expect(error.summary == "Messages are nested too deeply")
    }

    @Test func packedAndUnpackedNumbersAreTheSame() throws {
        var packed = WireWriter(), unpacked = WireWriter()
        packed.content(1, [2, 3])
        unpacked.integer(1, 2)
        unpacked.integer(1, 3)
        for bytes in [packed.bytes, unpacked.bytes] {
            let tensor = try TensorProto(WireReader(FileBytes(bytes, path: "tensor"), message: "TensorProto"))
            #expect(tensor.dims == [2, 3])
        }
    }

    @Test func elementsOfEveryTypeBecomeNumbers() throws {
        let cases: [(type: Int, raw: [UInt8], numbers: [Double])] = [
            (1, [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], [1, -2]), (2, [1, 255], [1, 255]),
            (3, [1, 255], [1, -1]),
            (5, [1, 0, 255, 255], [1, -1]), (9, [0, 7], [0, 1]), (10, [0, 0x3C, 0, 0xC0], [1, -2]),
            (16, [0x80, 0x3F, 0, 0xC0], [1, -2]), (6, [1, 0, 0, 0, 255, 255, 255, 255], [1, -1]),
            (7, [1, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 255, count: 8), [1, -1]),
            (11, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0], [1, -2]), (22, [0xF1], [1, -1]),
        ]
        for (type, raw, numbers) in cases {
            var writer = WireWriter()
            writer.integer(1, 2)
            writer.integer(2, type)
            writer.content(9, raw)
            let tensor = try TensorProto(
                WireReader(FileBytes(writer.bytes, path: "tensor"), message: "TensorProto")
            )
            #expect(try tensor.numbers(in: ".") == numbers, "type \(type)")
            #expect(try tensor.floats(in: ".") == numbers.map { Float($0) }, "type \(type)")
        }
    }

    @Test func missingElementsAreAnError() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.number(1), .number(2)])
        builder.initializer("w", [2, 3], floats: [1, 2])
        builder.node("MatMul", ["x", "w"], ["y"])
        builder.output("y")
        let file = try ONNXFile(bytes: builder.bytes)
        let error = try #require(throws: ConvNetError.self) { try file.imported() }
        #expect(error.summary == "The elements of a tensor do not fill its shape")
    }

    @Test(arguments: ["../secret", "/etc/passwd", "a//b", ""]) func otherFoldersAreRefused(_ location: String)
        throws
    {
        var builder = ONNXBuilder()
        builder.input("x", [.number(1), .number(2)])
        builder.external("w", [2, 3], location: location)
        builder.node("MatMul", ["x", "w"], ["y"])
        builder.output("y")
        let file = try ONNXFile(bytes: builder.bytes)
        let error = try #require(throws: ConvNetError.self) { try file.imported() }
        #expect(error.summary == "The elements of a tensor must lie in the folder of the model")
    }
}
