import Foundation

/// Arithmetic of two operands, and sums of several.
enum Arithmetic {
    static let table: [String: OperatorDefinition] = [
        "Add": binary({ $0 + $1 }) { try $0.lowering.add($1, $2) },
        "Sub": binary({ $0 - $1 }) { try $0.lowering.subtract($1, $2) },
        "Mul": binary({ $0 * $1 }) { try $0.lowering.multiply($1, $2) },
        "Div": OperatorDefinition(evaluate: folded(divide)) { context in
            let operands = try context.stretched([context.node.operand(0), context.node.operand(1)])
            let type = try context.node.operand(0).type
            let quotient = try context.lowering.divide(operands.values[0], operands.values[1])
            let value = type.isInteger ? try context.map(quotient) { $0.rounded(.towardZero) } : quotient
            return [context.result(value, of: operands, type)]
        },
        "Pow": binary({ Foundation.pow($0, $1) }) { try $0.power($1, $2) },
        "Mod": OperatorDefinition(evaluate: {
            try folded(modulo(isC: $0.integer("fmod", default: 0) == 1))($0, $1)
        }) {
            let isC = $0.node.integer("fmod", default: 0) == 1, isFloat = try $0.node.operand(0).type.isFloat
            // The derivatives of C's remainder, which is that of numbers with a fraction.
            let derivatives: [NodeContext.Derivative] = [
                { _ in 1 }, { -($0[0] / $0[1]).rounded(.towardZero) },
            ]
            return try $0.elementwise(derivatives: isFloat ? derivatives : nil, modulo(isC: isC))
        },
        "Max": several({ Swift.max($0, $1) }) { try $0.lowering.maximum($1, $2) },
        "Min": several({ Swift.min($0, $1) }) { try $0.lowering.minimum($1, $2) },
        "Sum": several({ $0 + $1 }) { try $0.lowering.add($1, $2) },
        "Mean": OperatorDefinition { context in
            let sum = try joined(context) { try $0.lowering.add($1, $2) }
            let share = 1 / Float(context.node.operands.count)
            return [context.result(try context.lowering.multiply(sum.value, share), like: sum)]
        },
        "BitShift": OperatorDefinition(evaluate: { try folded(shift($0))($0, $1) }) {
            try $0.elementwise(shift($0.node))
        },
    ]

    /// An operator with an emitter, and what it is for known operands.
    private static func binary(
        _ function: @escaping @Sendable (Double, Double) -> Double,
        _ emit: @escaping @Sendable (NodeContext, Value, Value) throws -> Value
    ) -> OperatorDefinition {
        OperatorDefinition(
            evaluate: folded { x, y, type in
                type.isFloat ? function(x, y) : function(x, y).rounded(.towardZero)
            }
        ) { context in
            let first = try context.node.operand(0)
            let operands = try context.stretched([first, context.node.operand(1)])
            return [
                context.result(
                    try emit(context, operands.values[0], operands.values[1]),
                    of: operands,
                    first.type
                )
            ]
        }
    }

    private static func several(
        _ function: @escaping @Sendable (Double, Double) -> Double,
        _ emit: @escaping @Sendable (NodeContext, Value, Value) throws -> Value
    ) -> OperatorDefinition {
        OperatorDefinition(evaluate: { _, literals in
            let all = literals.compactMap { $0 }
            guard var result = all.first else { return nil }
            for literal in all.dropFirst() {
                guard
                    let next = try stretch(result, literal, type: result.type, { x, y, _ in function(x, y) })
                else {
                    return nil
                }
                result = next
            }
            return [result]
        }) { context in [try joined(context, emit)] }
    }

    /// All operands, one joined to the other.
    private static func joined(
        _ context: NodeContext,
        _ emit: (NodeContext, Value, Value) throws -> Value
    ) throws -> ONNXValue {
        var result = try context.runtime(context.node.operand(0))
        for index in context.node.operands.indices.dropFirst() {
            let operands = try context.stretched([result, context.node.operand(index)])
            let value = try emit(context, operands.values[0], operands.values[1])
            result = context.result(value, of: operands, result.type)
        }
        return result
    }

    /// A function of two known operands.
    static func folded(
        _ function: @escaping @Sendable (Double, Double, ONNXType) -> Double
    ) -> OperatorDefinition.Evaluate {
        { _, literals in
            guard let x = literals[0], let y = literals[1] else { return nil }
            return try stretch(x, y, type: x.type, function).map { [$0] }
        }
    }

