import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Reading whole files")
struct FileContentsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("A file is read up to the limit, and not beyond", arguments: [0, 1, 65_535, 65_536, 1_000_000])
    func sizes(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try AtomicFile.write(bytes, to: folder.file("file"))
        #expect(try FileContents.read(folder.file("file"), limit: size) == bytes)
        #expect(try FileContents.read(folder.file("file"), limit: 1 << 40) == bytes)
        guard size > 0 else { return }
        let error = #expect(throws: ConvNetError.self) {
            try FileContents.read(folder.file("file"), limit: size - 1)
        }
        #expect(error?.kind == .file)
        #expect(error?.expected == "at most \(size - 1) bytes")
    }

    @Test("Without a limit, and with an impossible one, there is a file or an error")
    func extremeLimits() throws {
        try AtomicFile.write([1, 2, 3], to: folder.file("file"))
        #expect(try FileContents.read(folder.file("file"), limit: .max) == [1, 2, 3])
        #expect(try FileContents.read("/proc/self/status", limit: .max).count > 0)
        #expect(throws: ConvNetError.self) { try FileContents.read(folder.file("file"), limit: -1) }
        #expect(throws: ConvNetError.self) { try FileContents.read(folder.file("file"), limit: .min) }
    }

    @Test("A file that says its size is 0 is read all the same")
    func sizeUnknown() throws {
        #expect(try !FileContents.read("/proc/self/status", limit: 1 << 20).isEmpty)
        #expect(throws: ConvNetError.self) { try FileContents.read("/proc/self/status", limit: 10) }
    }

    @Test("What is no regular file is an error with its path, at once")
    func irregular() throws {
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        for (path, reason) in [
            (folder.file("missing"), "No such file or directory"), (folder.path, "a folder"),
            (folder.file("pipe"), "a device or a pipe"), ("/dev/zero", "a device or a pipe"),
        ] {
            let error = #expect(throws: ConvNetError.self) { try FileContents.read(path, limit: 100) }
            #expect(error?.kind == .file)
            #expect(error?.location == path)
            #expect(error?.description.contains(reason) == true, "\(error as Any)")
        }
    }
}
