/// Three sizes, of depth, height and width; a single number stands for all.
public struct Size3D: Sendable, Hashable, Codable {
    /// The size along the depth: planes.
    public let depth: Int
    /// The size along the height: rows.
    public let height: Int
    /// The size along the width: columns.
    public let width: Int
    package private(set) var misfit: [Int]? = nil

    /// Sizes of depth, height and width.
    public init(_ depth: Int, _ height: Int, _ width: Int) {
        self.depth = depth
        self.height = height
        self.width = width
    }

    private enum CodingKeys: CodingKey { case depth, height, width }
}

extension Size3D: AxisSizes {
    package static let axes = ["depth", "height", "width"]
    package var sizes: [Int] { [depth, height, width] }
}

extension Size3D: ExpressibleByIntegerLiteral {
    /// The same depth, height and width.
    public init(integerLiteral value: Int) { self.init(value, value, value) }
}

extension Size3D: ExpressibleByArrayLiteral {
    /// `[depth, height, width]`, or `[size]` for all. With another number of elements it is a size that layers refuse with
    /// an error of kind `argument`.
    public init(arrayLiteral elements: Int...) {
        switch elements.count {
        case 1: self.init(elements[0], elements[0], elements[0])
        case 3: self.init(elements[0], elements[1], elements[2])
        default:
            // No layer takes it: a size of pooling and of convolution is at least 1.
            self.init(-1, -1, -1)
            misfit = elements
        }
    }
}

extension Size3D: CustomStringConvertible {
    /// The sizes as they are written: `[1, 2, 3]`.
    public var description: String { text }
}