    /// A function of the elements of two known operands, which stretch to one shape; `nil` if that is too large.
    static func stretch(
        _ x: Literal,
        _ y: Literal,
        type: ONNXType,
        _ function: (Double, Double, ONNXType) -> Double
    ) throws -> Literal? {
        let dims = try NodeContext.stretchedDims([x.dims, y.dims])
        guard Shape(dims).elementCount <= Literal.countLimit else { return nil }
        let first = Literal.places(dims, Literal.stretched(x.dims, to: dims))
        let second = Literal.places(dims, Literal.stretched(y.dims, to: dims))
        return Literal(type, dims, zip(first, second).map { function(x.numbers[$0], y.numbers[$1], x.type) })
    }

    private static let divide: @Sendable (Double, Double, ONNXType) -> Double = { x, y, type in
        // What a machine does with a division of whole numbers by 0 is its own matter.
        type.isFloat ? x / y : y == 0 ? 0 : (x / y).rounded(.towardZero)
    }

    /// The remainder, with the sign of the divisor; C's has that of the dividend.
    private static func modulo(isC: Bool) -> @Sendable (Double, Double, ONNXType) -> Double {
        { x, y, type in
            if isC || type.isFloat { return fmod(x, y) }
            return y == 0 ? 0 : x - y * (x / y).rounded(.down)
        }
    }

    private static func shift(_ node: ONNXNode) -> @Sendable (Double, Double, ONNXType) -> Double {
        let isLeft = node.text("direction", default: "") == "LEFT"
        return { x, y, type in isLeft ? (x * exp2(y)) : (x / exp2(y)).rounded(.down) }
    }
}

extension NodeContext {
    /// A function of each element, with its derivative if it has one, and the operator of ONNX that it is written as.
    func map(
        _ value: Value,
        derivative: (@Sendable (Float) -> Float)? = nil,
        origin: MapElements.Origin? = nil,
        _ function: @escaping @Sendable (Float) -> Float
    ) throws -> Value {
        try lowering.emit(MapElements(function, derivative: derivative, origin: origin), value)[0]
    }

    /// A function of the elements of the first two operands, with its derivatives with respect to both if it has some.
    func elementwise(
        type: ONNXType? = nil,
        derivatives: [NodeContext.Derivative]? = nil,
        _ function: @escaping @Sendable (Double, Double, ONNXType) -> Double
    ) throws -> [ONNXValue] {
        let first = try node.operand(0), own = first.type
        let operands = try stretched([first, node.operand(1)])
        let value = try combine(operands.values, derivatives: derivatives) { x in
            Float(function(Double(x[0]), Double(x[1]), own))
        }
        return [result(value, of: operands, type ?? own)]
    }

    /// The derivative of a function of several elements with respect to one of them.
    typealias Derivative = @Sendable (UnsafePointer<Float>) -> Float

    /// A function of the elements at the same place of some values that stretch to one shape.
    ///
    /// - Parameter derivatives: its derivatives with respect to each; `nil` if there is no backward pass.
    func combine(
        _ values: [Value],
        derivatives: [Derivative]? = nil,
        _ function: @escaping @Sendable (UnsafePointer<Float>) -> Float
    ) throws -> Value {
        let dims = try Self.stretchedDims(values.map(\.shape.dimensions))
        let shape = try Shape(Literal.checked(dims, as: "output")), count = values.count
        let maps = values.map { StretchedPlaces($0.shape.dimensions, to: dims) }
        let backward = derivatives.map { derivatives in
            PlainOperator.Backward(Set(values.indices)) { gradients in
                for place in 0..<shape.elementCount {
                    for operand in 0..<count {
                        gradients.scratch[operand] = gradients.inputs[operand][maps[operand][place]]
                    }
                    for operand in 0..<count {
                        guard let target = gradients.operands[operand] else { continue }
                        let slope = derivatives[operand](UnsafePointer(gradients.scratch))
                        target[maps[operand][place]] += slope * gradients.output[place]
                    }
                }
            }
        }
        let op = PlainOperator(outputs: [shape], scratch: count, backward: backward) { memory in
            for place in 0..<shape.elementCount {
                for operand in 0..<count {
                    memory.scratch[operand] = memory.inputs[operand][maps[operand][place]]
                }
                memory.outputs[0][place] = function(UnsafePointer(memory.scratch))
            }
        }
        return try lowering.emit(op, values)[0]
    }

    /// A power, by the faster function where the exponent is one number.
    func power(_ x: Value, _ y: Value) throws -> Value {
        if let exponent = y.constant?.floats, exponent.count == 1, y.shape.rank <= x.shape.rank {
            return try lowering.power(x, exponent[0])
        }
        return try lowering.power(x, y)
    }
}
