/// A rule for the initial values of a parameter.
///
/// Names, defaults and formulas are those of Keras; the encoded form holds Keras' configuration keys. Write
/// one of your own by conforming a type to this protocol:
///
/// ```swift
/// struct Checkerboard: Initializer {
///     static let kind = "Checkerboard"
///     func initialize(_ values: UnsafeMutableBufferPointer<Float>, shape: Shape, random: inout RandomStream) {
///         for place in values.indices { values[place] = place.isMultiple(of: 2) ? 1 : -1 }
///     }
/// }
/// ```
public protocol Initializer: Sendable, Codable {
    /// The name of the rule in files: for those of this library, the name of Keras' class.
    static var kind: String { get }

    /// Writes the values of a parameter.
    ///
    /// - Parameters:
    ///   - values: Where they go: one per element of `shape`, the last axis fastest. Every one must be written.
    ///   - shape: The parameter's shape; kernels of convolutions are `[height, width, input channels, output
    ///     channels]`, those of dense layers `[input units, output units]`.
    ///   - random: Where random numbers come from: a stream that is this parameter's own, so that the values
    ///     depend on seed and parameter alone.
    /// - Throws: `ConvNetError` of kind `argument` if a property is out of its range, of kind `shape` if the rule
    ///   is not defined for the shape.
    func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws
}

extension Initializer {
    /// A tensor of initial values.
    ///
    /// - Throws: as `initialize`, and `ConvNetError` of kind `shape` for a negative size.
    public func tensor(shape: Shape, random: inout RandomStream) throws -> Tensor {
        try Tensor(shape: shape) { try initialize($0, shape: shape, random: &random) }
    }

    /// Checks that there is a value for every element.
    func requireRoom(in values: UnsafeMutableBufferPointer<Float>, for shape: Shape) throws {
        guard try shape.validated(as: Self.kind).elementCount == values.count else {
            throw ConvNetError(
                .shape,
                "The memory for initial values does not fit the shape \(shape)",
                at: Self.kind,
                expected: "\(shape.elementCount) values",
                received: "\(values.count)"
            )
        }
    }

    /// Throws unless `isValid`, and unless the number is finite as a `Float`.
    func require(_ name: String, _ value: Double, _ isValid: Bool = true, expected: String) throws {
        guard isValid, Float(value).isFinite else {
            throw ConvNetError(
                .argument,
                "An initializer's \(name) is out of its range",
                at: "\(Self.kind), \(name)",
                expected: expected,
                received: "\(value)"
            )
        }
    }
}
