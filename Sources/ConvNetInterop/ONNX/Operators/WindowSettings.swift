/// How a window slides, from the attributes that convolutions and pooling share.
struct WindowSettings {
    let window: [Int], strides: [Int], dilations: [Int]
    /// Elements of the border before and behind along each axis.
    let before: [Int], after: [Int]

    /// Sizes that windows, strides and borders have, so that no sum of them overflows.
    private static let sizes = 1...(1 << 24)

    /// - Parameters:
    ///   - sizes: those of the image.
    ///   - window: those of the window, if an operand says them.
    init(_ node: ONNXNode, sizes: [Int], window given: [Int]? = nil) throws {
        guard let window = given ?? node.integers("kernel_shape"), window.count == sizes.count,
            window.allSatisfy(Self.sizes.contains)
        else {
            throw ConvNetError(
                .format,
                "A window has a size for each axis of the image",
                expected: "\(sizes.count) sizes",
                received: "\(node.integers("kernel_shape") ?? [])"
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
    }

    /// Elements from the first under the window to the last.
    var reach: [Int] { zip(window, dilations).map { ($0 - 1) * $1 + 1 } }

    var sliding: Sliding {
        Sliding(
            strides: strides,
            dilation: dilations,
            padding: zip(before, after).map { .sides(before: $0, after: $1) }
        )
    }

    /// The number of places along each axis.
    ///
    /// - Parameter roundsUp: whether a window that is not full is a place, too, as long as it begins within image or border.
    func places(_ sizes: [Int], roundsUp: Bool) -> [Int] {
        sizes.indices.map { axis in
            let room = before[axis] + sizes[axis] + after[axis] - reach[axis]
            guard roundsUp else { return room / strides[axis] + 1 }
            let count = (room + strides[axis] - 1) / strides[axis] + 1
            return (count - 1) * strides[axis] >= sizes[axis] + before[axis] ? count - 1 : count
        }
    }
}
