extension NodeContext {
    /// Operands that are stretched to one shape: the engine's values, and the form of what comes of them.
    struct Stretched {
        let values: [Value]
        let order: [Int]
        let impliesFirstAxis: Bool
        /// The shape of the result, as ONNX has it.
        let dims: [Int]
    }

    /// Brings operands to one number of axes, and to the order of the first that has most axes.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if sizes do not fit.
    func stretched(_ operands: [ONNXValue]) throws -> Stretched {
        let rank = operands.map(\.rank).max() ?? 0
        let dims = try Self.stretchedDims(operands.map(\.dims))
        let leading = operands.filter { $0.rank == rank }
        let order =
            leading.first { !$0.order.isPlain && $0.value.constant == nil }?.order
            ?? leading.first?.order ?? []
        let implies =
            order.first == 0 && leading.contains(where: \.impliesFirstAxis)
            && operands.allSatisfy {
                $0.impliesFirstAxis ? $0.rank == rank : $0.rank < rank || $0.dims[0] == 1
            }
        let values = try operands.map { operand -> Value in
            let rest = Array(repeating: 1, count: rank - operand.rank)
            if implies {
                // An operand of fewer axes has none for the batch.
                if operand.impliesFirstAxis { return try arranged(operand, order).value }
                let aligned =
                    rest.isEmpty
                    ? try explicit(operand) : try viewed(explicit(operand), as: rest + operand.dims)
                return try arranged(implied(aligned), order).value
            }
            let whole = try explicit(operand)
            return try arranged(rest.isEmpty ? whole : viewed(whole, as: rest + operand.dims), order).value
        }
        return Stretched(values: values, order: order, impliesFirstAxis: implies, dims: dims)
    }

    /// The result of an element-wise operator of stretched operands.
    func result(_ value: Value, of operands: Stretched, _ type: ONNXType) -> ONNXValue {
        ONNXValue(value, type, order: operands.order, impliesFirstAxis: operands.impliesFirstAxis)
    }

    /// The shape to which shapes stretch.
    static func stretchedDims(_ shapes: [[Int]]) throws -> [Int] {
        let rank = shapes.map(\.count).max() ?? 0
        var dims = [Int](repeating: 1, count: rank)
        for shape in shapes {
            for (axis, size) in shape.enumerated() {
                let place = rank - shape.count + axis
                guard size == dims[place] || size == 1 || dims[place] == 1 else {
                    throw ConvNetError(
                        .shape,
                        "The shapes of operands do not fit",
                        expected: "equal sizes, or 1",
                        received: "\(shapes)"
                    )
                }
                if dims[place] == 1 { dims[place] = size }
            }
        }
        return dims
    }
}
