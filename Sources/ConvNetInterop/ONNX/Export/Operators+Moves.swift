import SwiftConvNet

extension View: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        [try graph.viewed(operands[0], as: shape)]
    }
}

extension Pad: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        [try graph.padded(operands[0], [(top, bottom), (left, right), (0, 0)])]
    }
}

extension Join: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        var parts = operands
        if parts.contains(where: \.isBatched) { parts = try parts.map { try graph.batched($0) } }
        let order = parts.first { !$0.isInOrder }?.order ?? parts[0].order
        parts = try parts.map { try graph.arranged($0, order) }
        var result = parts[0]
        result.constant = nil
        result.shape = parts[0].shape.replacing(axis, by: parts.reduce(0) { $0 + $1.shape[axis] })
        result.name = graph.node(
            "Concat",
            parts.map { graph.operand($0) },
            ["axis": .integer(result.place(axis))]
        )
        return [result]
    }
}

extension Split: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0]
        let names = graph.node(
            "Split",
            [graph.operand(x), graph.integers(sizes, "sizes")],
            outputs: sizes.count,
            ["axis": .integer(x.place(axis))]
        )
        return zip(names, sizes).map { name, size in
            ExportedValue(name, x.shape.replacing(axis, by: size), isBatched: x.isBatched, order: x.order)
        }
    }
}

extension Move: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0]
        if let order = map.permutation {
            // Nothing moves: the file's order of axes is another one of the model's.
            guard x.constant == nil else {
                return [try graph.arranged(x, order)]
            }
            let places = order.indices.map { order.firstIndex(of: $0) ?? $0 }
            var result = ExportedValue(x.name, map.shape, isBatched: x.isBatched)
            result.order = x.order.map { places[$0] }
            return [result]
        }
        if let changes = map.changes { return [try graph.changed(x, changes, fill: fill)] }
        return [try gathered(graph.inOrder(x), in: &graph)]
    }

    /// Any other map: the elements by their numbers.
    private func gathered(_ x: ExportedValue, in graph: inout ExportGraph) throws -> ExportedValue {
        let flat = try graph.viewed(x, as: [x.shape.elementCount])
        let numbers = map.axes.reduce([map.offset]) { numbers, axis in
            let steps = axis.loops.reduce([0]) { steps, loop in
                steps.flatMap { step in (0..<loop.count).map { step + $0 * loop.stride } }
            }
            return numbers.flatMap { number in steps.map { number + $0 } }
        }
        let inside = Shape(map.axes.map(\.inside))
        let name = graph.node(
            "Gather",
            [graph.operand(flat), graph.integers(numbers, inside.dimensions, "elements")],
            ["axis": .integer(flat.place(0))]
        )
        let taken = ExportedValue(name, inside, isBatched: x.isBatched)
        return try graph.padded(taken, map.axes.map { ($0.before, $0.after) }, fill: fill)
    }
}

extension ForEachSample: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        [try graph.batched(operands[0])]
    }
}

extension ExportGraph {
    /// The value with a border of a number.
    mutating func padded(_ x: ExportedValue, _ widths: [(before: Int, after: Int)], fill: Float = 0) throws
        -> ExportedValue
    {
        guard widths.contains(where: { $0.before > 0 || $0.after > 0 }) else { return x }
        let lead = x.isBatched ? [0] : []
        let before = lead + x.order.map { widths[$0].before }, after = lead + x.order.map { widths[$0].after }
        var result = x
        result.constant = nil
        result.name = node("Pad", [operand(x), integers(before + after, "pads"), try number(fill)])
        result.shape = Shape(zip(x.shape, widths).map { $0 + $1.before + $1.after })
        if x.constant != nil { result.order = Array(x.shape.indices) }
        return result
    }

    /// The value with changes of its axes.
    fileprivate mutating func changed(_ x: ExportedValue, _ changes: [StridedMap.Change], fill: Float) throws
        -> ExportedValue
    {
        var result = x
        let cut = changes.indices.filter { axis in
            changes[axis].count != x.shape[axis] || changes[axis].step != 1
        }
        if !cut.isEmpty {
            // What lies before the first element is written so, for -1 is the last one.
            let ends = cut.map { axis -> Int in
                let end = changes[axis].first + changes[axis].count * changes[axis].step
                return end < 0 ? Int(Int32.min) : end
            }
            result.name = node(
                "Slice",
                [
                    operand(x), integers(cut.map { changes[$0].first }, "starts"), integers(ends, "ends"),
                    integers(cut.map { x.place($0) }, "axes"),
                    integers(cut.map { changes[$0].step }, "steps"),
                ]
            )
            result.constant = nil
            result.shape = Shape(changes.map(\.count))
        }
        for (axis, change) in changes.enumerated() where change.tiles > 1 || change.repeats > 1 {
            let size = result.shape[axis], total = size * change.tiles * change.repeats
            let elements = (0..<total).map { $0 / change.repeats % size }
            result.name = node(
                "Gather",
                [operand(result), integers(elements, "elements")],
                ["axis": .integer(result.place(axis))]
            )
            result.constant = nil
            result.shape = result.shape.replacing(axis, by: total)
        }
        return try padded(result, changes.map { ($0.before, $0.after) }, fill: fill)
    }
}
