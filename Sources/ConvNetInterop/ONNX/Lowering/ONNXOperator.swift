/// A node of an ONNX file as a layer: what no layer of the catalogue means.
///
/// What it computes is `ONNXOperatorTable`'s matter. Weights that the file has are parameters of the layer.
struct ONNXOperator: Layer {
    static let kind = "ONNXOperator"

    /// Where an operand of the node comes from.
    enum Operand: Codable, Sendable, Hashable {
        /// From the next input of the layer.
        case input(TensorForm)
        /// From a parameter of the layer: its name, ONNX' shape, the order in which axes are kept, and whether it learns.
        case parameter(name: String, dims: [Int], order: [Int], isTrainable: Bool)
        /// From the file.
        case literal(Literal)
        /// It is left out.
        case absent
    }

    var name: String?
    /// ONNX' name of the operator, and its domain: "" is ONNX' own.
    let operatorType: String
    var domain: String
    /// The version of the domain.
    let version: Int
    let settings: NodeSettings
    var operands: [Operand]
    /// How many outputs the node has; the last ones may be left out.
    let outputCount: Int
    let samples: SampleRule
    /// The forms of the outputs that the next layers reckon with; `nil` while the graph is read, and then they are what they turn out to be.
    ///
    /// At other sizes of open axes an operator may keep its outputs in another form: where an axis happens to have size 1, for one.
    var forms: [TensorForm]?

    func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try outputs(inputs, in: &lowering).map(\.value)
    }

    /// The outputs, and what the next layers have to know of them.
    func outputs(_ inputs: [Value], in lowering: inout Lowering) throws -> [ONNXValue] {
        let found = try computed(inputs, in: &lowering)
        guard let forms, zip(found, forms).contains(where: { !$0.form.hasAxes(of: $1) }) else { return found }
        for form in forms { try form.validate() }
        let context = NodeContext(ONNXNode(layer: self, operands: []))
        swap(&context.lowering, &lowering)
        defer { swap(&context.lowering, &lowering) }
        return try zip(found, forms).map { try context.formed($0, as: $1) }
    }

    private func computed(_ inputs: [Value], in lowering: inout Lowering) throws -> [ONNXValue] {
        guard let definition = ONNXOperatorTable[operatorType, domain] else {
            throw ConvNetError(.argument, "There is no such operator", received: "\(domain) \(operatorType)")
        }
        var rest = inputs[...]
        let operands = try operands.map { operand -> ONNXValue? in
            switch operand {
            case .input(let form):
                guard let value = rest.popFirst() else { return nil }
                try form.validate(for: value.shape)
                return ONNXValue(value, form)
            case .parameter(let name, let dims, let order, let isTrainable):
                try TensorForm(type: .float, order: order, impliesFirstAxis: false).validate(for: Shape(dims))
                let shape = Shape(order.map { dims[$0] })
                let spec = ParameterSpec(name, shape: shape, initializer: .zeros, isTrainable: isTrainable)
                let value = try lowering.parameter(spec)
                return ONNXValue(value, .float, order: order, impliesFirstAxis: false)
            case .literal(let literal): return try lowering.literal(literal)
            case .absent: return nil
            }
        }
        let node = ONNXNode(layer: self, operands: operands)
        if let evaluate = definition.evaluate, let literals = node.literals,
            let known = try evaluate(node, literals)
        {
            return try known.map { try lowering.literal($0) }
        }
        let context = NodeContext(node)
        swap(&context.lowering, &lowering)
        defer { swap(&context.lowering, &lowering) }
        let outputs = try definition.lower(context)
        guard outputCount >= 1, outputs.count >= outputCount else {
            throw ConvNetError(
                .argument,
                "An output of the node is not supported",
                expected: "\(outputs.count) outputs",
                received: "\(outputCount)"
            )
        }
        for output in outputs { try output.form.validate(for: output.value.shape) }
        return Array(outputs.prefix(outputCount))
    }
}

extension Lowering {
    /// A literal as a constant.
    mutating func literal(_ literal: Literal) throws -> ONNXValue {
        ONNXValue(
            constant(try literal.constant()),
            literal.type,
            order: .plain(literal.dims.count),
            impliesFirstAxis: false
        )
    }
}
