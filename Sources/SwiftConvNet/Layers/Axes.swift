/// One axis or several, counted as Keras does: the batch is axis 0, 1 the first of a sample, -1 the last.
///
/// A literal of a number is one axis, of an array several: `axis: -1`, `axis: [1, 2, 3]`.
public struct Axes: Sendable, Hashable {
    /// The axes, as they were given.
    public let axes: [Int]

    /// Some axes.
    public init(_ axes: [Int]) { self.axes = axes }
}

extension Axes: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    public init(integerLiteral axis: Int) { self.init([axis]) }
    public init(arrayLiteral axes: Int...) { self.init(axes) }
}

extension Axes: CustomStringConvertible {
    /// One number, or the numbers in brackets.
    public var description: String { axes.count == 1 ? "\(axes[0])" : "\(axes)" }
}

extension Axes: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([Int].self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(axes)
    }
}
