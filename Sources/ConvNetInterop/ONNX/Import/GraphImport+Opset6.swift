/// Files of opset 6, which are read where their nodes mean the same as in opset 7.
extension GraphImport {
    /// Operators whose second operand opset 6 can align with any axis of the first one, rather than with the last.
    private static let aligned: Set<String> = [
        "Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal", "Greater", "Less",
    ]

    /// What a node of opset 6 means other than in opset 7; `nil` if nothing.
    func olderMeaning(of node: NodeProto) -> String? {
        guard file.proto.operatorSets[""] ?? 1 < 7, node.domain.isEmpty || node.domain == "ai.onnx" else {
            return nil
        }
        let isAligned = Self.aligned.contains(node.operatorType) && node.inputs.count == 2
        if isAligned, let axis = node.attribute("axis")?.integer {
            let ranks = node.inputs.map { known[$0]?.dims.count ?? traced[$0]?.value.rank ?? 0 }
            guard Int(axis) != ranks[0] - ranks[1] else { return nil }
            return
                "Operands that align at axis \(axis) are of opset 6: convert the file with onnx.version_converter"
        }
        if node.operatorType == "BatchNormalization", node.attribute("is_test")?.integer ?? 0 == 0 {
            return "A normalization in training mode, of opset 6, is not supported"
        }
        return nil
    }
}
