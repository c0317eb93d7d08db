/// Products of a tensor with its sigmoid: before opset 24 ONNX has no other form of SiLU.
extension GraphImport {
    /// Makes such a product one activation, which the engine computes with the layer before it. The sigmoid is left out of the model,
    /// unless something else reads it.
    ///
    /// - Returns: whether the node is one.
    func addSwish(_ node: NodeProto) throws -> Bool {
        guard node.operatorType == "Mul", node.domain.isEmpty || node.domain == "ai.onnx",
            node.inputs.count == 2, let name = node.outputs.first,
            let source = source(node.inputs[0], node.inputs[1]) ?? source(node.inputs[1], node.inputs[0]),
            let x = traced[source]
        else { return false }
        let choice = CatalogueLayer(layer: { Activation(.silu, name: $0) }, order: x.value.order)
        let (made, _) = try apply(choice, to: [source], label: node.label, nil)
        traced[name] = Traced(output: made.output, value: made.value, origins: x.origins)
        return true
    }

    /// The first tensor, if the second is its sigmoid.
    private func source(_ name: String, _ sigmoid: String) -> String? {
        sigmoids[sigmoid] == name ? name : nil
    }
}
