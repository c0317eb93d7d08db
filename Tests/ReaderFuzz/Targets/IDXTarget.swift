import ConvNetDatasets
import SwiftConvNet
import TestSupport

/// IDX files, plain and gzip.
struct IDXTarget: FuzzTarget {
    static let name = "idx"

    let seeds: [[UInt8]] = [
        [0, 0, 8, 1, 0, 0, 0, 5, 0, 1, 2, 9, 255],
        [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5] + noise(60),
        [0, 0, 9, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4],
        [0, 0, 0x0B, 1, 0, 0, 0, 2, 0, 9, 0xff, 0xff],
        [0, 0, 0x0C, 1, 0, 0, 0, 1, 0, 0, 1, 0],
        [0, 0, 0x0D, 1, 0, 0, 0, 1, 0x7f, 0xc0, 0, 0],
        [0, 0, 0x0E, 1, 0, 0, 0, 1, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
        [0, 0, 8, 4] + [UInt8](repeating: 0, count: 16),
        gzip([0, 0, 8, 1, 0, 0, 0, 5, 0, 1, 2, 9, 255]),
        gzip([0, 0, 8, 1, 0, 0, 0, 4] + [UInt8](repeating: 0, count: 200_000)),
    ]

    /// Gives a plain file the number of elements that its header names, and compresses some.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        guard !GzipTarget.isGzip(input) else { return GzipTarget.repairTrailer(&input) }
        guard input.count >= 4 else { return }
        let sizes = (0..<Int(input[3])).compactMap { axis -> Int? in
            let place = 4 + 4 * axis
            guard place + 4 <= input.count else { return nil }
            return input[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        let elementSize = IDXFile.ElementType(rawValue: input[2])?.size ?? 1
        let count = sizes.reduce(Double(elementSize)) { $0 * Double($1) }
        if sizes.count == Int(input[3]), count < Double(Mutator.largestInput) {
            let whole = 4 + 4 * sizes.count + Int(count)
            input =
                Array(input.prefix(whole)) + noise(max(whole - input.count, 0), seed: UInt32(random.below(9)))
        }
        if random.isOne(in: 4) { input = gzip(input) }
    }

    func contentSize(_ input: [UInt8]) -> Int { GzipTarget.inflatedSize(input) }

    func read(_ input: [UInt8]) throws {
        let file = try IDXFile(decoding: input, name: "input", limit: 1 << 18)
        try require(
            file.bytes.count == file.shape.elementCount * file.elementType.size,
            "elements fill the shape"
        )
        // Each of these may refuse what is not for it.
        _ = try? file.labels
        _ = try? file.byteTensor
        _ = try file.tensor
        let again = try IDXFile(decoding: file.encoded, name: "input")
        try require(again == file, "what is written is what was read")
    }
}
