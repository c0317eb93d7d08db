import SwiftConvNet

extension Resize: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0], sizes = [height, width]
        if interpolation == .bilinear, !antialias { return [try bilinear(x, in: &graph)] }
        return [
            try sizes.indices.reduce(x) { value, axis in
                let plan = Resampling(
                    interpolation,
                    from: x.shape[axis],
                    to: sizes[axis],
                    antialias: antialias
                )
                let starts = plan.starts.map { Int($0) }
                guard plan.span > 1 else { return try taken(value, axis, starts, in: &graph) }
                return try graph.resampled(value, axis, outputs: sizes[axis]) { place, element in
                    let tap = element - starts[place]
                    return (0..<plan.span).contains(tap) ? plan.weights[place * plan.span + tap] : 0
                }
            }
        ]
    }

    /// Elements of an axis by their number.
    private func taken(_ x: ExportedValue, _ axis: Int, _ elements: [Int], in graph: inout ExportGraph) throws
        -> ExportedValue
    {
        guard elements != Array(0..<x.shape[axis]) else { return x }
        var result = x
        result.name = graph.node(
            "Gather",
            [graph.operand(x), graph.integers(elements, "elements")],
            ["axis": .integer(x.place(axis))]
        )
        result.shape = x.shape.replacing(axis, by: elements.count)
        return result
    }

    /// ONNX' own.
    private func bilinear(_ x: ExportedValue, in graph: inout ExportGraph) throws -> ExportedValue {
        let image = try graph.arranged(x, x.shape.channelsFirst), source = graph.operand(image)
        let own = graph.integers([height, width], "sizes")
        // A size for each axis, the batch among them: sizes of some axes came later, and factors in place of sizes may round down.
        let kept = graph.node("Shape", [source], ["start": .integer(0), "end": .integer(2)])
        let sizes = graph.node("Concat", [kept, own], ["axis": .integer(0)])
        let name = graph.node(
            "Resize",
            [source, "", "", sizes],
            ["mode": .text("linear"), "coordinate_transformation_mode": .text("half_pixel")]
        )
        return ExportedValue(
            name,
            [height, width, x.shape[2]],
            isBatched: x.isBatched,
            order: image.order
        )
    }
}

extension Resample: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let count = operands[0].shape.elementCount / max(outer * inner, 1)
        let x = try graph.viewed(operands[0], as: [outer, count, inner])
        let y = try graph.resampled(x, 1, outputs: plan.taps.count) { place, element in
            plan.taps[place].reduce(0) { $0 + ($1.index == element ? $1.weight : 0) }
        }
        guard fill != 0, plan.taps.contains(where: \.isEmpty) else { return [try graph.viewed(y, as: shape)] }
        let border = try ConstantTensor(plan.taps.map { $0.isEmpty ? fill : 0 }, shape: [plan.taps.count, 1])
        let filled = try graph.combined([y, ExportedValue("\(graph.layer)/fill", constant: border)], "Add")
        return [try graph.viewed(filled, as: shape)]
    }
}

extension ExportGraph {
    /// An axis in another size, whose elements are weighted sums of the operand's: a product with a matrix of the weights.
    mutating func resampled(
        _ x: ExportedValue,
        _ axis: Int,
        outputs: Int,
        weight: (_ place: Int, _ element: Int) -> Float
    ) throws -> ExportedValue {
        let size = x.shape[axis]
        let weights = (0..<outputs).flatMap { place in (0..<size).map { weight(place, $0) } }
        let matrix = try floats(weights, [outputs, size], "weights")
        let letters = Array("abcdefghijklmnopqrstuvwxy")
        let rank = x.rank + (x.isBatched ? 1 : 0), place = x.place(axis)
        guard rank < letters.count else { throw ConvNetError(.argument, "A tensor of \(rank) axes") }
        var made = Array(letters.prefix(rank))
        made[place] = "z"
        let equation = "\(String(letters.prefix(rank))),z\(letters[place])->\(String(made))"
        var result = x
        result.constant = nil
        result.shape = x.shape.replacing(axis, by: outputs)
        result.name = node("Einsum", [operand(x), matrix], ["equation": .text(equation)])
        return result
    }
}
