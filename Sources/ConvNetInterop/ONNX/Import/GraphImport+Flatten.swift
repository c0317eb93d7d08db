/// Images that become rows of features.
extension GraphImport {
    /// Makes a Flatten or Reshape of an image to features a view of the image as it is inside, channels last, where all that reads
    /// the features are matrix products with weights: those keep their rows in that order, so that nothing moves at run time.
    ///
    /// - Returns: whether it is so.
    func addFlattened(_ node: NodeProto) throws -> Bool {
        guard ["Flatten", "Reshape"].contains(node.operatorType), !isOpen, depth == 0,
            let source = node.inputs.first, let name = node.outputs.first, let image = traced[source],
            image.value.rank > 2, image.value.order == .channelsLast(image.value.rank),
            image.value.impliesFirstAxis, image.value.value.type.isBatched,
            try isFlat(node, image.value.dims), feedsProducts(name)
        else { return false }
        let choice = CatalogueLayer(layer: { Flatten(name: $0) }, order: image.value.order)
        let (made, _) = try apply(choice, to: [source], label: node.label, nil)
        let value = ONNXValue(made.value.value, image.value.type, order: [0, 1], impliesFirstAxis: true)
        traced[name] = Traced(output: made.output, value: value, origins: image.origins)
        flattened[name] = Array(image.value.dims.dropFirst())
        return true
    }

    /// Whether a node makes one axis of all but the first.
    private func isFlat(_ node: NodeProto, _ dims: [Int]) throws -> Bool {
        if node.operatorType == "Flatten" { return node.attribute("axis").map { $0.integer == 1 } ?? true }
        guard node.inputs.count > 1, let target = try known[node.inputs[1]]?.literal(in: folder).integers,
            target.count == 2, rule != .strict || target[0] <= 0,
            node.attribute("allowzero")?.integer ?? 0 == 0 || !target.contains(0)
        else { return false }
        let features = dims.dropFirst().reduce(1, *)
        return [0, 1, -1].contains(target[0]) && [features, -1].contains(target[1])
            && !(target[0] == -1 && target[1] == -1)
    }

    /// Whether a tensor is read, and only by matrix products with weights that nothing else reads.
    private func feedsProducts(_ name: String) -> Bool {
        guard !file.graph.outputs.contains(where: { $0.name == name }) else { return false }
        var count = 0
        for node in file.graph.nodes {
            if node.attributes.contains(where: { $0.graph != nil }) { return false }
            guard node.inputs.contains(name) else { continue }
            guard node.domain.isEmpty || node.domain == "ai.onnx",
                ["Gemm", "MatMul"].contains(node.operatorType), node.inputs.count > 1,
                node.inputs[0] == name, !node.inputs.dropFirst().contains(name),
                node.attribute("transA")?.integer ?? 0 == 0,
                let weight = known[node.inputs[1]], weight.isInitializer, weight.type.isFloat,
                weight.dims.count == 2,
                !sharedWeights.contains(node.inputs[1])
            else { return false }
            count += 1
        }
        return count > 0
    }
}
