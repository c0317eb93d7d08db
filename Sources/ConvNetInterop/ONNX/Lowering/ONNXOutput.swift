/// Where a tensor of an ONNX graph leaves the model: its axes as the file has them.
///
/// Inputs: the tensor, and one that is batched, if the tensor is the same for all samples.
struct ONNXOutput: Layer {
    static let kind = "ONNXOutput"

    let name: String?
    let form: TensorForm
    /// Whether the first axis, of size 1, is the batch's.
    let dropsFirstAxis: Bool

    func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let context = NodeContext(
            ONNXNode(
                layer: ONNXOperator(
                    name: nil,
                    operatorType: Self.kind,
                    domain: "",
                    version: 0,
                    settings: NodeSettings(),
                    operands: [],
                    outputCount: 1,
                    samples: .single
                ),
                operands: []
            )
        )
        swap(&context.lowering, &lowering)
        defer { swap(&context.lowering, &lowering) }
        guard let input = inputs.first else {
            throw ConvNetError(.format, "An output of the graph reads nothing", expected: "a tensor")
        }
        try form.validate(for: input.shape)
        var tensor = try context.plain(ONNXValue(input, form))
        if dropsFirstAxis {
            let order = [Int].plain(tensor.rank)
            tensor = try context.formed(
                tensor,
                as: TensorForm(type: tensor.type, order: order, impliesFirstAxis: true)
            )
        }
        let value = tensor.value
        guard !value.type.isBatched, inputs.count > 1 else { return [value] }
        return try context.lowering.emit(ForEachSample(), value, inputs[1])
    }
}
