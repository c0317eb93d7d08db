/// Matrix products.
enum Products {
    static let table: [String: OperatorDefinition] = [
        "MatMul": OperatorDefinition(weights: [1: OperatorDefinition.asIs]) { context in
            let x = try context.node.operand(0), y = try context.node.operand(1)
            return [try context.product(x, y)]
        },
        "Gemm": OperatorDefinition(
            weights: [
                1: { settings, rank in settings.integers["transB"] == 1 ? [1, 0] : .plain(rank) },
                2: OperatorDefinition.asIs,
            ]
        ) { context in
            let node = context.node
            var x = try node.operand(0), y = try node.operand(1)
            if node.integer("transA", default: 0) != 0 { x = try context.transposed(x) }
            if node.integer("transB", default: 0) != 0 { y = try context.transposed(y) }
            let alpha = node.number("alpha", default: 1), beta = node.number("beta", default: 1)
            let bias = node.optional(2)
            // As a dense layer has it.
            if alpha == 1, beta == 1, let bias, !bias.value.type.isBatched, bias.dims.last == y.dims.last,
                bias.dims.dropLast().allSatisfy({ $0 == 1 }), !y.value.type.isBatched, y.dims[1] > 0
            {
                let rows = try context.plain(x)
                let kernel = try context.arranged(y, [0, 1]).value
                let row = try context.lowering.view(context.plain(bias).value, as: [y.dims[1]])
                let value = try context.lowering.emit(Linear(hasBias: true), rows.value, kernel, row)[0]
                return [context.result(value, like: rows)]
            }
            var result = try context.product(x, y)
            if alpha != 1 {
                result = context.result(try context.lowering.multiply(result.value, alpha), like: result)
            }
            guard let bias, beta != 0 else { return [result] }
            let scaled = beta == 1 ? bias : try context.scaled(bias, by: beta)
            let operands = try context.stretched([result, scaled])
            let sum = try context.lowering.add(operands.values[0], operands.values[1])
            return [context.result(sum, of: operands, result.type)]
        },
        "Einsum": OperatorDefinition { context in
            let equation = context.node.text("equation", default: "").filter { $0 != " " }
            let operands = try context.node.operands.compactMap { $0 }.map {
                try context.entire($0, mixes: true)
            }
            let sides = equation.split(separator: "-", omittingEmptySubsequences: false)
            let names = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
            guard !equation.contains("."), names.count == operands.count, (1...2).contains(names.count),
                names.allSatisfy({ Set($0).count == $0.count })
            else { throw context.node.unsupported("The equation \(equation)") }
            let all = names.joined()
            let output =
                sides.count > 1
                ? Array(sides[1].dropFirst())
                : Set(all).filter { letter in all.filter { $0 == letter }.count == 1 }.sorted()
            if names.count == 2 {
                let value = try context.lowering.contract(
                    operands[0].value,
                    names[0],
                    operands[1].value,
                    names[1],
                    to: output
                )
                return [context.result(value, operands[0].type)]
            }
            let lone = names[0].indices.filter { !output.contains(names[0][$0]) }
            let kept = names[0].filter(output.contains)
            let sum =
                lone.isEmpty ? operands[0].value : try context.lowering.sum(operands[0].value, axes: lone)
            let value = try context.lowering.transpose(
                sum,
                axes: output.compactMap { kept.firstIndex(of: $0) }
            )
            return [context.result(value, operands[0].type)]
        },
    ]
}

extension NodeContext {
    /// The matrix product of two tensors, with NumPy's rules for their axes.
    func product(_ x: ONNXValue, _ y: ONNXValue) throws -> ONNXValue {
        let type = x.type
        // A matrix that all samples share.
        if !y.value.type.isBatched, y.rank == 2, x.rank >= 2 {
            let rows = try plain(x), kernel = try plain(y)
            let value = try lowering.emit(Linear(hasBias: false), rows.value, kernel.value)[0]
            return result(value, like: rows)
        }
        if x.rank == y.rank, x.rank >= 3, x.dims[0] == 1, y.dims[0] == 1,
            x.impliesFirstAxis || y.impliesFirstAxis
        {
            let first = try implied(plain(x)), second = try implied(plain(y))
            if first.impliesFirstAxis, second.impliesFirstAxis {
                let value = try lowering.matmul(first.value, second.value)
                return ONNXValue(value, type, order: .plain(x.rank), impliesFirstAxis: true)
            }
        }
        return result(try lowering.matmul(entire(x).value, entire(y).value), type)
    }

    /// A matrix whose rows are columns; nothing moves.
    func transposed(_ x: ONNXValue) throws -> ONNXValue {
        let whole = try explicit(x, mixes: true)
        return ONNXValue(whole.value, x.type, order: whole.order.map { 1 - $0 }, impliesFirstAxis: false)
    }

    /// Each element times a number.
    func scaled(_ x: ONNXValue, by factor: Float) throws -> ONNXValue {
        let x = try runtime(x)
        return result(try lowering.multiply(x.value, factor), like: x)
    }
}
