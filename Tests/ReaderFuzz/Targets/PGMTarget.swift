import ConvNetDatasets
import SwiftConvNet
import TestSupport

/// PGM pictures, and the search for a digit in them.
struct PGMTarget: FuzzTarget {
    static let name = "pgm"

    let seeds: [[UInt8]] = [
        Array("P2\n# a comment\n4 3\n255\n0 1 2 3\n4 5 6 7\n8 9 10 255\n".utf8),
        Array("P2 1 1 1 1".utf8),
        Array("P5\n6 5\n255\n".utf8) + noise(30),
        Array("P5 3 2 65535\n".utf8) + noise(12),
        Array("P5#c\n#d\n28 28 7\n".utf8) + noise(784).map { $0 & 7 },
    ]
    let words = ["P2", "P5", "#", "\n", " ", "\t", "\r", "16384", "16385", "33554432", "65535", "65536"]

    /// Gives a binary picture the number of pixels that its header names.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        guard input.starts(with: Array("P5".utf8)) else { return }
        let numbers = input.prefix(64).split(whereSeparator: { !(48...57).contains($0) }).dropFirst().prefix(
            3
        )
        guard numbers.count == 3, let end = numbers.last?.endIndex else { return }
        let values = numbers.map { $0.reduce(0.0) { $0 * 10 + Double($1 - 48) } }
        let size = values[0] * values[1] * (values[2] < 256 ? 1 : 2)
        guard size < Double(Mutator.largestInput) else { return }
        let whole = end + 1 + Int(size)
        input = Array(input.prefix(whole)) + noise(max(whole - input.count, 0), seed: UInt32(random.below(9)))
        if values[2] < 256 {
            for place in (end + 1)..<whole { input[place] %= UInt8(max(values[2], 1)) }
        }
    }

    func read(_ input: [UInt8]) throws {
        let image = try GrayImage(decodingPGM: input, name: "input")
        try require(image.pixels.count == image.width * image.height, "pixels fill the image")
        try require(image.pixels.allSatisfy { (0...1).contains($0) }, "pixels are in 0...1")
        // A picture without a digit is refused.
        _ = try? image.preparedDigit()
    }
}
