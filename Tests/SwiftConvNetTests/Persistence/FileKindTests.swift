import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// Files of other kinds that people have by mistake where a file of this library is asked for.
private struct Foreign: Sendable, CustomTestStringConvertible {
    let kind: FileKind
    let bytes: [UInt8]
    /// What the remedy for a model's file holds; `nil` if there is none.
    let remedy: String?

    init(_ kind: FileKind, _ bytes: [UInt8], _ remedy: String?) {
        self.kind = kind
        self.bytes = bytes
        self.remedy = remedy
    }

    init(_ kind: FileKind, text: String, _ remedy: String?) { self.init(kind, Array(text.utf8), remedy) }

    /// The local header of a ZIP archive's first file (APPNOTE 4.3.7).
    init(_ kind: FileKind, zip name: String, _ remedy: String?) {
        let header: [UInt8] = [0x50, 0x4B, 3, 4, 20, 0] + [UInt8](repeating: 0, count: 20)
        self.init(kind, header + [UInt8(name.utf8.count), 0, 0, 0] + Array(name.utf8) + [1, 2, 3], remedy)
    }

    var testDescription: String { "\(kind): \(bytes.prefix(16))" }

    // The first bytes of files that Keras 3.15.1, PyTorch 2, onnx 1.23, NumPy 2.4 and git-lfs 3 have written.
    static let all = [
        Foreign(.empty, [], "again"),
        Foreign(.keras, zip: "metadata.json", "load(fromKeras:)"),
        Foreign(.pyTorch, zip: "archive/data.pkl", "state_dict"),
        Foreign(
            .pyTorch,
            [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E],
            "state_dict"
        ),
        Foreign(.numPyArchive, zip: "x.npy", "save_file"),
        Foreign(.zip, zip: "readme.txt", "Unpack"),
        Foreign(.zip, [0x50, 0x4B, 3, 4], "Unpack"),
        Foreign(
            .hdf5,
            [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0, 0, 8, 8, 0],
            "load(fromKeras:)"
        ),
        Foreign(.pickle, [0x80, 4, 0x95, 10, 0, 0, 0, 0, 0, 0, 0, 0x7D], "save_file"),
        Foreign(.onnx, [8, 14, 0x3A, 0x33, 0x0A, 0x0C, 0x0A, 1, 0x78, 0x12], "load(onnx:)"),
        Foreign(.onnx, [8, 8, 0x12, 7] + Array("pytorch".utf8) + [0x1A, 3], "load(onnx:)"),
        Foreign(.numPyArray, [0x93] + Array("NUMPY".utf8) + [1, 0, 0x76, 0, 0x7B], "save_file"),
        Foreign(
            .gitLFSPointer,
            text: "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n",
            "git lfs pull"
        ),
        Foreign(.webPage, text: "<!DOCTYPE html>\n<html lang=\"en\"><head>", "download it again"),
        Foreign(.webPage, text: "\u{FEFF}\n <HTML><body>404", "download it again"),
        Foreign(
            .webPage,
            text: "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
            "download it again"
        ),
        Foreign(.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], nil),
        Foreign(.jpeg, [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46], nil),
        Foreign(.gzip, [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2], "gunzip"),
        Foreign(.idx, [0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 28, 0, 0, 0, 28], nil),
        Foreign(.pgm, text: "P5\n28 28\n255\n", nil),
        Foreign(
            .checkpoint,
            [0x89, 0x53, 0x43, 0x4E, 0x43, 0x4B, 0x50, 0x0A, 1, 0, 0, 0, 9, 9, 9, 9],
            "Resume"
        ),
        Foreign(.json, text: "{\"format\":\"swiftconvnet.run\"}", nil),
        Foreign(.text, text: "label,1x1,1x2,1x3\n5,0,0,0\n", nil),
    ]
}

