import Foundation
import SwiftConvNet
import TestSupport

/// Arrays in NumPy's format: the header's literal, all types of elements, both orders.
struct NPYTarget: FuzzTarget {
    static let name = "npy"

    let seeds: [[UInt8]]
    let words = [
        "'", "\"", "{", "}", "(", ")", ",", ": ", "'descr'", "'fortran_order'", "'shape'", "True", "False",
        "L", "|O",
        "<f4", ">f8", "|u1", "<i8", "<f2", "|b1", "'<U8'", "[('a', '<f4')]", "(1,)", "()", "\\'", "\n",
    ]

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        seeds =
            NumPyFile.ElementType.allCases.map { type in
                NumPyFile.header(type, [2, 3]) + noise(6 * type.size)
            } + [
                NumPyFile.header(.float32, []) + noise(4), NumPyFile.header(.uint8, [0, 4]),
                NumPyFile.header(.int16, [5]) + noise(10),
                Self.file(2, "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3, 1), }", noise(12)),
                Self.file(3, "{\"shape\": (3L,), \"descr\": \"<u4\", \"fortran_order\": False}", noise(12)),
            ]
    }

    private static func file(_ version: UInt8, _ header: String, _ elements: [UInt8]) -> [UInt8] {
        let length = UInt32(header.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [version, 0]
            + withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array(header.utf8) + elements
    }

    /// Gives the header its length, where one ends, and mostly the elements that it asks for.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        guard input.count > 12, (1...3).contains(input[6]) else { return }
        let start = input[6] == 1 ? 10 : 12
        guard let end = input[start...].firstIndex(of: UInt8(ascii: "}")) else { return }
        let length = end + 1 - start
        input[8] = UInt8(truncatingIfNeeded: length)
        input[9] = UInt8(truncatingIfNeeded: length >> 8)
        if start == 12 { input.replaceSubrange(10..<12, with: [0, 0]) }
        let text = String(decoding: input[start...end], as: UTF8.self)
        let type = NumPyFile.ElementType.allCases.first {
            text.contains($0.rawValue + "'") || text.contains($0.rawValue + "\"")
        }
        guard let type, let open = text.lastIndex(of: "("), let close = text.lastIndex(of: ")"), open < close
        else {
            return
        }
        let sizes = text[open..<close].split(whereSeparator: { !$0.isNumber }).compactMap { Double($0) }
        let count = sizes.reduce(Double(type.size), *)
        guard count < Double(Mutator.largestInput) else { return }
        let whole = end + 1 + Int(count)
        input = Array(input.prefix(whole)) + noise(max(whole - input.count, 0), seed: UInt32(random.below(9)))
    }

    func read(_ input: [UInt8]) throws {
        let file = try NumPyFile(bytes: input, path: "input")
        // This may refuse what is not for it.
        _ = try? file.labels
        let tensor = try file.tensor
        try require(tensor.shape == file.shape, "elements fill the shape")
        // Files take their time to be written.
        guard input.count % 16 == 0 else { return }
        let path = folder.file("x.npy")
        try tensor.saveNPY(to: path)
        let again = try Tensor(npy: path)
        let bits = { (tensor: Tensor) in tensor.elements.map(\.bitPattern) }
        try require(
            again.shape == tensor.shape && bits(again) == bits(tensor),
            "what is written is what was read"
        )
        guard file.shape.rank > 0, !file.isFortranOrder else { return }
        // The same elements, sample by sample out of a file.
        try AtomicFile.write(input, to: path)
        let array = try FileArray(npy: path)
        for index in 0..<min(array.count, 3) {
            let sample = try Tensor(shape: array.sampleShape) { try array.read(index, into: $0) }
            try require(
                bits(sample) == bits(tensor.sliced(index..<(index + 1))),
                "samples are those of the array"
            )
        }
    }
}
