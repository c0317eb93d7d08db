/// Quantised operators, computed in float32: whole numbers up to 2²⁴ are exact in it.
enum Quantization {
    static let table: [String: OperatorDefinition] = [
        "QuantizeLinear": OperatorDefinition { context in
            let x = try context.node.operand(0), zero = context.node.optional(2)
            let code = context.node.integer("output_dtype", default: 0)
            let type = zero?.type ?? ONNXType(rawValue: code) ?? .uint8
            return [try context.quantized(x, scale: context.node.operand(1), zero: zero, type)]
        },
        "DequantizeLinear": OperatorDefinition(evaluate: dequantize) { context in
            [
                try context.dequantized(
                    context.node.operand(0),
                    scale: context.node.operand(1),
                    zero: context.node.optional(2)
                )
            ]
        },
        "DynamicQuantizeLinear": OperatorDefinition { context in
            let x = try context.entire(context.node.operand(0), mixes: true),
                count = x.value.shape.elementCount
            let op = PlainOperator(outputs: [x.value.shape, [], []]) { memory in
                var low: Float = 0, high: Float = 0
                for place in 0..<count {
                    low = min(low, memory.inputs[0][place])
                    high = max(high, memory.inputs[0][place])
                }
                let scale = (high - low) / 255
                let zero = scale == 0 ? 0 : min(max((-low / scale).rounded(.toNearestOrEven), 0), 255)
                for place in 0..<count {
                    let step = scale == 0 ? 0 : (memory.inputs[0][place] / scale).rounded(.toNearestOrEven)
                    memory.outputs[0][place] = min(max(step + zero, 0), 255)
                }
                memory.outputs[1][0] = scale
                memory.outputs[2][0] = zero
            }
            let outputs = try context.lowering.emit(op, x.value)
            return [
                context.result(outputs[0], .uint8), context.result(outputs[1], .float),
                context.result(outputs[2], .uint8),
            ]
        },
        "MatMulInteger": OperatorDefinition { context in
            let node = context.node
            let x = try context.shifted(node.operand(0), by: node.optional(2), axis: -2)
            let y = try context.shifted(node.operand(1), by: node.optional(3), axis: -1)
            return [try context.product(x, y).typed(.int32)]
        },
        "ConvInteger": OperatorDefinition(whole: [1]) { context in
            let node = context.node
            let x = try context.shifted(node.operand(0), by: node.optional(2), axis: 1)
            let kernel = try context.shifted(node.operand(1), by: node.optional(3), axis: 0)
            return try context.convolution(x, kernel, bias: nil).map { $0.typed(.int32) }
        },
        "QLinearConv": OperatorDefinition(whole: [3]) { context in
            let node = context.node
            let x = try context.dequantized(node.operand(0), scale: node.operand(1), zero: node.optional(2))
            let kernel = try context.dequantized(
                node.operand(3),
                scale: node.operand(4),
                zero: node.optional(5),
                axis: 0
            )
            // The bias counts steps of both scales.
            let bias = try node.optional(8).map { bias in
                let scale = try context.multiplied(node.operand(1), node.operand(4))
                return try context.scaled(bias, by: scale)
            }
            let y = try context.convolution(x, kernel, bias: bias)[0]
            return try context.quantizedOutput(y, scale: node.operand(6), zero: node.optional(7))
        },
        "QLinearMatMul": OperatorDefinition { context in
            let node = context.node
            let x = try context.dequantized(
                node.operand(0),
                scale: node.operand(1),
                zero: node.optional(2),
                axis: -2
            )
            let y = try context.dequantized(
                node.operand(3),
                scale: node.operand(4),
                zero: node.optional(5),
                axis: -1
            )
            let product = try context.product(x, y)
            return try context.quantizedOutput(product, scale: node.operand(6), zero: node.optional(7))
        },
        "com.microsoft:QLinearAdd": joined { try $0.lowering.add($1, $2) },
        "com.microsoft:QLinearMul": joined { try $0.lowering.multiply($1, $2) },
        "com.microsoft:QLinearGlobalAveragePool": OperatorDefinition { context in
            let node = context.node
            guard node.integer("channels_last", default: 0) == 0 else {
                throw node.unsupported("channels_last")
            }
            let x = try context.dequantized(node.operand(0), scale: node.operand(1), zero: node.optional(2))
            let mean = try context.lowering.mean(x.value, axes: context.sizePlaces(of: x), keepDims: true)
            return try context.quantizedOutput(
                context.result(mean, like: x),
                scale: node.operand(3),
                zero: node.optional(4)
            )
        },
        "com.microsoft:QGemm": OperatorDefinition { context in
            let node = context.node
            var x = try context.dequantized(node.operand(0), scale: node.operand(1), zero: node.optional(2))
            var y = try context.dequantized(
                node.operand(3),
                scale: node.operand(4),
                zero: node.optional(5),
                axis: 0
            )
            if node.integer("transA", default: 0) != 0 { x = try context.transposed(x) }
            if node.integer("transB", default: 0) != 0 { y = try context.transposed(y) }
            let factor = node.number("alpha", default: 1)
            var product = try context.scaled(context.product(x, y), by: factor)
            if let bias = node.optional(6) {
                let scale = try context.scaled(
                    context.multiplied(node.operand(1), node.operand(4)),
                    by: factor
                )
                let operands = try context.stretchedToFirst([
                    product, context.multiplied(context.runtime(bias), scale),
                ])
                let sum = try context.lowering.add(operands.values[0], operands.values[1])
                product = context.result(sum, of: operands, .float)
            }
            guard let scale = node.optional(7) else { return [product] }
            return try context.quantizedOutput(product, scale: scale, zero: node.optional(8))
        },
    ]

