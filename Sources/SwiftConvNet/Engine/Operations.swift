/// A graph as the engine runs it: layers taken apart into their pieces, with the parameters of each.
package struct Operations: Sendable {
    /// One piece.
    struct Operation: Sendable {
        /// The name of the node that it comes from.
        let name: String
        let layer: any Layer
        /// The operations that it reads.
        let inputs: [Int]
        let inputShapes: [Shape]
        let outputShape: Shape
        /// Places in the parameter store's entries.
        let parameters: [Int]
    }

    let list: [Operation]
    /// The operation that is the input, and the one that is the prediction.
    let input: Int, output: Int
    /// The operation that ends each node of the graph.
    let lastOfNode: [Int]

    package init(_ graph: Graph) throws {
        var list: [Operation] = []
        var lastOfNode: [Int] = []
        var entry = 0
        for node in graph.nodes {
            var inputs = node.inputs.map { lastOfNode[$0] }
            for layer in node.layer.pieces {
                let shapes = inputs.map { list[$0].outputShape }
                let count = try layer.parameters(for: shapes).count
                list.append(
                    Operation(
                        name: node.name, layer: layer, inputs: inputs, inputShapes: shapes,
                        outputShape: try layer.outputShape(for: shapes),
                        parameters: Array(entry..<(entry + count))))
                entry += count
                inputs = [list.count - 1]
            }
            lastOfNode.append(list.count - 1)
        }
        self.list = list
        self.lastOfNode = lastOfNode
        input = lastOfNode[graph.input]
        output = lastOfNode[graph.output]
    }
}
