import SwiftConvNet

/// Operators whose windows slide over images: ONNX has channels first there.

extension Convolution: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0], kernel = operands[1]
        guard normalization == nil else {
            throw ConvNetError(.argument, "A convolution that passes have joined with a normalisation")
        }
        let axes = try windowAxes(for: operands.map(\.type)), rank = axes.count
        let image = try graph.arranged(x, x.shape.channelsFirst)
        // [window, channels / groups, filters] becomes [filters, channels / groups, window].
        let weights = try graph.arranged(kernel, [rank + 1, rank] + Array(0..<rank))
        let name = graph.node(
            "Conv",
            [image, weights].map { graph.operand($0) } + (hasBias ? [graph.operand(operands[2])] : []),
            [
                "kernel_shape": .integers(axes.map(\.window)), "strides": .integers(axes.map(\.stride)),
                "dilations": .integers(axes.map(\.dilation)), "pads": .integers(axes.pads),
                "group": .integer(groups),
            ]
        )
        let shape = Shape(axes.map(\.output) + [kernel.shape[rank + 1]])
        return [ExportedValue(name, shape, isBatched: x.isBatched, order: image.order)]
    }
}

extension ConvolutionTransposed: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0], kernel = operands[1]
        let axes = try windowAxes(for: operands.map(\.type)), rank = axes.count
        let image = try graph.arranged(x, x.shape.channelsFirst)
        // [window, filters, channels] becomes [channels, filters, window].
        let weights = try graph.arranged(kernel, [rank + 1, rank] + Array(0..<rank))
        // What is left of the whole output behind the part that is kept; below 0 there is more than the windows cover.
        let ends = axes.map { ($0.output - 1) * $0.stride + $0.reach - $0.padBefore - $0.size }
        let name = graph.node(
            "ConvTranspose",
            [image, weights].map { graph.operand($0) } + (hasBias ? [graph.operand(operands[2])] : []),
            [
                "kernel_shape": .integers(axes.map(\.window)), "strides": .integers(axes.map(\.stride)),
                "dilations": .integers(axes.map(\.dilation)),
                "pads": .integers(axes.map(\.padBefore) + ends.map { max($0, 0) }),
                "output_padding": .integers(ends.map { max(-$0, 0) }),
            ]
        )
        let shape = Shape(axes.map(\.size) + [kernel.shape[rank]])
        return [ExportedValue(name, shape, isBatched: x.isBatched, order: image.order)]
    }
}

extension Pool: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0], axes = try windowAxes(for: x.shape)
        switch coverage {
        case .everything:
            let type = rule == .mean ? "GlobalAveragePool" : "GlobalMaxPool"
            return [try pooled(x, type, axes, [:], in: &graph)]
        case .shares(let outputs) where !zip(axes, outputs).allSatisfy({ $0.size.isMultiple(of: $1) }):
            return [try shared(x, axes, outputs, in: &graph)]
        case .shares(let outputs):
            let windows = zip(axes, outputs).map { $0.size / $1 }
            let type = rule == .mean ? "AveragePool" : "MaxPool"
            return [
                try pooled(
                    x,
                    type,
                    axes,
                    ["kernel_shape": .integers(windows), "strides": .integers(windows)],
                    in: &graph
                )
            ]
        case .window:
            guard rule == .maximum || axes.allSatisfy({ $0.dilation == 1 }) else {
                throw ConvNetError(.argument, "Means over windows whose elements are apart")
            }
            let sizes = axes.map(\.window), strides = axes.map(\.stride)
            guard rule == .maximum else {
                return [
                    try pooled(
                        x,
                        "AveragePool",
                        axes,
                        [
                            "kernel_shape": .integers(sizes), "strides": .integers(strides),
                            "pads": .integers(axes.pads), "count_include_pad": .integer(0),
                        ],
                        in: &graph
                    )
                ]
            }
            return [
                try pooled(
                    x,
                    "MaxPool",
                    axes,
                    [
                        "kernel_shape": .integers(sizes), "strides": .integers(strides),
                        "pads": .integers(axes.pads), "dilations": .integers(axes.map(\.dilation)),
                    ],
                    in: &graph
                )
            ]
        }
    }

    private func pooled(
        _ x: ExportedValue,
        _ type: String,
        _ axes: [WindowAxis],
        _ attributes: KeyValuePairs<String, ExportedNode.Attribute>,
        in graph: inout ExportGraph
    ) throws -> ExportedValue {
        let image = try graph.arranged(x, x.shape.channelsFirst)
        let shape = Shape(axes.map(\.output) + x.shape.suffix(1))
        return ExportedValue(
            graph.node(type, [graph.operand(image)], attributes),
            shape,
            isBatched: x.isBatched,
            order: image.order
        )
    }

    /// Each axis after the other, whose shares have several sizes.
    private func shared(
        _ x: ExportedValue,
        _ axes: [WindowAxis],
        _ outputs: [Int],
        in graph: inout ExportGraph
    ) throws -> ExportedValue {
        try axes.indices.reduce(x) { value, axis in
            let size = axes[axis].size, count = outputs[axis]
            let shares = (0..<count).map { (place: Int) -> Range<Int> in
                let first = place * size / count, end = ((place + 1) * size + count - 1) / count
                return first..<end
            }
            if rule == .mean {
                return try graph.resampled(value, axis, outputs: count) { place, element in
                    shares[place].contains(element) ? 1 / Float(shares[place].count) : 0
                }
            }
            // The largest of each share's elements; shorter shares have their last one again.
            let width = shares.map(\.count).max() ?? 1
            let elements = shares.flatMap { share in
                (0..<width).map { min(share.lowerBound + $0, share.upperBound - 1) }
            }
            let place = value.place(axis)
            let gathered = graph.node(
                "Gather",
                [graph.operand(value), graph.integers(elements, [count, width], "shares")],
                ["axis": .integer(place)]
            )
            var result = value
            result.shape = value.shape.replacing(axis, by: count)
            result.name = try graph.reduced("ReduceMax", gathered, [place + 1], keepsAxes: false)
            return result
        }
    }
}

extension [WindowAxis] {
    /// What lies before the images, and then what lies behind them, so that there are as many places as the windows have.
    fileprivate var pads: [Int] { map(\.padBefore) + map { $0.paddedSize - $0.padBefore - $0.size } }
}

extension ExportedValue {
    /// What an operator knows of it.
    var type: ValueType { ValueType(shape, isBatched ? .batched : .whole) }
}

extension Shape {
    /// The shape with another size of an axis.
    func replacing(_ axis: Int, by size: Int) -> Shape {
        var sizes = dimensions
        sizes[axis] = size
        return Shape(sizes)
    }
}
