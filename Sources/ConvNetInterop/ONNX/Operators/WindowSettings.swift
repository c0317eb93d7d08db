/// How a window slides, from the attributes that convolutions and pooling share.
struct WindowSettings {
    let window: [Int], strides: [Int], dilations: [Int]
    /// Elements of the border before and behind along each axis.
    let before: [Int], after: [Int]

    /// Sizes that windows, strides and borders have, so that no sum of them overflows.
    private static let sizes = 1...(1 << 24)
    /// Sizes that images have, for the same reason.
    private static let imageSizes = 0...(1 << 32)
    /// The most elements that a window has, and an image with its border: what kernels multiply it by still fits.
    private static let areaLimit = 0x1p32

    /// - Parameters:
    ///   - sizes: those of the image.
    ///   - window: those of the window, if an operand says them.
    /// - Throws: `ConvNetError` of kind `shape` for what is no image, of kind `format` if an attribute has another number of elements
    ///   than the image has axes, or one that is out of its range.
    init(_ node: ONNXNode, sizes: [Int], window given: [Int]? = nil) throws {
        guard !sizes.isEmpty, sizes.allSatisfy(Self.imageSizes.contains) else {
            throw ConvNetError(
                .shape,
                "A window slides over an image",
                expected: "[batch, channels, sizes], sizes of at most \(Self.imageSizes.upperBound)",
                received: "sizes \(sizes)"
            )
        }
        guard let window = given ?? node.integers("kernel_shape"), window.count == sizes.count,
            window.allSatisfy(Self.sizes.contains),
            Self.area(window) <= Self.areaLimit
        else {
            throw ConvNetError(
                .format,
                "A window has a size for each axis of the image",
                expected: "\(sizes.count) sizes, of a window that is not larger than memory",
                received: "\(given ?? node.integers("kernel_shape") ?? [])"
            )
        }
        let ones = sizes.map { _ in 1 }
        let strides = node.integers("strides") ?? ones, dilations = node.integers("dilations") ?? ones
        guard strides.count == sizes.count, dilations.count == sizes.count,
            (strides + dilations).allSatisfy(Self.sizes.contains)
        else {
            throw ConvNetError(
                .format,
                "A window has a stride for each axis",
                received: "\(strides), \(dilations)"
            )
        }
        let pads = node.integers("pads") ?? Array(repeating: 0, count: 2 * sizes.count)
        guard pads.count == 2 * sizes.count,
            pads.allSatisfy({ (-Self.sizes.upperBound...Self.sizes.upperBound).contains($0) })
        else {
            throw ConvNetError(.format, "A border has two widths for each axis", received: "\(pads)")
        }
        let rule = node.text("auto_pad", default: "NOTSET")
        let totals = sizes.indices.map { axis in
            max(
                ((sizes[axis] + strides[axis] - 1) / strides[axis] - 1) * strides[axis]
                    + (window[axis] - 1) * dilations[axis] + 1 - sizes[axis],
                0
            )
        }
        (self.window, self.strides, self.dilations) = (window, strides, dilations)
        switch rule {
        case "NOTSET", "":
            (before, after) = (Array(pads.prefix(sizes.count)), Array(pads.suffix(sizes.count)))
        case "VALID": (before, after) = (sizes.map { _ in 0 }, sizes.map { _ in 0 })
        case "SAME_UPPER": (before, after) = (totals.map { $0 / 2 }, totals.map { $0 - $0 / 2 })
        case "SAME_LOWER": (before, after) = (totals.map { $0 - $0 / 2 }, totals.map { $0 / 2 })
        default: throw node.unsupported("The padding \(rule)")
        }
        guard
            Self.area(sizes.indices.map { sizes[$0] + max(before[$0], 0) + max(after[$0], 0) })
                <= Self.areaLimit
        else {
            throw ConvNetError(
                .shape,
                "A border is too large",
                received: "\(before) and \(after), of \(sizes)"
            )
        }
    }

    /// The product of sizes, as `Double`, for it may leave the range of `Int`.
    private static func area(_ sizes: [Int]) -> Double { sizes.reduce(1) { $0 * Double($1) } }

    /// Elements from the first under the window to the last.
    var reach: [Int] { zip(window, dilations).map { ($0 - 1) * $1 + 1 } }

    /// How the window goes over what `NodeContext.cut` leaves of an image.
    var sliding: Sliding {
        Sliding(
            strides: strides,
            dilation: dilations,
            padding: zip(before, after).map { .sides(before: max($0, 0), after: max($1, 0)) }
        )
    }

    /// The number of places along each axis, not above 0 where the window fits nowhere.
    ///
    /// - Parameter roundsUp: whether a window that is not full is a place, too, as long as it begins within image or border.
    func places(_ sizes: [Int], roundsUp: Bool) -> [Int] {
        sizes.indices.map { axis in
            let room = before[axis] + sizes[axis] + after[axis] - reach[axis]
            // None where the window fits nowhere: a quotient below 0 would be rounded up.
            guard roundsUp else { return room < 0 ? 0 : room / strides[axis] + 1 }
            let count = (room + strides[axis] - 1) / strides[axis] + 1
            return (count - 1) * strides[axis] >= sizes[axis] + before[axis] ? count - 1 : count
        }
    }
}

extension NodeContext {
    /// The part of an image `[sizes, channels]` over which a window goes whose border is less than nothing: kernels know no such
    /// borders, and would write in front of their memory.
    func cut(_ image: Value, for window: WindowSettings) throws -> Value {
        guard (window.before + window.after).contains(where: { $0 < 0 }) else { return image }
        let starts = window.before.map { max(-$0, 0) }
        let sizes = starts.indices.map { image.shape[$0] - starts[$0] - max(-window.after[$0], 0) }
        guard sizes.allSatisfy({ $0 > 0 }) else {
            throw node.unsupported("A border that leaves nothing of the image")
        }
        let shape = Shape(sizes + [image.shape.last ?? 1])
        return try lowering.slice(image, startIndices: starts + [0], shape: shape)
    }
}
