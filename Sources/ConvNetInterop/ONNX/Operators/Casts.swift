/// Operators that give elements another type.
enum Casts {
    static let table: [String: OperatorDefinition] = [
        "Cast": OperatorDefinition(evaluate: { node, literals in
            let type = try target(node)
            return literals[0].map { [cast($0, to: type)] }
        }) { context in [try context.cast(context.node.operand(0), to: target(context.node))] },
        "CastLike": OperatorDefinition { context in
            [try context.cast(context.node.operand(0), to: context.node.operand(1).type)]
        },
    ]

    private static func target(_ node: ONNXNode) throws -> ONNXType {
        let code = node.integer("to", default: 1)
        guard let type = ONNXType(rawValue: code), type.isSupported else {
            throw node.unsupported("A cast to \(ONNXType(rawValue: code)?.name ?? "type \(code)")")
        }
        return type
    }

    private static func cast(_ x: Literal, to type: ONNXType) -> Literal {
        Literal(type, x.dims, x.numbers.map { number(in: type, of: x.type, $0) })
    }

    /// What a number becomes: whole numbers lose the fraction, truth values are 0 and 1.
    static func number(in type: ONNXType, of old: ONNXType, _ number: Double) -> Double {
        if type == .bool { return number == 0 ? 0 : 1 }
        if type.isInteger, old.isFloat { return number.isNaN ? 0 : number.rounded(.towardZero) }
        return number
    }
}

extension NodeContext {
    /// With elements of another type.
    func cast(_ x: ONNXValue, to type: ONNXType) throws -> ONNXValue {
        if let literal = x.literal {
            let numbers = literal.numbers.map { Casts.number(in: type, of: literal.type, $0) }
            return try lowering.literal(Literal(type, literal.dims, numbers))
        }
        let old = x.type
        guard type == .bool && old != .bool || type.isInteger && old.isFloat else { return x.typed(type) }
        let value = try map(runtime(x).value, derivative: { _ in 0 }) {
            Float(Casts.number(in: type, of: old, Double($0)))
        }
        return result(value, like: x, type: type)
    }
}
