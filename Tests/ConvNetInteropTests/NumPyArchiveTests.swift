import ConvNetInterop
import SwiftConvNet
import TestSupport
import Testing

@Suite("NumPy archives", .enabled(if: Traits.hasZip, "needs the trait Zip"))
struct NumPyArchiveTests {
    private let arrays: [String: Tensor]

    init() throws {
        arrays = [
            "x": try Tensor(Golden.uniform(stream: 3, count: 24), shape: [2, 3, 4]),
            "scalar": try Tensor([7], shape: []),
            "empty": try Tensor([], shape: [0, 3]),
        ]
    }

    @Test("What is written is read", arguments: [false, true])
    func roundTrip(compresses: Bool) throws {
        let folder = try TemporaryFolder(), path = folder.file("a.npz")
        try NumPyArchive.save(arrays, to: path, compresses: compresses)
        let archive = try NumPyArchive(contentsOf: path)
        #expect(archive.names == ["empty", "scalar", "x"])
        for (name, array) in arrays { #expect(try archive[name].tensor == array) }
        let error = try #require(throws: ConvNetError.self) { try archive["y"] }
        #expect(error.kind == .argument && error.expected == "one of empty, scalar, x")
    }

    @Test("An archive of other files is an error")
    func otherFiles() throws {
        let folder = try TemporaryFolder(), path = folder.file("a.npz")
        try NumPyArchive.save(["a": Tensor([1])], to: path)
        var bytes = try FileContents.read(path, limit: 1 << 20)
        for place in bytes.indices where bytes[place...].starts(with: "a.npy".utf8) {
            bytes[place + 4] = UInt8(ascii: "x")
        }
        #expect(throws: ConvNetError.self) { try NumPyArchive(bytes: bytes) }
    }
}

@Suite("Without the trait Zip", .enabled(if: !Traits.hasZip))
struct NoZipTests {
    @Test("Archives are errors that name the trait")
    func error() throws {
        let error = try #require(throws: ConvNetError.self) {
            try NumPyArchive(bytes: [0x50, 0x4B, 3, 4], path: "a.npz")
        }
        #expect(error.kind == .environment && error.location == "a.npz")
        #expect(error.remedy?.contains("Enable the trait Zip") == true)
    }
}
