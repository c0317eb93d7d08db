/// The sizes of an array's axes, outermost first.
///
/// Images are `[height, width, channels]`, a batch of them `[batch, height, width, channels]`. Layers speak
/// of shapes without the batch axis.
public struct Shape: Hashable, Sendable {
    /// The sizes, outermost first. The empty list is the shape of a single number.
    public let dimensions: [Int]

    /// Makes a shape from sizes, outermost first.
    public init(_ dimensions: [Int]) { self.dimensions = dimensions }

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The product of the sizes: the number of elements of an array with this shape.
    ///
    /// `Int.max` if it does not fit an `Int`; the shapes of arrays, and those that `validated(as:)` returns, do.
    public var elementCount: Int {
        var count = 1
        for dimension in dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard !overflow else { return .max }
            count = product
        }
        return count
    }

    /// Returns the shape if every size is at least `minimum` and the product of the sizes fits an `Int`.
    ///
    /// - Throws: `ConvNetError` of kind `shape`, naming `role`.
    public func validated(as role: String, minimum: Int = 0) throws -> Shape {
        var product = 1
        for dimension in dimensions {
            let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
            // A quarter of the range, for sizes in bytes must fit as well.
            guard dimension >= minimum, !overflow, next <= Int.max / 4 else {
                throw ConvNetError(
                    .shape,
                    "Invalid shape",
                    at: role,
                    expected: "sizes of at least \(minimum) with a product that fits in memory",
                    received: "\(self)"
                )
            }
            product = next
        }
        return self
    }
}

extension Shape: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { dimensions.count }
    public subscript(axis: Int) -> Int { dimensions[axis] }
}

extension Shape: CustomStringConvertible {
    /// The sizes in brackets: `[28, 28, 1]`.
    public var description: String { dimensions.description }
}

extension Shape: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode([Int].self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(dimensions)
    }
}

extension Shape {
    /// The shape with one more axis in front: that of a batch of `count` such samples.
    public func batched(_ count: Int) -> Shape { Shape([count] + dimensions) }
}
