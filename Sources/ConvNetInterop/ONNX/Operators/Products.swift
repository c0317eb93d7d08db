/// Matrix products.
enum Products {
    static let table: [String: OperatorDefinition] = [
        "MatMul": OperatorDefinition(weights: [1: OperatorDefinition.asIs]) { context in
            let x = try context.node.operand(0), y = try context.node.operand(1)
            return [try context.product(x, y)]
        },
        "Gemm": OperatorDefinition(
            weights: [
                1: { settings, rank in
                    settings.integers["transB"] == 1 && rank == 2 ? [1, 0] : .plain(rank)
                },
                2: OperatorDefinition.asIs,
            ]
        ) { context in
            let node = context.node
            var x = try node.operand(0), y = try node.operand(1)
            if node.integer("transA", default: 0) != 0 { x = try context.transposed(x) }
            if node.integer("transB", default: 0) != 0 { y = try context.transposed(y) }
            guard x.rank >= 2, y.rank == 2 else {
                throw node.unsupported("A product of matrices of the shapes \(x.dims) and \(y.dims)")
            }
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
            let operands = try context.stretchedToFirst([result, scaled])
            let sum = try context.lowering.add(operands.values[0], operands.values[1])
            return [context.result(sum, of: operands, result.type)]
        },
        "Einsum": OperatorDefinition { context in
            let text = context.node.text("equation", default: "")
            let operands = try context.node.operands.compactMap { $0 }.map {
                try context.entire($0, mixes: true)
            }
            guard let first = operands.first, let equation = EinsumEquation(text, ranks: operands.map(\.rank))
            else { throw context.node.unsupported("The equation \(text)") }
            return [context.result(try context.sum(equation, of: operands.map(\.value)), first.type)]
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

    /// Einstein's sum: one operand is joined to the other, and what nothing else names is summed up.
    fileprivate func sum(_ equation: EinsumEquation, of operands: [Value]) throws -> Value {
        // An axis of one element stretches to what others have.
        var terms = try zip(operands, equation.operands).map { value, letters -> (Value, [Character]) in
            let kept = letters.indices.filter { axis in
                let isStretched = zip(operands, equation.operands).contains { other, names in
                    names.firstIndex(of: letters[axis]).map { other.shape[$0] != 1 } ?? false
                }
                return value.shape[axis] != 1 || !isStretched
            }
            let shape = Shape(kept.map { value.shape[$0] })
            return (try lowering.view(value, as: shape), kept.map { letters[$0] })
        }[...]
        guard var (result, letters) = terms.popFirst() else { throw node.unsupported("No operand") }
        while let (value, names) = terms.popFirst() {
            let wanted = Set(equation.output).union(terms.flatMap { $0.1 })
            let both = letters + names.filter { !letters.contains($0) }
            let kept = terms.isEmpty ? equation.output : both.filter(wanted.contains)
            result = try lowering.contract(result, letters, value, names, to: kept)
            letters = kept
        }
        let lone = letters.indices.filter { !equation.output.contains(letters[$0]) }
        if !lone.isEmpty { result = try lowering.sum(result, axes: lone) }
        letters = letters.filter(equation.output.contains)
        let axes = equation.output.compactMap { letters.firstIndex(of: $0) }
        return axes == Array(axes.indices) ? result : try lowering.transpose(result, axes: axes)
    }

    /// A matrix whose rows are columns; nothing moves.
    func transposed(_ x: ONNXValue) throws -> ONNXValue {
        guard x.rank == 2 else { throw node.unsupported("A matrix of shape \(x.dims)") }
        let whole = try explicit(x, mixes: true)
        return ONNXValue(whole.value, x.type, order: whole.order.map { 1 - $0 }, impliesFirstAxis: false)
    }

    /// Each element times a number.
    func scaled(_ x: ONNXValue, by factor: Float) throws -> ONNXValue {
        let x = try runtime(x)
        return result(try lowering.multiply(x.value, factor), like: x)
    }
}
