import Foundation
import SwiftConvNet

/// The files of `Tests/Goldens`: what Keras computes (`Tests/Goldens/README.md`).
public enum Golden {
    /// The content of a file.
    public static func load<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appendingPathComponent("Goldens").appendingPathComponent(name)
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
    }

    /// An array of numbers.
    public struct Array: Decodable, Sendable {
        /// The sizes of its axes.
        public let shape: [Int]
        /// The numbers, the last axis fastest.
        public let values: [Float]

        /// The array as a tensor.
        public var tensor: Tensor { get throws { try Tensor(values, shape: Shape(shape)) } }
        /// The array for comparison.
        public var reference: ReferenceTensor {
            ReferenceTensor(shape: shape, elements: values.map(Double.init))
        }
    }

    /// An argument of a Keras layer.
    public enum Argument: Decodable, Sendable {
        case flag(Bool), number(Double), text(String), list([Argument])

        /// A flag, a number, a text, or a list of such.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Bool.self) {
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
            guard let first = numbers.first, let last = numbers.last else { return nil }
            return Size2D(first, last)
        }
    }
}
