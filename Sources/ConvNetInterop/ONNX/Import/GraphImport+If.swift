extension GraphImport {
    /// The branch that an If takes, in its place: its condition has to be known once shapes are.
    func addBranch(of node: NodeProto) throws {
        guard let name = node.inputs.first, known[name] != nil || traced[name] != nil else { return }
        let condition =
            try known[name]?.literal(in: folder).numbers.first ?? traced[name]?.value.literal?.numbers.first
        guard let condition else {
            return refuse(node.label, node.operatorType, "The condition depends on data")
        }
        guard let branch = node.attribute(condition != 0 ? "then_branch" : "else_branch")?.graph else {
            return refuse(node.label, node.operatorType, "The node lacks a branch")
        }
        try addInitializers(of: branch)
        for inner in branch.nodes { try add(inner) }
        for (outer, inner) in zip(node.outputs, branch.outputs) {
            known[outer] = known[inner.name]
            traced[outer] = traced[inner.name]
        }
    }
}
