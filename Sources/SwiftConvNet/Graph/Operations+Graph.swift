extension Operations {
    /// A graph as the engine runs it.
    init(_ graph: Graph) throws {
        var list: [Operation] = []
        var lastOfNode: [Int] = []
        var entry = 0
        for (index, node) in graph.nodes.enumerated() {
            var inputs = node.inputs.map { lastOfNode[$0] }
            for layer in node.layer.pieces {
                let shapes = inputs.map { list[$0].outputShape }
                let count = try layer.parameters(for: shapes).count
                list.append(
                    Operation(
                        nodes: [index], place: list.count, layer: layer, inputs: inputs,
                        inputShapes: shapes,
                        outputShape: try layer.outputShape(for: shapes),
                        parameters: Array(entry..<(entry + count))))
                entry += count
                inputs = [list.count - 1]
            }
            lastOfNode.append(list.count - 1)
        }
        self.init(list: list, input: lastOfNode[graph.input], output: lastOfNode[graph.output])
    }
}
