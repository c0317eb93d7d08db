/// Borders.
enum Borders {
    static let table: [String: OperatorDefinition] = [
        "Pad": OperatorDefinition(known: .from(1)) { context in
            let node = context.node
            var x = try context.runtime(node.operand(0))
            let rank = x.rank
            guard let pads = try node.integers(1, orAttribute: "pads") ?? node.integers("paddings") else {
                throw node.unsupported("A border without widths")
            }
            let axes = try (node.literal(3)?.integers ?? Array(0..<rank)).map {
                try node.axis($0, rank: rank)
            }
            let allowed = -largestSize...largestSize
            guard pads.count == 2 * axes.count, pads.allSatisfy(allowed.contains) else {
                throw ConvNetError(
                    .shape,
                    "A border has two widths for each axis",
                    at: "pads",
                    expected: "\(2 * axes.count) numbers in \(allowed), for \(x.dims)",
                    received: "\(pads)"
                )
            }
            var widths = Array(repeating: (before: 0, after: 0), count: rank)
            for (index, axis) in axes.enumerated() { widths[axis] = (pads[index], pads[index + axes.count]) }
            if rank > 0, widths[0] != (0, 0) { x = try context.explicit(x, mixes: true) }
            let fill = try node.literal(2)?.floats.first ?? node.number("value", default: 0)
            var own = x.value.shape.map { _ in (before: 0, after: 0) }
            for axis in 0..<rank { if let place = x.place(of: axis) { own[place] = widths[axis] } }
            let mode = node.text("mode", default: "constant")
            return [context.result(try context.bordered(x.value, own, mode: mode, fill: fill), like: x)]
        }
    ]

    /// The element of an axis that a place in the border shows; `nil` for the constant.
    static func source(_ place: Int, _ size: Int, _ mode: String) -> Int? {
        if (0..<size).contains(place) { return place }
        switch mode {
        case "edge": return min(max(place, 0), size - 1)
        case "reflect":
            guard size > 1 else { return 0 }
            let period = 2 * size - 2, rest = ((place % period) + period) % period
            return rest < size ? rest : period - rest
        case "wrap": return ((place % size) + size) % size
        default: return nil
        }
    }
}

extension NodeContext {
    /// A border along each axis of a value; widths below 0 take elements away.
    func bordered(_ value: Value, _ widths: [(before: Int, after: Int)], mode: String, fill: Float) throws
        -> Value
    {
        var value = value
        for (axis, width) in widths.enumerated() where width.before < 0 || width.after < 0 {
            var starts = value.shape.map { _ in 0 }, sizes = value.shape.dimensions
            starts[axis] = max(-width.before, 0)
            sizes[axis] -= starts[axis] + max(-width.after, 0)
            value = try lowering.slice(value, startIndices: starts, shape: Shape(sizes))
        }
        let grown = widths.map { (before: max($0.before, 0), after: max($0.after, 0)) }
        guard grown.contains(where: { $0 != (0, 0) }) else { return value }
        let dims = value.shape.dimensions
        let sizes = dims.indices.map { grown[$0].before + dims[$0] + grown[$0].after }
        try requireMemory(sizes)
        if mode == "constant" { return try lowering.pad(value, padWidth: grown, constantValue: fill) }
        guard ["edge", "reflect", "wrap"].contains(mode) else { throw node.unsupported("The mode \(mode)") }
        guard !dims.contains(0) else { throw node.unsupported("A border of what has no elements") }
        try MemoryCheck.require(sizes.reduce(0, +) * MemoryLayout<Int>.stride, for: "the places of a border")
        let strides = Literal.strides(dims), count = Shape(sizes).elementCount
        let sources = dims.indices.map { axis in
            (0..<sizes[axis]).map {
                (Borders.source($0 - grown[axis].before, dims[axis], mode) ?? 0) * strides[axis]
            }
        }
        let steps = Literal.strides(sizes)
        @Sendable func source(_ place: Int) -> Int {
            var source = 0
            for axis in sizes.indices { source += sources[axis][place / steps[axis] % sizes[axis]] }
            return source
        }
        let backward = PlainOperator.Backward([0], reads: []) { gradients in
            for place in 0..<count { gradients.operands[0]?[source(place)] += gradients.output[place] }
        }
        let op = PlainOperator(outputs: [Shape(sizes)], backward: backward) { memory in
            for place in 0..<count { memory.outputs[0][place] = memory.inputs[0][source(place)] }
        }
        return try lowering.emit(op, value)[0]
    }
}
