import ConvNetInterop
import TestSupport
import Testing

/// A file in a ConvNetInterop program: `Model.load(from:)` and `save(to:)` are those for all formats there.
@Suite("Models of any format")
struct ModelFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A dense layer: two numbers in, three out.
    private func onnxBytes(_ rows: String = "N") -> [UInt8] {
        var builder = ONNXBuilder()
        builder.input("x", [.name(rows), .number(2)])
        builder.initializer("w", [2, 3], floats: [1, 2, 3, 4, 5, 6])
        builder.node("MatMul", ["x", "w"], ["y"], name: "product")
        builder.output("y", [.name(rows), .number(3)])
        return builder.bytes
    }

    private func write(_ bytes: [UInt8], as name: String) throws -> String {
        try AtomicFile.write(bytes, to: folder.file(name))
        return folder.file(name)
    }

    @Test("the content of a file says what it is, whatever its name")
    func contentComesFirst() throws {
        let own = folder.file("model.bin")
        try SmallNetwork.make().save(to: own)
        #expect(try ModelFormat(ofFile: own) == .swiftConvNet)
        #expect(try ModelFormat(ofFile: write(onnxBytes(), as: "model.keras")) == .onnx)
        let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
        #expect(try ModelFormat(ofFile: write(hdf5 + [0, 0], as: "weights.onnx")) == .kerasHDF5)
    }

    @Test("the name says it where the content does not")
    func nameComesSecond() throws {
        #expect(try ModelFormat(ofFile: write([0xFF, 0xFE, 0, 1, 2, 3, 4, 5], as: "a.ONNX")) == .onnx)
        #expect(ModelFormat(endingOf: "folder.keras/model.H5") == .kerasHDF5)
        #expect(ModelFormat(endingOf: "folder.keras/model") == nil)
        #expect(ModelFormat(endingOf: "") == nil)
    }

    @Test("what is no model is refused with the list of formats", arguments: ["photo.onnx", "photo"])
    func unknown(name: String) throws {
        let path = try write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], as: name)
        let error = try #require(throws: ConvNetError.self) { try ModelFile(contentsOf: path) }
        #expect(error.kind == .format && error.received == "a PNG file")
        for format in ModelFormat.allCases { #expect(error.description.contains(format.title)) }
    }

    @Test("bytes of no known format, an empty file and a missing one are errors")
    func broken() throws {
        let nothing = try #require(throws: ConvNetError.self) {
            try ModelFile(contentsOf: write([0xFF, 0xFE, 0, 1, 2, 3, 4, 5], as: "a.bin"))
        }
        #expect(nothing.kind == .format)
        let empty = try #require(throws: ConvNetError.self) {
            try ModelFile(contentsOf: write([], as: "b.keras"))
        }
        #expect(empty.kind == .format && empty.received == "an empty file")
        let missing = try #require(throws: ConvNetError.self) {
            try ModelFile(contentsOf: folder.file("c.onnx"))
        }
        #expect(missing.kind == .file)
    }

    @Test("a pickle of PyTorch is refused with the way to convert it")
    func pickle() throws {
        let path = try write(
            [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19],
            as: "a.pt"
        )
        let error = try #require(throws: ConvNetError.self) { try ModelFile(contentsOf: path) }
        #expect(error.kind == .format && error.remedy?.contains("torch.onnx.export") == true)
    }

    @Test("this library's format goes both ways, with the state of training")
    func ownFormat() throws {
        let model = try SmallNetwork.trained()
        try model.save(to: folder.file("a.safetensors"))
        let same = try Model.load(from: folder.file("a.safetensors"))
        #expect(same.learningRate == model.learningRate)
        #expect(try same.predict(SmallNetwork.images()) == model.predict(SmallNetwork.images()))
        try model.save(to: folder.file("b.safetensors"), includeOptimizer: false)
        #expect(try folder.size(of: "b.safetensors") < folder.size(of: "a.safetensors"))
    }

    @Test(
        "an ONNX file is loaded with its ports and with the way to compute, saved, and loaded without custom types"
    )
    func onnx() throws {
        var options = ModelFile.Options()
        options.compute.threads = 1
        let file = try ModelFile(contentsOf: write(onnxBytes(), as: "model.onnx"), options: options)
        #expect(file.format == .onnx && file.onnx?.inputs.map(\.name) == ["x"])
        #expect(file.model.options.threads == 1)
        let x = try Tensor([[1, 0], [0, 1]])
        let y = try file.model.predict(x)
        #expect(y.elements == [1, 2, 3, 4, 5, 6])
        try file.model.save(to: folder.file("model.safetensors"))
        #expect(try Model.load(from: folder.file("model.safetensors")).predict(x) == y)
    }

    @Test("Keras' format goes both ways", .enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func keras() throws {
        let model = try SmallNetwork.trained()
        try model.save(to: folder.file("a.keras"))
        let file = try ModelFile(contentsOf: folder.file("a.keras"))
        #expect(file.format == .keras && file.report?.mismatches.isEmpty == true)
        #expect(try file.model.predict(SmallNetwork.images()) == model.predict(SmallNetwork.images()))
    }

    @Test("a network is saved as ONNX and comes back, and the class is what it is called on")
    func writtenONNX() throws {
        let model = try SmallNetwork.trained(), x = try SmallNetwork.images()
        try model.save(to: folder.file("a.onnx"))
        #expect(try ModelFormat(ofFile: folder.file("a.onnx")) == .onnx)
        let expected = try model.predict(x).elements
        let same = try Model.load(from: folder.file("a.onnx")).predict(x).elements
        #expect(zip(same, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        let error = #expect(throws: ConvNetError.self) { try Sequential.load(from: folder.file("a.onnx")) }
        #expect(error?.kind == .format && error?.remedy == "Use Model.load(from:)")
    }

    @Test("an ending of no format is free, and the file is this library's own")
    func freeName() throws {
        try SmallNetwork.make().save(to: folder.file("model.v2"))
        #expect(try ModelFormat(ofFile: folder.file("model.v2")) == .swiftConvNet)
    }

    @Test(
        "another ending is refused with the list of those that are written",
        arguments: ["a.h5", "a.pt", "a.npz"]
    )
    func unwritten(name: String) throws {
        let error = try #require(throws: ConvNetError.self) {
            try SmallNetwork.make().save(to: folder.file(name))
        }
        #expect(error.kind == .argument)
        #expect(
            [".safetensors", ".keras", ".onnx"].allSatisfy { error.expected?.contains($0) == true },
            "\(error)"
        )
        #expect(try folder.names.isEmpty)
    }
}

extension TemporaryFolder {
    /// The size of a file, in bytes.
    fileprivate func size(of name: String) throws -> Int { try FileBytes(path: file(name)).count }
}
