import SwiftConvNet

/// Axes: the order in which the file has them, and shapes.
extension ExportGraph {
    /// The value with its axes in another order; nothing is written if they are in it.
    mutating func arranged(_ value: ExportedValue, _ order: [Int]) throws -> ExportedValue {
        guard value.order != order else { return value }
        var result = value
        result.order = order
        if let constant = value.constant {
            let moved = try transposed(constant, order)
            result = ExportedValue(value.name, constant: moved)
            result.form = value.form + "\(order)"
            // A constant's axes are the model's: those of the new order are what its reader takes for the file's.
            return result
        }
        let name = operand(value)
        if value.isSequence(of: order) {
            result.name = node("Reshape", [name, integers(result.sizes, "shape")])
        } else {
            let places = (value.isBatched ? [0] : []) + order.map { value.place($0) }
            result.name = node("Transpose", [name], ["perm": .integers(places)])
        }
        return result
    }

    /// The value with its axes as the model has them.
    mutating func inOrder(_ value: ExportedValue) throws -> ExportedValue {
        try arranged(value, Array(value.shape.indices))
    }

    /// The same elements in another shape, in the model's order of axes.
    mutating func viewed(_ value: ExportedValue, as shape: Shape) throws -> ExportedValue {
        if value.shape == shape { return try inOrder(value) }
        if let constant = value.constant {
            var result = ExportedValue(value.name, constant: constant.viewed(as: shape))
            result.form = value.form
            return result
        }
        let identity = Array(value.shape.indices)
        let source = value.isSequence(of: identity) ? value : try inOrder(value)
        var result = ExportedValue("", shape, isBatched: value.isBatched)
        result.name = node("Reshape", [operand(source), integers(result.sizes, "shape")])
        return result
    }

    /// A value for each sample: what all samples share is repeated.
    mutating func batched(_ value: ExportedValue) throws -> ExportedValue {
        guard !value.isBatched else { return value }
        let sizes = integers(value.order.map { value.shape[$0] }, "sizes")
        let target = node("Concat", [batch(), sizes], ["axis": .integer(0)])
        return ExportedValue(
            node("Expand", [operand(value), target]),
            value.shape,
            isBatched: true,
            order: value.order
        )
    }

    /// Operands of a function of elements in one order of axes, and with as many axes as their common shape has, so that ONNX stretches
    /// them as this library does.
    mutating func aligned(_ values: [ExportedValue], rank: Int) throws -> (names: [String], order: [Int]) {
        let first = values.first { $0.isBatched && $0.rank == rank && !$0.isInOrder }
        let order = first?.order ?? Array(0..<rank)
        let names = try values.map { value in
            // In the model's order missing axes in front are no matter, unless the batch stands before them.
            if order == Array(0..<rank), !value.isBatched, value.isInOrder { return operand(value) }
            if value.rank == 0, !value.isBatched { return operand(value) }
            let missing = rank - value.rank
            let shape = Shape(Array(repeating: 1, count: missing) + value.shape.dimensions)
            return operand(try arranged(missing > 0 ? viewed(value, as: shape) : value, order))
        }
        return (names, order)
    }

    /// The elements of a constant with its axes in another order.
    private func transposed(_ constant: ConstantTensor, _ order: [Int]) throws -> ConstantTensor {
        guard let elements = constant.floats else {
            throw ConvNetError(
                .argument,
                "Whole numbers are not transposed",
                received: "\(constant.type.shape)"
            )
        }
        let moved = try Tensor(elements, shape: constant.type.shape).transposed(order)
        return try ConstantTensor(moved.elements, shape: moved.shape)
    }
}