@Suite("Files of another kind are named, with what to do")
struct FileKindTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("The kind shows in the first bytes", arguments: Foreign.all)
    fileprivate func recognized(file: Foreign) {
        #expect(FileKind(firstBytes: file.bytes) == file.kind)
        // What follows does not matter, nor that it is cut.
        if file.bytes.count > 8, ![.text, .json, .webPage].contains(file.kind) {
            #expect(FileKind(firstBytes: file.bytes + [UInt8](repeating: 0xAB, count: 1000)) == file.kind)
        }
    }

    @Test("Other bytes are of no known kind")
    func unknown() {
        #expect(FileKind(firstBytes: [1, 2, 3, 4, 5, 6, 7, 8]) == nil)
        #expect(FileKind(firstBytes: [UInt8](repeating: 0, count: 600)) == nil)
        #expect(FileKind(firstBytes: [0x41, 0x42, 0x07]) == nil)
    }

    @Test("A model, weights, a case: the error names file, kind and remedy", arguments: Foreign.all)
    fileprivate func models(file: Foreign) throws {
        let path = folder.file("model.safetensors")
        try AtomicFile.write(file.bytes, to: path)
        let model = try SmallNetwork.make()
        let readers: [() throws -> Void] = [
            { _ = try Model.load(from: path) },
            { try model.loadWeights(from: path) },
            { try model.loadWeights(from: path, skipMismatch: true) },
            { _ = try SafeTensors(contentsOf: path) },
            { _ = try SafeTensors(bytes: file.bytes, path: path) },
            { _ = try NonFiniteCase(contentsOf: path) },
        ]
        for read in readers {
            let error = #expect(throws: ConvNetError.self) { try read() }
            #expect(error?.kind == .format)
            #expect(error?.location == "\(path), byte 0")
            #expect(error?.received == file.kind.title)
            #expect(
                file.remedy.map { error?.remedy?.contains($0) == true } ?? (error?.remedy == nil),
                "\(error)"
            )
        }
    }

    @Test("A safetensors file that is damaged is not taken for another kind")
    func damaged() throws {
        let path = folder.file("model.safetensors")
        try SmallNetwork.make().save(to: path)
        let bytes = try FileContents.read(path, limit: 1 << 20)
        #expect(FileKind(firstBytes: bytes) == .safetensors)
        #expect(FileKind.mismatch(.safetensors, bytes, at: path, expected: "") == nil)
        let error = #expect(throws: ConvNetError.self) {
            try SafeTensors(bytes: bytes.dropLast(9).map(\.self))
        }
        #expect(error?.summary.contains("ends beyond the file") == true)
    }

    @Test("A record of a run")
    func manifest() throws {
        let path = folder.file("run.json")
        try AtomicFile.write("version https://git-lfs.github.com/spec/v1\n", to: path)
        let error = #expect(throws: ConvNetError.self) { try RunManifest(contentsOf: path) }
        #expect(error?.received == FileKind.gitLFSPointer.title)
        try AtomicFile.write(#"{"format":"swiftconvnet.run"}"#, to: path)
        let member = #expect(throws: ConvNetError.self) { try RunManifest(contentsOf: path) }
        #expect(
            member?.summary == #"The JSON is not what it should be: the member "formatVersion" is missing"#
        )
    }

    @Test("A case is not a model, and a model not a case: each says how it is read")
    func caseAndModel() throws {
        let path = folder.file("model.safetensors")
        let model = try SmallNetwork.trained()
        try model.save(to: path)
        let error = #expect(throws: ConvNetError.self) { try NonFiniteCase(contentsOf: path) }
        #expect(error?.remedy?.contains("Model.load(from:)") == true)
        let data = try ArrayDataset(SmallNetwork.images(2), SmallNetwork.labels(2))
        let found = try NonFiniteCase(
            model,
            [0, 1],
            of: data,
            weights: SampleWeights(),
            epoch: 1,
            batch: 1
        )
        try found.save(to: path)
        let other = #expect(throws: ConvNetError.self) { try Model.load(from: path) }
        #expect(other?.remedy?.contains("NonFiniteCase(contentsOf:)") == true)
    }

    @Test(
        "A name that belongs to another format is an error before anything is written",
        arguments: [
            "model.keras", "model.h5", "model.weights.h5", "Model.KERAS", "model.pt", "model.pth",
            "model.onnx",
            "arrays.npz", "model.zip",
        ]
    )
    func names(name: String) throws {
        let path = folder.file(name)
        let model = try SmallNetwork.make()
        let writers: [() throws -> Void] = [
            { try model.save(to: path) }, { try model.saveWeights(to: path) },
            { try SafeTensors.write(["a": Tensor([1])], to: path) },
        ]
        for write in writers {
            let error = #expect(throws: ConvNetError.self) { try write() }
            #expect(error?.kind == .argument)
            #expect(error?.location == path)
            #expect(error?.remedy?.contains(".safetensors") == true)
        }
        #expect(try folder.names.isEmpty)
    }

    @Test(
        "Other names are free",
        arguments: ["model", "model.safetensors", "model.v2", "h5", "keras", ".hidden", "a.bin"]
    )
    func freeNames(name: String) throws {
        try SmallNetwork.make().save(to: folder.file(name))
        #expect(try folder.names == [name])
    }

    @Test("ModelCheckpoint refuses such a path before the first step")
    func modelCheckpoint() throws {
        let model = try SmallNetwork.make()
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        let before = model.parameterDigest
        let callback = ModelCheckpoint(folder.file("best-{epoch:02d}-{loss:.4f}.keras"))
        let error = #expect(throws: ConvNetError.self) {
            try model.fit(
                SmallNetwork.images(),
                SmallNetwork.labels(),
                verbose: .silent,
                callbacks: [callback]
            )
        }
        #expect(error?.kind == .argument)
        #expect(error?.received?.contains(".keras") == true)
        #expect(model.parameterDigest == before)
    }
}
