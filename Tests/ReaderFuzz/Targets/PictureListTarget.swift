import ConvNetImages
import SwiftConvNet
import TestSupport

/// Lists of pictures and classes. The pictures are not there, and are not looked at.
struct PictureListTarget: FuzzTarget {
    static let name = "list"

    let seeds = [
        "a.png,cat\nb.png,dog\nc.png,cat\n", "a.png\nb.jpg\n",
        "\"a, b.png\",\"the \"\"cat\"\"\"\r\n\r\nc.png,x",
        "\u{FEFF}1.ppm,3\n2.ppm,0\n", ",\n", "",
    ].map { Array($0.utf8) }
    let words = [",", "\n", "\r\n", "\"", "\"\"", "\u{FEFF}", "1048576", "-1", " "]
    /// The names of all classes up to the largest number, of which there are at most 2^20.
    var allowance: Int { 64 << 20 }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Closes quotation marks that are open at the end of a line.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        let quote = UInt8(ascii: "\"")
        let lines = input.split(separator: 10, omittingEmptySubsequences: false)
        input = Array(
            lines.map { $0.count { $0 == quote } % 2 == 1 ? $0 + [quote] : $0 }.joined(separator: [10])
        )
    }

    func read(_ input: [UInt8]) throws {
        let path = folder.file("list.csv")
        try AtomicFile.write(input, to: path)
        let data = try ImageFolder(list: path, imageSize: 1, options: .init(check: .none))
        try require(data.count > 0 && data.paths.allSatisfy { !$0.isEmpty }, "each sample has a path")
        let classes = data.classNames?.count ?? 0
        try require(
            data.labels?.values.allSatisfy { (0..<classes).contains(Int($0)) } ?? true,
            "labels are classes"
        )
    }
}