    /// An operator of two quantised operands.
    private static func joined(
        _ emit: @escaping @Sendable (NodeContext, Value, Value) throws -> Value
    ) -> OperatorDefinition {
        OperatorDefinition { context in
            let node = context.node
            let x = try context.dequantized(node.operand(0), scale: node.operand(1), zero: node.optional(2))
            let y = try context.dequantized(node.operand(3), scale: node.operand(4), zero: node.optional(5))
            let operands = try context.stretched([x, y])
            let value = try emit(context, operands.values[0], operands.values[1])
            let sum = context.result(value, of: operands, .float)
            return try context.quantizedOutput(sum, scale: node.operand(6), zero: node.optional(7))
        }
    }

    private static let dequantize: OperatorDefinition.Evaluate = { node, literals in
        guard let x = literals[0], let scale = literals[1] else { return nil }
        let zero = literals[2]
        guard scale.count > 1, !x.dims.isEmpty else {
            let (factor, shift) = (scale.numbers.first ?? 1, zero?.numbers.first ?? 0)
            return [Literal(.float, x.dims, x.numbers.map { Double(Float(($0 - shift) * factor)) })]
        }
        let axis = try node.axis(default: 1, rank: x.dims.count)
        let inner = x.dims[(axis + 1)...].reduce(1, *), size = x.dims[axis]
        let block = node.integer("block_size", default: 0)
        // A row of scales has one for each place along the axis, a tensor of scales one for each block.
        let blocks = block > 0 ? (size + min(block, size) - 1) / max(min(block, size), 1) : size
        let count = block > 0 ? x.dims[..<axis].reduce(1, *) * blocks * inner : size
        guard scale.count == count, zero.map({ $0.count == count }) ?? true else { return nil }
        return [
            Literal(
                .float,
                x.dims,
                x.numbers.enumerated().map { place, number in
                    let row = place / inner % size
                    let own =
                        block > 0
                        ? (place / inner / size * blocks + row / block) * inner + place % inner : row
                    return Double(Float((number - (zero?.numbers[own] ?? 0)) * scale.numbers[own]))
                }
            )
        ]
    }
}

