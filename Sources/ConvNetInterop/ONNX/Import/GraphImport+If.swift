extension GraphImport {
    /// The branch that an If takes, in its place: its condition has to be known once shapes are.
    func addBranch(of node: NodeProto) throws {
        guard let name = node.inputs.first, known[name] != nil || traced[name] != nil else { return }
        let found =
            try known[name]?.literal(in: folder).numbers.first ?? traced[name]?.value.literal?.numbers.first
        guard let found else {
            return refuse(node.label, node.operatorType, "The condition depends on data")
        }
        guard !followsFromBatchSize(name) else {
            return refuse(node.label, node.operatorType, "The condition depends on the size of the batch")
        }
        let condition = found != 0
        guard let branch = node.attribute(condition ? "then_branch" : "else_branch")?.graph else {
            return refuse(node.label, node.operatorType, "The node lacks a branch")
        }
        try addInitializers(of: branch)
        for inner in branch.nodes { try add(inner) }
        for (outer, inner) in zip(node.outputs, branch.outputs) where !outer.isEmpty {
            copyBatchSize(from: inner.name, to: outer)
            // A condition that is traced has to be what it is now at other sizes of open axes, too.
            if let tensor = traced[name] {
                try addBranch(outer, of: inner.name, tensor, isTrue: condition)
            } else {
                known[outer] = known[inner.name]
                traced[outer] = traced[inner.name]
            }
        }
    }

    /// A result of a branch, with a check that the condition stays what it is.
    private func addBranch(_ outer: String, of inner: String, _ condition: Traced, isTrue: Bool) throws {
        if let tensor = known[inner], traced[inner] == nil {
            var layer = operatorLayer("Identity", NodeSettings(), 1)
            layer.operands = [.literal(try tensor.literal(in: folder))]
            let output = try lower(layer, [], label: "\(inner)_constant")[0]
            traced[inner] = Traced(output: output.output, value: output.value, origins: [])
        }
        // What was refused within the branch has no result.
        guard let tensor = traced[inner] else { return }
        let layer = ONNXBranch(name: names.name(for: "\(outer)_branch"), condition: isTrue)
        let value = try scout.lower(
            layer,
            [condition.value.value, tensor.value.value],
            layerIndex: layerCount,
            node: layerCount,
            path: layer.name ?? ""
        )[0]
        layerCount += 1
        traced[outer] = Traced(
            output: layer([condition.output, tensor.output]),
            value: ONNXValue(value, tensor.value.form),
            origins: condition.origins.union(tensor.origins)
        )
    }
}
