import Foundation
import SwiftConvNet

/// Reads what Keras has computed: `Tests/Goldens`, whose README.md describes the files.
public enum Golden {
    /// The folder of the files.
    public static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Goldens")

    /// The content of `name.json`.
    public static func read<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws
        -> Content
    {
        let data = try Data(contentsOf: folder.appendingPathComponent("\(name).json"))
        return try JSONDecoder().decode(type, from: data)
    }

    /// 24 random bits for one index of a stream.
    public static func bits(stream: UInt32, index: UInt32) -> UInt32 {
        var x = index &* 0x9E37_79B9 &+ stream &* 0x85EB_CA6B
        x ^= x >> 16
        x = x &* 0x7FEB_352D
        x ^= x >> 15
        x = x &* 0x846C_A68B
        x ^= x >> 16
        return x >> 8
    }

    /// Values in -limit ..< limit, rounded to Float once, at the end.
    public static func uniform(stream: UInt32, count: Int, limit: Double = 1) -> [Float] {
        (0..<count).map { index in
            let fraction = Double(bits(stream: stream, index: UInt32(index))) / 16_777_216
            return Float((fraction - 0.5) * 2 * limit)
        }
    }

    /// An argument of a Keras layer.
    public enum Argument: Decodable, Sendable {
        case null, flag(Bool), number(Double), text(String), list([Argument])

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .flag(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .text(value)
            } else {
                self = .list(try container.decode([Argument].self))
            }
        }

        /// The number, or `nil` if it is none.
        public var number: Double? { if case .number(let value) = self { value } else { nil } }
        /// The integer, or `nil` if it is none.
        public var integer: Int? { number.flatMap { Int(exactly: $0) } }
        /// The truth value, or `nil` if it is none.
        public var flag: Bool? { if case .flag(let value) = self { value } else { nil } }
        /// The text, or `nil` if it is none.
        public var text: String? { if case .text(let value) = self { value } else { nil } }
        /// The elements; a single value is its own list.
        public var list: [Argument] { if case .list(let values) = self { values } else { [self] } }
        /// Height and width; a single number stands for both.
        public var size: Size2D? {
            let numbers = list.compactMap(\.integer)
            guard let first = numbers.first, let last = numbers.last, numbers.count == list.count,
                numbers.count <= 2
            else { return nil }
            return Size2D(first, last)
        }
    }
}

/// A tensor as the files hold it.
public struct GoldenTensor: Decodable, Sendable {
    public let shape: [Int]
    public let values: [Float]

    /// A tensor of the same form.
    public init(shape: [Int], values: [Float]) {
        self.shape = shape
        self.values = values
    }

    /// The tensor, in its own shape or in another of equally many elements.
    public func tensor(_ shape: [Int]? = nil) throws -> Tensor {
        try Tensor(values, shape: Shape(shape ?? self.shape))
    }

    /// The values for comparison with an oracle.
    public var reference: ReferenceTensor { ReferenceTensor(shape: shape, elements: values.map(Double.init)) }

    /// The values as classes.
    public func labels() throws -> Labels { try Labels(values.map { Int($0) }) }
}

/// The largest difference, as a share of the largest expected value (at least `floor`).
public func relativeDifference(_ values: [Float], _ expected: [Float], floor: Float = 1e-6) -> Float {
    guard values.count == expected.count else { return .infinity }
    let largest = expected.reduce(floor) { max($0, abs($1)) }
    let worst = zip(values, expected).reduce(Float(0)) { worst, pair in
        let difference = abs(pair.0 - pair.1) / largest
        return difference.isNaN ? .infinity : max(worst, difference)
    }
    Deviations.note(Double(worst))
    return worst
}
