import SwiftConvNet

extension Reduce: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0]
        let type =
            switch function {
            case .sum: "ReduceSum"
            case .mean: "ReduceMean"
            case .max: "ReduceMax"
            case .min: "ReduceMin"
            case .product: "ReduceProd"
            }
        guard !axes.isEmpty else { return [x] }
        let places = axes.map { x.place($0) }.sorted()
        let name = try graph.reduced(type, graph.operand(x), places, keepsAxes: keepsAxes)
        let kept = x.shape.indices.filter { !axes.contains($0) }
        let shape =
            keepsAxes
            ? Shape(x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] })
            : Shape(kept.map { x.shape[$0] })
        let order = keepsAxes ? x.order : x.order.compactMap { kept.firstIndex(of: $0) }
        return [ExportedValue(name, shape, isBatched: x.isBatched, order: order)]
    }
}

extension SoftmaxAlong: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0], type = isLogarithm ? "LogSoftmax" : "Softmax"
        if axes.count == 1 {
            return [graph.mapped(x, type, attributes: ["axis": .integer(x.place(axes.lowerBound))])]
        }
        let all = x.shape.dimensions
        let sizes = [all[..<axes.lowerBound], all[axes], all[axes.upperBound...]].map { $0.reduce(1, *) }
        let joined = try graph.viewed(x, as: Shape(sizes))
        let rows = graph.mapped(joined, type, attributes: ["axis": .integer(joined.place(1))])
        return [try graph.viewed(rows, as: x.shape)]
    }
}

extension Discretize: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0]
        guard !boundaries.isEmpty else { return [graph.mapped(x, "Mul", try graph.number(0))] }
        // How many boundaries are not larger than the element.
        let column = graph.node("Unsqueeze", [graph.operand(x), graph.integers([-1], "axes")])
        let edges = try graph.floats(boundaries, [boundaries.count], "boundaries")
        let isReached = graph.node("GreaterOrEqual", [column, edges])
        let counted = graph.node("Cast", [isReached], ["to": .integer(ONNXType.float.rawValue)])
        let name = try graph.reduced("ReduceSum", counted, [-1], keepsAxes: false)
        return [ExportedValue(name, x.shape, isBatched: x.isBatched, order: x.order)]
    }
}

extension EncodeCategories: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let joins = mode != .oneHot
        let x = try graph.inOrder(
            joins && operands[0].rank == 0 ? graph.viewed(operands[0], as: [1]) : operands[0]
        )
        let category = graph.node(
            "Cast",
            [graph.operand(x)],
            ["to": .integer(ONNXType.int64.rawValue)]
        )
        let column = graph.node("Unsqueeze", [category, graph.integers([-1], "axes")])
        let isEqual = graph.node("Equal", [column, graph.integers(Array(0..<depth), "categories")])
        var name = graph.node("Cast", [isEqual], ["to": .integer(ONNXType.float.rawValue)])
        let kept = joins ? Array(x.shape.dropLast()) : x.shape.dimensions
        if joins {
            let place = (x.isBatched ? 1 : 0) + x.rank - 1
            name = try graph.reduced(
                mode == .count ? "ReduceSum" : "ReduceMax",
                name,
                [place],
                keepsAxes: false
            )
        }
        return [ExportedValue(name, Shape(kept + [depth]), isBatched: x.isBatched)]
    }
}

extension ExportGraph {
    /// A reduction along some of the file's axes.
    mutating func reduced(_ type: String, _ name: String, _ places: [Int], keepsAxes: Bool) throws -> String {
        let keeps = ExportedNode.Attribute.integer(keepsAxes ? 1 : 0)
        // Axes were an attribute before version 18, but for sums, where they were one before 13.
        if opset >= 18 || type == "ReduceSum" {
            return node(type, [name, integers(places, "axes")], ["keepdims": keeps])
        }
        return node(type, [name], ["axes": .integers(places), "keepdims": keeps])
    }
}
