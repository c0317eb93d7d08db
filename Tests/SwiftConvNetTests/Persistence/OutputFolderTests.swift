import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// Links in the way of what is written: a link in place of the file is replaced, a link in place of a folder is
/// followed, as every program does, and the folder that was opened stays the one that is written to.
@Suite("Links in folders of output")
struct OutputFolderTests {
    private let folder: TemporaryFolder
    private let model: Sequential

    init() throws {
        folder = try TemporaryFolder()
        model = try Sequential(inputShape: [1], layers: [Dense(units: 1)])
    }

    @Test("A model that is saved over a link replaces it, and leaves what it pointed at")
    func link() throws {
        try AtomicFile.write("precious", to: folder.file("precious"))
        for target in ["precious", "nothing", "link", "/dev/full"] {
            try? FileManager.default.removeItem(atPath: folder.file("link"))
            #expect(symlink(target, folder.file("link")) == 0)
            try model.save(to: folder.file("link"))
            #expect(try Model.load(from: folder.file("link")).parameterCount == 2)
            #expect(try FileContents.read(folder.file("precious"), limit: 100) == Array("precious".utf8))
        }
        #expect(try folder.names == ["link", "precious"])
    }

    @Test("A link to a folder is followed; a link to itself is an error")
    func linkedFolder() throws {
        let real = try folder.makeFolder("real")
        #expect(symlink("real", folder.file("linked")) == 0)
        try model.save(to: folder.file("linked/model"))
        #expect(FileManager.default.fileExists(atPath: "\(real)/model"))
        #expect(symlink("loop", folder.file("loop")) == 0)
        let error = #expect(throws: ConvNetError.self) { try model.save(to: folder.file("loop/model")) }
        #expect(error?.kind == .file)
    }

    @Test("A folder that gives way to a link while its file is written gets the file all the same")
    func swapped() throws {
        let real = try folder.makeFolder("real"), other = try folder.makeFolder("other")
        try AtomicFile.write(to: "\(real)/file") { file in
            #expect(rename(real, folder.file("moved")) == 0)
            #expect(symlink("other", real) == 0)
            try file.write("content")
        }
        #expect(try FileContents.read(folder.file("moved/file"), limit: 100) == Array("content".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: other) == [])
    }

    @Test("A pipe or a device in place of the file is left alone", .timeLimit(.minutes(10)))
    func special() throws {
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        for path in [folder.file("pipe"), "/dev/null", folder.path] {
            let error = #expect(throws: ConvNetError.self) { try model.save(to: path) }
            #expect(error?.kind == .file)
        }
        #expect(try folder.names == ["pipe"])
    }
}
