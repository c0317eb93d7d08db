/// A node with its operands at hand: what operators read their settings from.
struct ONNXNode {
    let layer: ONNXOperator
    let operands: [ONNXValue?]

    /// The version of the operators of the node's domain.
    var version: Int { layer.version }
    var settings: NodeSettings { layer.settings }

    /// All operands as literals, and `nil` for those that are left out, also at the end; `nil` if one is not known.
    var literals: [Literal?]? {
        var literals: [Literal?] = []
        for operand in operands {
            guard let operand else {
                literals.append(nil)
                continue
            }
            guard let literal = operand.literal else { return nil }
            literals.append(literal)
        }
        return literals + Array(repeating: nil, count: max(Self.operandCount - literals.count, 0))
    }

    /// More operands than an operator names one by one.
    private static let operandCount = 8

    /// An operand that is left out or there.
    func optional(_ index: Int) -> ONNXValue? { operands.indices.contains(index) ? operands[index] : nil }

    /// An operand that has to be there.
    func operand(_ index: Int) throws -> ONNXValue {
        guard let operand = optional(index) else {
            throw ConvNetError(.format, "The node lacks an operand", received: "no operand \(index)")
        }
        return operand
    }

    /// The elements of an operand that has to be known when a plan is made; `nil` if it is left out.
    func literal(_ index: Int) throws -> Literal? {
        guard let operand = optional(index) else { return nil }
        guard let literal = operand.literal else {
            throw ConvNetError(
                .argument,
                "An operand depends on data and has to be known before",
                at: "operand \(index)",
                expected: "a constant, or what follows from shapes",
                received: "a tensor of shape \(operand.dims) that is computed"
            )
        }
        return literal
    }

    /// The whole numbers of an operand, or, in files of older versions, of an attribute.
    func integers(_ index: Int, orAttribute name: String) throws -> [Int]? {
        try literal(index)?.integers ?? settings.integerLists[name]
    }

    func integer(_ name: String, default value: Int) -> Int { settings.integers[name] ?? value }
    func number(_ name: String, default value: Float) -> Float { settings.numbers[name] ?? value }
    func text(_ name: String, default value: String) -> String { settings.texts[name] ?? value }
    func integers(_ name: String) -> [Int]? { settings.integerLists[name] }

    /// An axis of a tensor, counted from 0; negative ones count from the last.
    func axis(_ axis: Int, rank: Int) throws -> Int {
        guard (-rank..<rank).contains(axis) else {
            throw ConvNetError(
                .shape,
                "There is no such axis",
                at: "axis",
                expected: "-\(rank)..<\(rank)",
                received: "\(axis)"
            )
        }
        return axis < 0 ? axis + rank : axis
    }

    /// An axis by its attribute.
    func axis(_ name: String = "axis", default value: Int, rank: Int) throws -> Int {
        try axis(integer(name, default: value), rank: rank)
    }

    /// An error that says what of the node is not supported.
    func unsupported(_ what: String) -> ConvNetError { ConvNetError(.argument, "\(what) is not supported") }
}
