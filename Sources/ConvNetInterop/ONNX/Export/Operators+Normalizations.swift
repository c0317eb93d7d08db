import SwiftConvNet

extension NormalizeBatch: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        guard !usesBatchStatistics, let channels = operands[0].shape.last else {
            throw ConvNetError(.argument, "A normalisation by the statistics of the batch")
        }
        let x = try graph.arranged(operands[0], operands[0].shape.channelsFirst)
        var rest = operands.dropFirst().map { graph.operand($0) }
        if !scales {
            rest.insert(try graph.floats(.init(repeating: 1, count: channels), [channels], "gamma"), at: 0)
        }
        if !centers {
            rest.insert(try graph.floats(.init(repeating: 0, count: channels), [channels], "beta"), at: 1)
        }
        let name = graph.node(
            "BatchNormalization",
            [graph.operand(x)] + rest,
            ["epsilon": .float(epsilon)]
        )
        return [ExportedValue(name, x.shape, isBatched: x.isBatched, order: x.order)]
    }
}

extension SampleNormalization: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        switch groups {
        case .channels(let count): [try channels(operands, count, in: &graph)]
        case .rows(let axes) where statistic == .deviation: [try rows(operands, axes, in: &graph)]
        case .rows(let axes): [try quotients(operands, axes, in: &graph)]
        }
    }

    /// Rows by mean and deviation: `LayerNormalization`.
    private func rows(_ operands: [ExportedValue], _ axes: Int, in graph: inout ExportGraph) throws
        -> ExportedValue
    {
        let x = try graph.inOrder(operands[0]), row = Shape(Array(x.shape.suffix(axes)))
        var names = [graph.operand(x)]
        if let gamma {
            names.append(graph.operand(try graph.viewed(operands[gamma], as: row)))
        } else {
            names.append(
                try graph.floats(.init(repeating: 1, count: row.elementCount), row.dimensions, "gamma")
            )
        }
        if let beta { names.append(graph.operand(try graph.viewed(operands[beta], as: row))) }
        let name = graph.node(
            "LayerNormalization",
            names,
            ["axis": .integer(-axes), "epsilon": .float(epsilon)]
        )
        return ExportedValue(name, x.shape, isBatched: x.isBatched)
    }

    /// Rows by what they are divided by alone: the root of the mean of squares, or the norm.
    private func quotients(_ operands: [ExportedValue], _ axes: Int, in graph: inout ExportGraph) throws
        -> ExportedValue
    {
        let x = operands[0]
        let places = ((x.rank - axes)..<x.rank).map { x.place($0) }
        let squares = graph.mapped(x, "Mul", graph.operand(x))
        let isNorm = statistic == .norm
        let sum = try graph.reduced(
            isNorm ? "ReduceSum" : "ReduceMean",
            squares.name,
            places,
            keepsAxes: true
        )
        // Keras' smallest norm (`UnitNormalization`).
        let divisor =
            isNorm
            ? graph.node("Max", [graph.node("Sqrt", [sum]), try graph.number(1e-12)])
            : graph.node("Sqrt", [graph.node("Add", [sum, try graph.number(epsilon)])])
        var y = graph.mapped(x, "Div", divisor)
        let row = Shape(Array(x.shape.suffix(axes)))
        if let gamma { y = try graph.combined([y, graph.viewed(operands[gamma], as: row)], "Mul") }
        if let beta { y = try graph.combined([y, graph.viewed(operands[beta], as: row)], "Add") }
        return y
    }

    /// Groups of channels: `InstanceNormalization` of each group as one channel, in the form that every version of ONNX has.
    private func channels(_ operands: [ExportedValue], _ count: Int, in graph: inout ExportGraph) throws
        -> ExportedValue
    {
        let x = try graph.arranged(operands[0], operands[0].shape.channelsFirst)
        let grouped = graph.node("Reshape", [graph.operand(x), graph.integers([0, count, -1], "groups")])
        let normalized = graph.node(
            "InstanceNormalization",
            [
                grouped, try graph.floats(.init(repeating: 1, count: count), [count], "ones"),
                try graph.floats(.init(repeating: 0, count: count), [count], "zeros"),
            ],
            ["epsilon": .float(epsilon)]
        )
        let name = graph.node("Reshape", [normalized, graph.integers(x.sizes, "shape")])
        var y = ExportedValue(name, x.shape, isBatched: x.isBatched, order: x.order)
        if let gamma { y = try graph.combined([y, operands[gamma]], "Mul") }
        if let beta { y = try graph.combined([y, operands[beta]], "Add") }
        return y
    }
}