extension NodeContext {
    /// A row of numbers, one for each place along an axis, so that it stretches over a tensor; a single number stays one. A tensor
    /// of numbers for blocks along an axis has each of them as often as the block has places.
    private func along(_ row: ONNXValue, _ axis: Int?, of x: ONNXValue) throws -> ONNXValue {
        let block = node.integer("block_size", default: 0)
        if block > 0, row.rank == x.rank, x.rank > 0 { return try spread(row, over: block, of: x) }
        guard row.rank == 1, row.dims[0] > 1, x.rank > 0 else {
            return row.rank == 1 && row.dims[0] == 1 && !row.impliesFirstAxis
                ? try viewed(runtime(row), as: []) : row
        }
        let given = axis ?? node.integer("axis", default: 1), place = try node.axis(given, rank: x.rank)
        var dims = Array(repeating: 1, count: x.rank)
        dims[place] = row.dims[0]
        return try viewed(runtime(row), as: dims)
    }

    /// Numbers for blocks along the axis of the node, each for every place of its block.
    private func spread(_ row: ONNXValue, over block: Int, of x: ONNXValue) throws -> ONNXValue {
        let axis = try node.axis(default: 1, rank: x.rank), size = x.dims[axis]
        let block = min(block, size)
        var dims = x.dims
        dims[axis] = (size + block - 1) / max(block, 1)
        guard row.dims == dims else {
            throw ConvNetError(
                .shape,
                "There is not one scale for each block",
                expected: "\(dims), for blocks of \(block) of \(x.dims)",
                received: "\(row.dims)"
            )
        }
        let whole = try entire(row)
        let wide = try lowering.repeated(whole.value, repeats: block, axis: axis)
        guard wide.shape[axis] != size else { return result(wide, row.type) }
        let starts = x.dims.map { _ in 0 }
        return result(try lowering.slice(wide, startIndices: starts, shape: Shape(x.dims)), row.type)
    }

    /// The product of two tensors that stretch to one shape.
    func multiplied(_ x: ONNXValue, _ y: ONNXValue) throws -> ONNXValue {
        let operands = try stretched([x, y])
        return result(try lowering.multiply(operands.values[0], operands.values[1]), of: operands, .float)
    }

    /// A tensor times what stretches to it.
    fileprivate func scaled(_ x: ONNXValue, by scale: ONNXValue) throws -> ONNXValue {
        let operands = try stretchedToFirst([x, scale])
        return result(try lowering.multiply(operands.values[0], operands.values[1]), of: operands, .float)
    }

    /// Steps less those of the zero point.
    func shifted(_ x: ONNXValue, by zero: ONNXValue?, axis: Int?) throws -> ONNXValue {
        guard let zero else { return try runtime(x) }
        let operands = try stretchedToFirst([x, along(zero, axis, of: x)])
        return result(try lowering.subtract(operands.values[0], operands.values[1]), of: operands, .float)
    }

    /// The numbers that steps stand for.
    func dequantized(_ x: ONNXValue, scale: ONNXValue, zero: ONNXValue?, axis: Int? = nil) throws -> ONNXValue
    {
        let steps = try shifted(x, by: zero, axis: axis)
        return try scaled(steps, by: along(scale, axis, of: x))
    }

    /// The steps that stand for numbers, as an operator puts them out: of the type of the zero point, `uint8` without one.
    fileprivate func quantizedOutput(_ x: ONNXValue, scale: ONNXValue, zero: ONNXValue?) throws -> [ONNXValue]
    {
        [try quantized(x, scale: scale, zero: zero, zero?.type ?? .uint8)]
    }

    /// The steps that stand for numbers.
    func quantized(_ x: ONNXValue, scale: ONNXValue, zero: ONNXValue?, _ type: ONNXType) throws -> ONNXValue {
        guard type.isInteger else { throw node.unsupported("Steps of \(type.name)") }
        let limits = Float(type.limits.lowerBound)...Float(type.limits.upperBound)
        let values = try [x, along(scale, nil, of: x)] + (zero.map { [try along($0, nil, of: x)] } ?? [])
        let operands = try stretchedToFirst(values), hasZero = zero != nil
        let value = try combine(operands.values) { x in
            let step = (x[0] / x[1]).rounded(.toNearestOrEven) + (hasZero ? x[2] : 0)
            return min(max(step, limits.lowerBound), limits.upperBound)
        }
        return result(value, of: operands, type)
    }
}
