import SwiftConvNet

/// Functions of each element, and of elements at the same place: any order of axes passes through.

extension Elementwise: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0]
        switch function {
        case .exp: return [graph.mapped(x, "Exp")]
        case .log: return [graph.mapped(x, "Log")]
        case .sqrt: return [graph.mapped(x, "Sqrt")]
        case .rsqrt: return [graph.mapped(graph.mapped(x, "Sqrt"), "Reciprocal")]
        case .abs: return [graph.mapped(x, "Abs")]
        case .sin: return [graph.mapped(x, "Sin")]
        case .cos: return [graph.mapped(x, "Cos")]
        case .square: return [graph.mapped(x, "Mul", graph.operand(x))]
        case .reciprocal: return [graph.mapped(x, "Reciprocal")]
        case .sign: return [graph.mapped(x, "Sign")]
        case .subtract: return [try graph.combined(operands, "Sub")]
        case .multiply: return [try graph.combined(operands, "Mul")]
        case .divide: return [try graph.combined(operands, "Div")]
        case .maximum: return [try graph.combined(operands, "Max")]
        case .minimum: return [try graph.combined(operands, "Min")]
        case .power: return [try graph.combined(operands, "Pow")]
        }
    }
}

/// A function of an imported file is written as the operator that it was read from.
extension MapElements: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        guard let origin else { throw ONNXExport.unwritten("\(Self.self)") }
        let x = operands[0]
        let name = graph.node(
            origin.type,
            [graph.operand(x)],
            outputs: 1,
            attributes: origin.numbers.map { ($0.name, .float($0.value)) }
        )[0]
        let order = x.constant == nil ? x.order : nil
        return [ExportedValue(name, x.shape, isBatched: x.isBatched, order: order)]
    }
}

extension Sum: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        if operands.count == 1 { return operands }
        return [try graph.combined(operands, operands.count == 2 ? "Add" : "Sum")]
    }
}

extension Affine: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        [try graph.scaled(operands[0], by: scale, offset: offset)]
    }
}

extension ScaleChannels: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let factors = ExportedValue(
            "\(graph.layer)/scale",
            constant: try ConstantTensor(scale, shape: [scale.count])
        )
        let shifts = ExportedValue(
            "\(graph.layer)/offset",
            constant: try ConstantTensor(offset, shape: [offset.count])
        )
        return [try graph.combined([graph.combined([operands[0], factors], "Mul"), shifts], "Add")]
    }
}

extension Standardize: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = operands[0]
        // Axes of size 1 in place of those that mean and variance do not have.
        let kept = Shape(x.shape.indices.map { axes.contains($0) ? x.shape[$0] : 1 })
        let mean = try graph.viewed(operands[1], as: kept)
        let deviation = graph.mapped(
            graph.mapped(try graph.viewed(operands[2], as: kept), "Sqrt"),
            "Max",
            try graph.number(Self.epsilon)
        )
        if inverts { return [try graph.combined([graph.combined([x, deviation], "Mul"), mean], "Add")] }
        return [try graph.combined([graph.combined([x, mean], "Sub"), deviation], "Div")]
    }
}

extension ParametricReLU: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        [try graph.combined(operands, "PRelu")]
    }
}

extension ExportGraph {
    /// A function of each element, and of numbers that follow the operand.
    mutating func mapped(
        _ x: ExportedValue,
        _ type: String,
        _ others: String...,
        attributes: KeyValuePairs<String, ExportedNode.Attribute> = [:]
    ) -> ExportedValue {
        ExportedValue(
            node(type, [operand(x)] + others, attributes),
            x.shape,
            isBatched: x.isBatched,
            order: x.constant == nil ? x.order : nil
        )
    }

    /// A function of elements at the same place, to whose common shape the operands stretch.
    mutating func combined(_ operands: [ExportedValue], _ type: String) throws -> ExportedValue {
        let rank = operands.map(\.rank).max() ?? 0
        let (names, order) = try aligned(operands, rank: rank)
        let shape = Shape(
            (0..<rank).map { axis in
                operands.map { axis < rank - $0.rank ? 1 : $0.shape[axis - (rank - $0.rank)] }.max() ?? 1
            }
        )
        return ExportedValue(
            node(type, names),
            shape,
            isBatched: operands.contains(where: \.isBatched),
            order: order
        )
    }

    /// The value times a number, plus a number.
    mutating func scaled(_ x: ExportedValue, by scale: Float, offset: Float = 0) throws -> ExportedValue {
        var y = x
        if scale != 1 { y = mapped(y, "Mul", try number(scale)) }
        if offset != 0 { y = mapped(y, "Add", try number(offset)) }
        return y
    }
}
