import ConvNetDatasets
import SwiftConvNet
import TestSupport
import Testing

@Suite("Tar archives")
struct TarReaderTests {
    private func files(_ archive: [UInt8], limit: Int = 1 << 20) throws -> [String: [UInt8]] {
        var reader = try TarReader(archive, name: "archive", limit: limit)
        var files: [String: [UInt8]] = [:]
        while let entry = try reader.next() { files[entry.name] = try reader.content() }
        return files
    }

    private func error(_ archive: [UInt8], limit: Int = 1 << 20) -> ConvNetError? {
        #expect(throws: ConvNetError.self) { try files(archive, limit: limit) }
    }

    private let pair = [TarEntry("a/one", noise(700)), TarEntry("a/two", noise(512, seed: 2))]

    @Test("Files are read, plain and gzip; folders and extensions are passed over", arguments: [false, true])
    func read(packed: Bool) throws {
        let entries =
            [
                TarEntry(
                    "pax_global_header",
                    Array("52 comment=0123456789012345678901234567890123456789\n".utf8),
                    type: "g"
                ),
                TarEntry("a/", type: "5"), TarEntry("./", type: "5"),
                TarEntry("PaxHeaders/one", Array("30 mtime=1431108264.118651000\n".utf8), type: "x"),
            ] + pair + [
                TarEntry("./b/empty"), TarEntry("last", [7], prefix: "a/long/way"),
                TarEntry("old/", type: "\0"),
                TarEntry("v7", [8], type: "\0"),
            ]
        let archive = tar(entries)
        let files = try files(packed ? gzip(archive) : archive)
        #expect(files.keys.sorted() == ["a/long/way/last", "a/one", "a/two", "b/empty", "v7"])
        #expect(files["a/one"] == noise(700) && files["a/two"] == noise(512, seed: 2))
        #expect(files["b/empty"] == [] && files["a/long/way/last"] == [7])
        // GNU's tar pads to 10 KiB.
        #expect(try self.files(archive + [UInt8](repeating: 0, count: 9000)).count == 5)
    }

    @Test("Contents that nobody asks for are passed over")
    func skipped() throws {
        var reader = try TarReader(tar(pair), name: "archive", limit: 1 << 20)
        let first = try reader.next(), second = try reader.next()
        #expect(first?.name == "a/one" && first?.size == 700)
        #expect(second?.name == "a/two" && second?.size == 512)
        let content = try reader.content(), end = try reader.next(), after = try reader.next()
        #expect(content == noise(512, seed: 2) && end == nil && after == nil)
    }

    @Test(
        "Names that lead out of the archive are refused, whoever they belong to",
        arguments: [
            "/etc/passwd", "../x", "a/../../x", "a/..", "..", "", "a\\..\\b", "a\nb", "a/./b", "\u{7f}",
        ],
        ["0", "5"] as [Character]
    )
    func names(name: String, type: Character) {
        let error = error(tar([TarEntry(name, type: type)] + pair))
        #expect(error?.summary == "The name of a file leads out of the archive, or is none")
        let prefixed = self.error(tar([TarEntry("x", prefix: "../y")]))
        #expect(prefixed?.kind == .format)
    }

    @Test("Links, devices, pipes and what is unknown are refused", arguments: "12346SLKVM")
    func types(type: Character) {
        #expect(
            error(tar([TarEntry("x", type: type)]))?.summary.contains("neither a file nor a folder") == true
        )
    }

    @Test("Extensions that change a name or a size, or are damaged or large, are refused")
    func extensions() {
        for record in ["13 path=evil\n", "17 linkpath=evil\n", "13 size=1000\n", "24 GNU.sparse.size=1000\n"]
        {
            #expect(error(tar([TarEntry("x", Array(record.utf8), type: "x")] + pair))?.kind == .format)
        }
        for record in [
            "5 a=b\n", "99 a=b\n", "a=b\n", "0 \n", "1 ", "99999999999999999999 a=b\n", "3 x", "-6 a=b\n",
        ] {
            let error = error(tar([TarEntry("x", Array(record.utf8), type: "g")]))
            #expect(error?.summary == "An extension is damaged", "\(record)")
        }
        #expect(error(tar([TarEntry("x", noise(70_000), type: "x")]))?.summary == "An extension is too large")
    }

    @Test("Archives that are damaged, cut short or followed by something are refused, at every place")
    func damaged() throws {
        let whole = tar(pair)
        for count in stride(from: 0, to: whole.count - 1024, by: 101) {
            #expect(error(Array(whole.prefix(count)))?.kind == .format)
        }
        for place in stride(from: 0, to: 512, by: 7) {
            var archive = whole
            archive[place] ^= 1
            #expect(error(archive)?.kind == .format, "byte \(place)")
        }
        #expect(error(whole + [1])?.summary == "Something follows the end of the archive")
        #expect(error(pair.flatMap(\.blocks))?.summary == "The archive ends early")
        #expect(error([UInt8](repeating: 0, count: 1024))?.summary == "The archive is empty")
        #expect(error(tar([pair[0], pair[0]]))?.summary == "A file is in the archive twice")
        #expect(error(Array("PK\u{3}\u{4}".utf8) + noise(600))?.received == "a ZIP archive")
        #expect(error(Array(gzip(whole).dropLast(9)))?.kind == .format)
    }

    @Test("Sizes are octal, and within the limit")
    func sizes() throws {
        func withSize(_ text: String) -> [UInt8] {
            var archive = tar([TarEntry("x", noise(100))])
            archive.replaceSubrange(124..<136, with: Array(text.utf8).prefix(12))
            TarEntry.repairChecksum(&archive, at: 0)
            return archive
        }
        #expect(try files(withSize("        144 ")).count == 1)
        #expect(error(withSize("77777777777\0"))?.summary == "The archive is too large")
        for odd in ["0000000014a\0", "\u{80}0000000014", "            ", "-0000000144\0"] {
            #expect(error(withSize(odd))?.kind == .format)
        }
        #expect(error(tar(pair), limit: 1000)?.summary == "The archive is too large")
        // A bomb is broken off.
        #expect(
            error(gzip(tar([TarEntry("x", [UInt8](repeating: 0, count: 9_000_000))])))?.summary
                == "The archive is too large"
        )
        #expect(
            error(gzip(tar(pair) + [UInt8](repeating: 0, count: 9_000_000)))?.summary
                == "The archive is too large"
        )
    }
}
