/// Operators that make tensors from shapes and numbers.
enum Generators {
    static let table: [String: OperatorDefinition] = [
        "Constant": OperatorDefinition(known: .all) { [try $0.lowering.literal(constant($0.node))] },
        "ConstantOfShape": OperatorDefinition(known: .all) { context in
            let dims = try context.node.literal(0)?.integers ?? []
            let count = try requireCount(dims, context.node)
            let value = context.node.settings.literals["value"] ?? Literal(.float, [1], [0])
            let numbers = Array(repeating: value.numbers.first ?? 0, count: count)
            return [try context.lowering.literal(Literal(value.type, dims, numbers))]
        },
        "Range": OperatorDefinition(known: .all) { context in
            guard let start = try context.node.literal(0), let end = try context.node.literal(1),
                let step = try context.node.literal(2), let first = start.numbers.first,
                let last = end.numbers.first,
                let delta = step.numbers.first, delta != 0
            else { throw context.node.unsupported("A range without end") }
            let count = max(Literal.integer(((last - first) / delta).rounded(.up)), 0)
            _ = try requireCount([count], context.node)
            return [
                try context.lowering.literal(
                    Literal(start.type, [count], (0..<count).map { first + Double($0) * delta })
                )
            ]
        },
        "EyeLike": OperatorDefinition { context in
            let x = try context.node.operand(0), dims = x.dims, shift = context.node.integer("k", default: 0)
            guard dims.count == 2 else { throw context.node.unsupported("A shape of \(dims.count) axes") }
            let type = ONNXType(rawValue: context.node.integer("dtype", default: x.type.rawValue)) ?? x.type
            let count = try requireCount(dims, context.node)
            let numbers = (0..<count).map { $0 % dims[1] - $0 / dims[1] == shift ? 1.0 : 0 }
            return [try context.lowering.literal(Literal(type, dims, numbers))]
        },
        "OneHot": OperatorDefinition(known: .only([1, 2])) { context in
            let x = try context.entire(context.node.operand(0))
            guard let depth = try context.node.literal(1)?.integers.first, depth > 0,
                let values = try context.node.literal(2), values.count == 2
            else { throw context.node.unsupported("A depth of 0") }
            let axis = try context.node.axis(default: -1, rank: x.rank + 1)
            let dims = Array(x.dims[..<axis]) + [depth] + Array(x.dims[axis...])
            try context.requireMemory(dims)
            let inner = x.dims[axis...].reduce(1, *), outer = x.dims[..<axis].reduce(1, *)
            let (off, on) = (values.floats[0], values.floats[1])
            let op = PlainOperator(outputs: [Shape(dims)], backward: .constant([0])) { memory in
                for place in 0..<(outer * depth * inner) {
                    let index = memory.inputs[0][place / (depth * inner) * inner + place % inner]
                    let row = Float(place / inner % depth)
                    memory.outputs[0][place] = (index < 0 ? index + Float(depth) : index) == row ? on : off
                }
            }
            return [context.result(try context.lowering.emit(op, x.value)[0], values.type)]
        },
    ]

    /// The tensor of a Constant node.
    static func constant(_ node: ONNXNode) throws -> Literal {
        let settings = node.settings
        if let value = settings.literals["value"] { return value }
        if let value = settings.numbers["value_float"] { return Literal(.float, [], [Double(value)]) }
        if let value = settings.integers["value_int"] { return Literal(.int64, [], [Double(value)]) }
        if let values = settings.numberLists["value_floats"] {
            return Literal(.float, [values.count], values.map(Double.init))
        }
        if let values = settings.integerLists["value_ints"] { return Literal(values) }
        throw node.unsupported("A constant of texts or of a sparse tensor")
    }

    /// The number of elements, if it is no more than is made when a plan is.
    private static func requireCount(_ dims: [Int], _ node: ONNXNode) throws -> Int {
        let count = try Shape(Literal.checked(dims, as: node.layer.operatorType)).elementCount
        guard count <= Literal.countLimit else {
            throw ConvNetError(
                .argument,
                "A constant is too large",
                expected: "at most \(Literal.countLimit) elements",
                received: "\(count), of \(dims)"
            )
        }
        return count
    }
}
