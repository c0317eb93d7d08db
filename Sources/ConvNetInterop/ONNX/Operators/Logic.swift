/// Comparisons, truth values and choices.
enum Logic {
    static let table: [String: OperatorDefinition] = [
        "Equal": compare { $0 == $1 }, "Greater": compare { $0 > $1 }, "Less": compare { $0 < $1 },
        "GreaterOrEqual": compare { $0 >= $1 }, "LessOrEqual": compare { $0 <= $1 },
        "And": compare { $0 != 0 && $1 != 0 }, "Or": compare { $0 != 0 || $1 != 0 },
        "Xor": compare { ($0 != 0) != ($1 != 0) },
        "Not": test { $0 == 0 }, "IsNaN": test { $0.isNaN },
        "IsInf": OperatorDefinition(evaluate: { node, literals in
            let isInfinite = infinite(node)
            return literals[0].map { [Literal(.bool, $0.dims, $0.numbers.map { isInfinite($0) ? 1 : 0 })] }
        }) { context in
            let x = try context.runtime(context.node.operand(0)), isInfinite = infinite(context.node)
            let value = try context.map(x.value, derivative: { _ in 0 }) { isInfinite(Double($0)) ? 1 : 0 }
            return [context.result(value, like: x, type: .bool)]
        },
        "Where": OperatorDefinition(evaluate: { _, literals in
            guard let choice = literals[0], let first = literals[1], let second = literals[2] else {
                return nil
            }
            let dims = try NodeContext.stretchedDims([choice.dims, first.dims, second.dims])
            guard Shape(dims).elementCount <= Literal.countLimit else { return nil }
            let places = [choice, first, second].map {
                Literal.places(dims, Literal.stretched($0.dims, to: dims))
            }
            return [
                Literal(
                    first.type,
                    dims,
                    places[0].indices.map { index in
                        choice.numbers[places[0][index]] != 0
                            ? first.numbers[places[1][index]] : second.numbers[places[2][index]]
                    }
                )
            ]
        }) { context in
            let values = try (0..<3).map { try context.node.operand($0) }
            let operands = try context.stretched(values)
            let derivatives: [NodeContext.Derivative] = [
                { _ in 0 }, { $0[0] != 0 ? 1 : 0 }, { $0[0] != 0 ? 0 : 1 },
            ]
            let value = try context.combine(operands.values, derivatives: derivatives) {
                $0[0] != 0 ? $0[1] : $0[2]
            }
            return [context.result(value, of: operands, values[1].type)]
        },
    ]

    private static func compare(_ test: @escaping @Sendable (Double, Double) -> Bool) -> OperatorDefinition {
        OperatorDefinition(evaluate: { _, literals in
            guard let x = literals[0], let y = literals[1] else { return nil }
            return try Arithmetic.stretch(x, y, type: .bool) { x, y, _ in test(x, y) ? 1 : 0 }.map { [$0] }
        }) { context in
            // What a choice is made by gets gradients of 0.
            try context.elementwise(type: .bool, derivatives: [{ _ in 0 }, { _ in 0 }]) { x, y, _ in
                test(x, y) ? 1 : 0
            }
        }
    }

    private static func test(_ test: @escaping @Sendable (Double) -> Bool) -> OperatorDefinition {
        OperatorDefinition(evaluate: { _, literals in
            literals[0].map { [Literal(.bool, $0.dims, $0.numbers.map { test($0) ? 1 : 0 })] }
        }) { context in
            let x = try context.runtime(context.node.operand(0))
            let value = try context.map(x.value, derivative: { _ in 0 }) { test(Double($0)) ? 1 : 0 }
            return [context.result(value, like: x, type: .bool)]
        }
    }

    private static func infinite(_ node: ONNXNode) -> @Sendable (Double) -> Bool {
        let positive = node.integer("detect_positive", default: 1) != 0
        let negative = node.integer("detect_negative", default: 1) != 0
        return { $0.isInfinite && ($0 > 0 ? positive : negative) }
    }
}
