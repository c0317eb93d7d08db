import ConvNetInterop
import SwiftConvNet
import TestSupport
import Testing

@Suite("ZIP archives", .enabled(if: Traits.hasZip, "needs the trait Zip"))
struct ZipArchiveTests {
    private let words = Array("the same words, the same words".utf8)

    @Test("What is written is read, stored and deflated", arguments: [false, true])
    func roundTrip(compresses: Bool) throws {
        let files: [(name: String, bytes: [UInt8])] = [
            ("a.txt", words), ("folder/empty", []), ("b", noise(5000)),
        ]
        let bytes = try ZipWriter.archive(files, compresses: compresses)
        let archive = try ZipArchive(bytes: bytes)
        #expect(archive.names == files.map(\.name))
        for file in files { #expect(try archive.contents(of: file.name) == file.bytes) }
    }

    @Test("The same files give the same bytes")
    func determinism() throws {
        #expect(try ZipWriter.archive([("a", words)]) == ZipWriter.archive([("a", words)]))
    }

    @Test("A file that is not there is an error that names those that are")
    func missing() throws {
        let archive = try ZipArchive(bytes: ZipWriter.archive([("a.txt", words)]), path: "x.zip")
        let error = try #require(throws: ConvNetError.self) { try archive.contents(of: "b") }
        #expect(error.kind == .format && error.location == "x.zip" && error.received == "a.txt")
    }

    @Test(
        "Names with tricks are refused",
        arguments: ["../b.t", "/aa.tx", "a/../b", "a\\b.tx", "C:aa.t", "a//b.t", "./a.tx"]
    )
    func names(name: String) throws {
        let placeholder = "aaaaaa"
        var bytes = try ZipWriter.archive([(placeholder, words)])
        replace(placeholder, by: name, in: &bytes)
        let error = try #require(throws: ConvNetError.self) { try ZipArchive(bytes: bytes) }
        #expect(error.kind == .format && error.received == "\"\(name)\"")
        #expect(throws: ConvNetError.self) { try ZipWriter.archive([(name, words)]) }
    }

    @Test("A name that stands twice is refused")
    func duplicates() throws {
        var bytes = try ZipWriter.archive([("aaaa", words), ("bbbb", words)])
        replace("bbbb", by: "aaaa", in: &bytes)
        let error = try #require(throws: ConvNetError.self) { try ZipArchive(bytes: bytes) }
        #expect(error.kind == .format)
        #expect(throws: ConvNetError.self) { try ZipWriter.archive([("a", words), ("a", words)]) }
    }

    @Test("A damaged file is found by its checksum")
    func checksum() throws {
        var bytes = try ZipWriter.archive([("a.txt", words)])
        replace("the same", by: "the sane", in: &bytes)
        let archive = try ZipArchive(bytes: bytes)
        let error = try #require(throws: ConvNetError.self) { try archive.contents(of: "a.txt") }
        #expect(error.kind == .format && error.location?.hasSuffix("a.txt") == true)
    }

    @Test("A bomb is refused before it is unpacked")
    func bomb() throws {
        let bytes = try ZipWriter.archive(
            [("zeros", [UInt8](repeating: 0, count: 32 << 20))],
            compresses: true
        )
        #expect(bytes.count < 1 << 16)
        let error = try #require(throws: ConvNetError.self) { try ZipArchive(bytes: bytes) }
        #expect(error.kind == .format && error.summary.contains("too many bytes"))
        #expect(try ZipArchive(bytes: bytes, limits: ZipLimits(ratio: 2000)).names == ["zeros"])
    }

    @Test("Too many files are refused")
    func count() throws {
        let bytes = try ZipWriter.archive((0..<5).map { ("\($0)", []) })
        #expect(throws: ConvNetError.self) { try ZipArchive(bytes: bytes, limits: ZipLimits(files: 4)) }
    }

    @Test("A link is refused")
    func link() throws {
        var bytes = try ZipWriter.archive([("a", words)])
        // The central entry: the system is byte 5, the attributes are the bytes 38 to 41 (APPNOTE 4.3.12).
        let entry = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        bytes[entry + 5] = 3
        bytes.replaceSubrange((entry + 38)..<(entry + 42), with: [0, 0, 0xFF, 0xA1])
        let error = try #require(throws: ConvNetError.self) { try ZipArchive(bytes: bytes) }
        #expect(error.summary == "The archive has a link")
    }

    @Test("Archives that are cut short, and others that are none, are errors")
    func broken() throws {
        let bytes = try ZipWriter.archive([("a.txt", words)])
        for count in [0, 1, 4, 30, bytes.count - 1] {
            #expect(throws: ConvNetError.self) { try ZipArchive(bytes: Array(bytes[..<count])) }
        }
        #expect(throws: ConvNetError.self) { try ZipArchive(bytes: Array("no archive".utf8)) }
    }

    /// Puts a word of the same length in place of another, wherever it stands.
    private func replace(_ word: String, by other: String, in bytes: inout [UInt8]) {
        let word = Array(word.utf8), other = Array(other.utf8)
        precondition(word.count == other.count)
        for place in bytes.indices where bytes[place...].starts(with: word) {
            bytes.replaceSubrange(place..<(place + word.count), with: other)
        }
    }

    private func noise(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: Golden.bits(stream: 1, index: UInt32($0))) }
    }
}
