/// Quantised operators of ONNX Runtime's domain that do what an operator of ONNX does: on the numbers that steps stand for, whose result
/// becomes steps again.
enum QuantizedElements {
    /// The domain, as the table has it before names.
    private static let domain = "com.microsoft:"

    static let table: [String: OperatorDefinition] = [
        "\(domain)QLinearSigmoid": wrapped("Sigmoid"),
        "\(domain)QLinearLeakyRelu": wrapped("LeakyRelu"),
        "\(domain)QLinearAveragePool": wrapped("AveragePool"),
        "\(domain)QLinearSoftmax": wrapped("Softmax"),
        "\(domain)QLinearConcat": OperatorDefinition { context in
            let node = context.node
            guard node.operands.count > 2, (node.operands.count - 2).isMultiple(of: 3) else {
                throw ConvNetError(
                    .format,
                    "Each tensor that is joined has a scale and a zero point",
                    expected: "2 operands, and 3 for each tensor",
                    received: "\(node.operands.count) operands"
                )
            }
            let tensors = try stride(from: 2, to: node.operands.count, by: 3).map {
                try context.numbers(of: $0)
            }
            return try context.quantised(context.applied("Concat", to: tensors), scale: 0)
        },
        "\(domain)QLinearWhere": OperatorDefinition { context in
            let choice = try context.node.operand(0)
            let tensors = try [choice, context.numbers(of: 1), context.numbers(of: 4)]
            return try context.quantised(context.applied("Where", to: tensors), scale: 7)
        },
    ]

    /// Operators that have the same meaning as ONNX' own: ONNX Runtime writes them for steps of 16 bits in files of older versions.
    static let standard: [String: OperatorDefinition] = ["QuantizeLinear", "DequantizeLinear"].reduce(
        into: [:]
    ) { $0["\(domain)\($1)"] = Quantization.table[$1] }

    /// An operator of one quantised tensor.
    private static func wrapped(_ type: String) -> OperatorDefinition {
        OperatorDefinition { context in
            guard context.node.integer("channels_last", default: 0) == 0 else {
                throw context.node.unsupported("channels_last")
            }
            return try context.quantised(context.applied(type, to: [context.numbers(of: 0)]), scale: 3)
        }
    }
}

extension NodeContext {
    /// The numbers that an operand stands for; its scale and its zero point follow it.
    fileprivate func numbers(of operand: Int) throws -> ONNXValue {
        try dequantized(
            node.operand(operand),
            scale: node.operand(operand + 1),
            zero: node.optional(operand + 2)
        )
    }

    /// The steps that stand for the one result: of the type of the zero point, which follows the scale, `uint8` without one.
    fileprivate func quantised(_ results: [ONNXValue], scale: Int) throws -> [ONNXValue] {
        let zero = node.optional(scale + 1)
        return try results.prefix(1).map {
            try quantized($0, scale: node.operand(scale), zero: zero, zero?.type ?? .uint8)
        }
    }

    /// What an operator of ONNX' own makes of other operands, with the attributes of this node.
    fileprivate func applied(_ type: String, to operands: [ONNXValue]) throws -> [ONNXValue] {
        guard let definition = ONNXOperatorTable[type, ""] else {
            throw ConvNetError(.argument, "There is no such operator", received: type)
        }
        let own = node.layer
        var settings = own.settings
        // Softmax counts axes by a version that the node says, and from the last one unless it says more.
        if type == "Softmax", settings.integers["axis"] == nil { settings.integers["axis"] = -1 }
        let layer = ONNXOperator(
            name: own.name,
            operatorType: type,
            domain: "",
            version: node.integer("opset", default: own.version),
            settings: settings,
            operands: [],
            outputCount: 1,
            samples: own.samples
        )
        let inner = NodeContext(ONNXNode(layer: layer, operands: operands))
        swap(&inner.lowering, &lowering)
        defer { swap(&inner.lowering, &lowering) }
        return try definition.lower(inner)
    }
}
