/// Two sizes, of height and of width; a single number stands for both.
public struct Size2D: Sendable, Hashable, Codable {
    /// The size along the height: rows.
    public let height: Int
    /// The size along the width: columns.
    public let width: Int
    package private(set) var misfit: [Int]? = nil

    /// Sizes of height and width.
    public init(_ height: Int, _ width: Int) {
        self.height = height
        self.width = width
    }

    private enum CodingKeys: CodingKey { case height, width }
}

extension Size2D: AxisSizes {
    package static let axes = ["height", "width"]
    package var sizes: [Int] { [height, width] }
}

extension Size2D: ExpressibleByIntegerLiteral {
    /// The same height and width.
    public init(integerLiteral value: Int) { self.init(value, value) }
}

extension Size2D: ExpressibleByArrayLiteral {
    /// `[height, width]`, or `[size]` for both. With another number of elements it is a size that layers refuse with an
    /// error of kind `argument`.
    public init(arrayLiteral elements: Int...) {
        if let first = elements.first, elements.count <= 2 {
            self.init(first, elements[elements.count - 1])
        } else {
            // No layer takes it: a size of pooling and of convolution is at least 1, padding at least 0.
            self.init(-1, -1)
            misfit = elements
        }
    }
}

extension Size2D: CustomStringConvertible {
    /// The sizes as they are written: `[2, 3]`.
    public var description: String { text }
}
