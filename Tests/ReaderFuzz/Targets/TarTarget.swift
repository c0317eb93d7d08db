import ConvNetDatasets
import SwiftConvNet
import TestSupport

/// Tar archives, plain and gzip.
struct TarTarget: FuzzTarget {
    static let name = "tar"

    let seeds: [[UInt8]] = [
        tar([TarEntry("a/", type: "5"), TarEntry("a/one", noise(300)), TarEntry("two", noise(512))]),
        tar([
            TarEntry("x", Array("30 mtime=1431108264.118651000\n".utf8), type: "x"),
            TarEntry("./one", noise(7)),
        ]),
        tar([TarEntry("name", [1, 2, 3], prefix: "long/way")]),
        tar([TarEntry("link", type: "2"), TarEntry("../up", [1])]),
        gzip(tar([TarEntry("one", noise(600)), TarEntry("two", [])])),
        tar([TarEntry("a", noise(9), type: "\0"), TarEntry("b", noise(9)), TarEntry("c", noise(2000))])
            + [UInt8](repeating: 0, count: 4096),
    ]
    let words = [
        "../", "/", "./", "..", "ustar\0", "\0", "00000000144\0", "9 path=x\n", "13 path=evil\n", "0", "2",
        "x",
    ]

    /// Gives every header its checksum.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        guard !GzipTarget.isGzip(input) else { return GzipTarget.repairTrailer(&input) }
        var place = 0
        while place + 512 <= input.count {
            guard input[place..<(place + 512)].contains(where: { $0 != 0 }) else { break }
            TarEntry.repairChecksum(&input, at: place)
            let digits = input[(place + 124)..<(place + 136)].prefix { (48...55).contains($0) }
            let size = digits.reduce(0.0) { $0 * 8 + Double($1 - 48) }
            guard size < Double(Mutator.largestInput) else { break }
            place += 512 + (Int(size) + 511) / 512 * 512
        }
        if random.isOne(in: 4) { input = gzip(input) }
    }

    func contentSize(_ input: [UInt8]) -> Int { GzipTarget.inflatedSize(input) }

    func read(_ input: [UInt8]) throws {
        var archive = try TarReader(input, name: "input", limit: 1 << 18)
        var names: Set<String> = []
        while let entry = try archive.next() {
            let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
            try require(
                !parts.contains("..") && !parts.contains("") && !parts.contains("."),
                "names stay inside"
            )
            try require(names.insert(entry.name).inserted, "names are different")
            // Every other content is passed over.
            guard names.count % 2 == 1 else { continue }
            let content = try archive.content()
            try require(content.count == entry.size, "a content has its size")
        }
    }
}
