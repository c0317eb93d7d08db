/// Convolutions and their transposes.
enum Convolutions {
    static let table: [String: OperatorDefinition] = [
        "Conv": OperatorDefinition(
            weights: [1: { _, rank in .kernel(rank) }, 2: OperatorDefinition.asIs],
            whole: [1, 2]
        ) { context in
            try context.convolution(
                context.node.operand(0),
                context.node.operand(1),
                bias: context.node.optional(2)
            )
        },
        "ConvTranspose": OperatorDefinition(
            // Channels, filters and window as window, filters and channels.
            weights: [1: { _, rank in .kernel(rank) }, 2: OperatorDefinition.asIs],
            whole: [1, 2]
        ) { context in
            let kernel = try context.node.operand(1), image = try context.node.operand(0)
            guard kernel.rank == image.rank, (3...5).contains(image.rank), kernel.dims[0] == image.dims[1],
                !kernel.dims.contains(0)
            else {
                throw context.node.unsupported("A convolution of \(image.dims) with \(kernel.dims)")
            }
            let groups = try context.groupCount(of: image.dims[1])
            return try context.eachSample(image) { image in
                let x = try context.arranged(image, .channelsLast(image.rank))
                let sizes = Array(x.value.shape.dropLast())
                let window = try TransposedWindow(
                    context.node,
                    sizes: sizes,
                    window: Array(kernel.dims.dropFirst(2))
                )
                let weights = try context.arranged(kernel, .kernel(kernel.rank)).value
                let images = try context.groups(x.value, groups),
                    kernels = try context.groups(weights, groups)
                let op = ConvolutionTransposed(
                    strides: window.strides,
                    dilation: window.dilations,
                    padding: .valid,
                    outputPadding: window.more,
                    hasBias: false
                )
                let parts = try zip(images, kernels).map { try context.lowering.emit(op, $0, $1)[0] }
                let all =
                    parts.count == 1 ? parts[0] : try context.lowering.emit(Join(axis: sizes.count), parts)[0]
                var made = try window.cropped(all, in: context)
                if let bias = context.node.optional(2) {
                    made = try context.lowering.add(made, context.row(bias, of: made.shape.last ?? 1))
                }
                return [context.result(made, like: x)]
            }
        },
    ]
}

/// Which part of what a transposed convolution makes is its output.
private struct TransposedWindow {
    let strides: [Int], dilations: [Int]
    /// How much longer the output is than what all windows cover.
    let more: [Int]
    private let before: [Int], after: [Int]

    /// What an output may be asked to have, so that no sum overflows.
    private static let paddings = 0...(1 << 24), lengths = 1...(1 << 32)

    init(_ node: ONNXNode, sizes: [Int], window: [Int]) throws {
        let settings = try WindowSettings(node, sizes: sizes, window: window)
        (strides, dilations) = (settings.strides, settings.dilations)
        more = node.integers("output_padding") ?? sizes.map { _ in 0 }
        let given = node.integers("output_shape")
        guard more.count == sizes.count, more.allSatisfy(Self.paddings.contains),
            // Some files say batch and channels, too.
            given.map({ [0, 2].contains($0.count - sizes.count) && $0.allSatisfy(Self.lengths.contains) })
                ?? true
        else {
            throw ConvNetError(
                .format,
                "A transposed convolution has a size and a padding of its output for each axis",
                expected: "\(sizes.count) of each, paddings in \(Self.paddings) and sizes in \(Self.lengths)",
                received: "\(more), \(given ?? [])"
            )
        }
        let rule = node.text("auto_pad", default: "NOTSET"), isSame = rule.hasPrefix("SAME")
        let full = sizes.indices.map { (sizes[$0] - 1) * settings.strides[$0] + settings.reach[$0] }
        let wanted =
            given.map { Array($0.suffix(sizes.count)) }
            ?? (isSame ? zip(sizes, settings.strides).map { $0 * $1 } : nil)
        guard let wanted else {
            (before, after) =
                rule == "VALID"
                ? (sizes.map { _ in 0 }, sizes.map { _ in 0 }) : (settings.before, settings.after)
            return
        }
        let more = more
        let totals = sizes.indices.map { full[$0] + more[$0] - wanted[$0] }
        // What is missing is added behind.
        let larger = totals.map { $0 < 0 ? 0 : $0 - $0 / 2 }
        let isUpper = rule == "SAME_UPPER"
        before = totals.indices.map { isUpper ? max(totals[$0], 0) / 2 : larger[$0] }
        after = zip(totals, before).map { $0 - $1 }
    }

    /// Takes the border off.
    func cropped(_ value: Value, in context: NodeContext) throws -> Value {
        guard (before + after).contains(where: { $0 != 0 }) else { return value }
        let channels = value.shape.last ?? 1
        // A border of less than nothing is one of zeros.
        let grown = try context.lowering.pad(
            value,
            padWidth: zip(before, after).map { (max(-$0, 0), max(-$1, 0)) } + [(0, 0)]
        )
        let starts = before.map { max($0, 0) }
        let sizes = starts.indices.map { grown.shape[$0] - starts[$0] - max(after[$0], 0) }
        guard sizes.allSatisfy({ $0 > 0 }) else { throw context.node.unsupported("An empty output") }
        return try context.lowering.slice(grown, startIndices: starts + [0], shape: Shape(sizes + [channels]))
    }
}

extension NodeContext {
    /// A convolution of images, with the settings of the node.
    func convolution(_ image: ONNXValue, _ kernel: ONNXValue, bias: ONNXValue?) throws -> [ONNXValue] {
        guard kernel.rank == image.rank, (3...5).contains(image.rank), !kernel.dims.contains(0) else {
            throw node.unsupported("A convolution of \(image.dims) with \(kernel.dims)")
        }
        let weights = try arranged(kernel, .kernel(kernel.rank)).value
        let groups = try groupCount(of: image.dims[1])
        // Here, for the product that the engine compares may leave the range of `Int`.
        guard kernel.dims[1] == image.dims[1] / groups else {
            throw ConvNetError(
                .shape,
                "The channels of a convolution do not fit",
                expected:
                    "a kernel of \(image.dims[1] / groups) channels, for \(image.dims) in \(groups) groups",
                received: "\(kernel.dims)"
            )
        }
        let shift = try bias.map { try row($0, of: kernel.dims[0]) }
        return try eachSample(image) { image in
            let x = try arranged(image, .channelsLast(image.rank))
            let window = try WindowSettings(
                node,
                sizes: Array(x.value.shape.dropLast()),
                window: Array(kernel.dims.dropFirst(2))
            )
            let op = Convolution(window.sliding, groups: groups, hasBias: shift != nil)
            let operands = try [cut(x.value, for: window), weights] + (shift.map { [$0] } ?? [])
            return [result(try lowering.emit(op, operands)[0], like: x)]
        }
    }

    /// The number of groups that the node divides channels into.
    fileprivate func groupCount(of channels: Int) throws -> Int {
        let count = node.integer("group", default: 1)
        guard count >= 1, count <= channels, channels.isMultiple(of: count) else {
            throw ConvNetError(
                .argument,
                "Channels cannot be divided into these groups",
                at: "group",
                expected: "a divisor of \(channels)",
                received: "\(count)"
            )
        }
        return count
    }

    /// Equal parts along the last axis.
    fileprivate func groups(_ value: Value, _ count: Int) throws -> [Value] {
        count == 1 ? [value] : try lowering.split(value, sections: count, axis: -1)
    }
}
