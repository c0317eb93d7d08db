import ConvNetInterop
import Foundation
import TestSupport
import Testing

/// Models whose weights are in other files, and files that try to read what is not theirs.
@Suite struct ExternalDataTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.file("model"),
            withIntermediateDirectories: true
        )
    }

    /// A product with a weight of two rows and three columns, which another file has.
    private func model(_ location: String, offset: Int? = nil, length: Int? = nil) throws -> ONNXFile {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2)])
        builder.external("w", [2, 3], location: location, offset: offset, length: length)
        builder.node("MatMul", ["x", "w"], ["y"], name: "product")
        builder.output("y")
        let path = folder.file("model/model.onnx")
        try AtomicFile.write(builder.bytes, to: path)
        return try ONNXFile(contentsOf: path)
    }

    private func write(_ numbers: [Float], to name: String) throws {
        try AtomicFile.write(
            numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } },
            to: folder.file(name)
        )
    }

    @Test func weightsComeFromAnotherFile() throws {
        try write([1, 2, 3, 4, 5, 6], to: "model/model.data")
        let x = try Tensor([1, 10], shape: [1, 2])
        let y = try model("model.data").imported().predictions(for: ["x": x])["y"]
        #expect(y?.elements == [41, 52, 63])
        try write([0, 0, 1, 2, 3, 4, 5, 6, 0], to: "model/model.data")
        let part = try model("model.data", offset: 8, length: 24).imported().predictions(for: ["x": x])["y"]
        #expect(part?.elements == [41, 52, 63])
    }

    @Test func weightsMayLieInAFolderBesideTheModel() throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("model/weights"),
            withIntermediateDirectories: true
        )
        try write([1, 2, 3, 4, 5, 6], to: "model/weights/w")
        let y = try model("weights/w").imported().predictions(for: ["x": Tensor([1, 10], shape: [1, 2])])["y"]
        #expect(y?.elements == [41, 52, 63])
    }

    @Test(arguments: [
        "../secret", "weights/../../secret", "", "weights//w", "./../secret", "link", "linked/secret",
    ])
    func pathsThatLeaveTheFolderAreRefused(_ location: String) throws {
        try write([1, 2, 3, 4, 5, 6], to: "secret")
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: folder.file("model/link"),
            withDestinationPath: folder.file("secret")
        )
        try files.createSymbolicLink(
            atPath: folder.file("model/linked"),
            withDestinationPath: folder.file("")
        )
        let error = try #require(throws: ConvNetError.self) { try model(location).imported() }
        #expect("\(error)".contains("must lie in the folder of the model"), "\(error)")
    }

    @Test func anAbsolutePathIsRefused() throws {
        try write([1, 2, 3, 4, 5, 6], to: "secret")
        let error = try #require(throws: ConvNetError.self) { try model(folder.file("secret")).imported() }
        #expect("\(error)".contains("must lie in the folder of the model"), "\(error)")
    }

    @Test func weightsThatAreNotThereAreRefused() throws {
        #expect(throws: ConvNetError.self) { try model("model.data").imported() }
        try write([1, 2, 3, 4, 5, 6], to: "model/model.data")
        for (offset, length) in [(4, nil), (1 << 62, nil), (.max, nil), (0, 20), (0, 28)] as [(Int, Int?)] {
            let error = try #require(throws: ConvNetError.self) {
                try model("model.data", offset: offset, length: length).imported()
            }
            #expect("\(error)".contains("not in the other file"), "\(error)")
        }
        #expect(throws: ConvNetError.self) { try model("model.data", offset: -4).imported() }
    }
}
