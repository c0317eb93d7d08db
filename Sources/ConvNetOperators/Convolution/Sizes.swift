/// Two sizes, of height and of width; a single number stands for both.
public struct Size2D: Sendable, Hashable, Codable {
    /// The size along the height: rows.
    public let height: Int
    /// The size along the width: columns.
    public let width: Int
    /// The numbers of a literal that were neither one nor two: a size that every layer refuses. A literal cannot throw,
    /// and a trap would end the process for what is a wrong argument like others.
    private var misfit: [Int]? = nil

    /// Sizes of height and width.
    public init(_ height: Int, _ width: Int) {
        self.height = height
        self.width = width
    }

    private enum CodingKeys: CodingKey { case height, width }
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
    public var description: String { "\(misfit ?? [height, width])" }
}

extension Size2D {
    /// The largest size: with it, no product or sum of sizes leaves the range of `Int`.
    package static let largest = Int(Int32.max)

    /// Checks that both are at least 1, and not absurd.
    package func validate(as role: String) throws {
        try requirePair(as: role)
        guard (1...Self.largest).contains(height), (1...Self.largest).contains(width) else {
            throw ConvNetError(
                .argument,
                "\(role) must be at least 1 each way",
                at: role,
                expected: "1...\(Self.largest) each way",
                received: "\(self)"
            )
        }
    }

    /// Whether it is a height and a width, and no literal of another number of elements.
    package var isPair: Bool { misfit == nil }

    /// Checks that it is a height and a width.
    package func requirePair(as role: String) throws {
        guard isPair else {
            throw ConvNetError(
                .argument,
                "\(role) has a height and a width",
                at: role,
                expected: "[height, width], or one number for both",
                received: "\(self)"
            )
        }
    }
}

/// What lies beyond the border of an image when a window reaches over it.
public enum Padding: String, Sendable, Hashable, Codable {
    /// Windows stay within the image: `(size - window) / stride + 1` outputs, rounded down.
    case valid
    /// As many outputs as `size / stride`, rounded up; the border is padded equally on both sides, an odd row
    /// or column at the end.
    case same
}

/// One axis of a window that slides over an image.
struct WindowAxis {
    let output: Int
    let padBefore: Int

    /// - Throws: `ConvNetError` of kind `shape` if no window fits.
    ///
    /// - Parameter name: what errors call the axis.
    init(_ name: String, size: Int, window: Int, stride: Int, dilation: Int, padding: Padding) throws {
        let extent = (window - 1) * dilation + 1
        switch padding {
        case .valid:
            guard size >= extent else {
                throw ConvNetError(
                    .shape,
                    "The window is larger than the image",
                    expected: "a \(name) of at least \(extent)",
                    received: "the \(name) \(size)",
                    remedy: "Use a smaller window, padding: .same, or fewer pooling layers before"
                )
            }
            output = (size - extent) / stride + 1
            padBefore = 0
        case .same:
            output = (size + stride - 1) / stride
            padBefore = max((output - 1) * stride + extent - size, 0) / 2
        }
    }
}
