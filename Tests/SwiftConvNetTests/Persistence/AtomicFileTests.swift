import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Atomic files")
struct AtomicFileTests {
    private struct Interruption: Error {}

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func content(_ name: String) throws -> [UInt8] {
        try FileContents.read(folder.file(name), limit: 1 << 30)
    }

    @Test("A new file has what was written, in pieces small and large, and nothing is beside it")
    func newFile() throws {
        let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        try AtomicFile.write(to: folder.file("new")) { file in
            try file.write("head")
            try file.write(large)
            #expect(file.position == 300_004)
            for _ in 0..<50_000 { try file.write([1, 2, 3]) }
            try file.write([])
        }
        let expected = Array("head".utf8) + large + (0..<50_000).flatMap { _ in [1, 2, 3] as [UInt8] }
        #expect(try content("new") == expected)
        #expect(try folder.names == ["new"])
    }

    @Test("The old file is there, whole, until the new one is, and hands on its permissions")
    func replacement() throws {
        let path = folder.file("file")
        try AtomicFile.write("old", to: path)
        #expect(chmod(path, 0o600) == 0)
        try AtomicFile.write(to: path) { file in
            try file.write([UInt8](repeating: 7, count: 100_000))
            #expect(try content("file") == Array("old".utf8))
        }
        #expect(try content("file").count == 100_000)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("An error of the one who writes leaves the old file and nothing else")
    func interrupted() throws {
        try AtomicFile.write("old", to: folder.file("file"))
        #expect(throws: Interruption.self) {
            try AtomicFile.write(to: folder.file("file")) { file in
                try file.write([UInt8](repeating: 7, count: 100_000))
                throw Interruption()
            }
        }
        #expect(try content("file") == Array("old".utf8))
        #expect(try folder.names == ["file"])
    }

    @Test("A symbolic link is replaced, not followed")
    func link() throws {
        try AtomicFile.write("elsewhere", to: folder.file("target"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"),
            withDestinationPath: folder.file("target")
        )
        try AtomicFile.write("new", to: folder.file("link"))
        #expect(try content("target") == Array("elsewhere".utf8))
        #expect(try content("link") == Array("new".utf8))
    }

    @Test("A path that cannot be written is an error with the path and a reason")
    func unwritable() throws {
        try AtomicFile.write("a file", to: folder.file("file"))
        _ = try folder.makeFolder("folder")
        let long = String(repeating: "n", count: 300)
        for (path, reason) in [
            (folder.file("missing/file"), "No such file or directory"),
            (folder.file("file/inside"), "Not a directory"),
            (folder.file(long), "File name too long"),
            (folder.file("folder"), "a folder"),
            (folder.file("folder/"), "does not end in a file's name"),
            ("", "does not end in a file's name"),
            ("/dev/full", "a device or a pipe"),
        ] {
            let error = #expect(throws: ConvNetError.self) { try AtomicFile.write("x", to: path) }
            #expect(error?.kind == .file)
            #expect(error?.location == path)
            #expect(error?.description.contains(reason) == true, "\(error as Any)")
        }
        #expect(try folder.names == ["file", "folder"])
        #expect(try content("file") == Array("a file".utf8))
    }

    @Test("A folder that vanishes while its file is written is an error")
    func vanishedFolder() throws {
        let inner = try folder.makeFolder("inner")
        let error = #expect(throws: ConvNetError.self) {
            try AtomicFile.write(to: inner + "/file") { file in
                try file.write("something")
                try FileManager.default.removeItem(atPath: inner)
            }
        }
        #expect(error?.kind == .file)
        #expect(try folder.names == [])
    }

    @Test("A full disk is an error that says where")
    func fullDisk() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let writer = FileWriter(descriptor: descriptor, path: "weights")
        try writer.write("gathered")
        let error = #expect(throws: ConvNetError.self) {
            try writer.write([UInt8](repeating: 0, count: 100_000))
        }
        #expect(error?.kind == .file)
        #expect(error?.description.contains("No space left on device") == true)
        #expect(error?.location == "weights, byte 0")
    }

    @Test("A file that grows past what the system grants leaves the old file and nothing else")
    func sizeLimit() async throws {
        // The limit is the whole process's, so another process has it.
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            try AtomicFile.write("old", to: folder.file("file"))
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 150_000, rlim_max: 150_000)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let error = #expect(throws: ConvNetError.self) {
                try AtomicFile.write(to: folder.file("file")) { file in
                    for _ in 0..<100 { try file.write([UInt8](repeating: 1, count: 10_000)) }
                }
            }
            #expect(error?.description.contains("File too large") == true)
            #expect(try FileContents.read(folder.file("file"), limit: 100) == Array("old".utf8))
            #expect(try folder.names == ["file"])
        }
    }

    @Test("A temporary file that a killed process left is no obstacle")
    func leftover() throws {
        try AtomicFile.write("half", to: folder.file(AtomicFile.temporaryPrefix + "1"))
        try AtomicFile.write("new", to: folder.file("file"))
        #expect(try content("file") == Array("new".utf8))
    }
}
