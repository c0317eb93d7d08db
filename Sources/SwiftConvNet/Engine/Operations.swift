/// A graph as the engine runs it: layers taken apart into their pieces, with the parameters of each.
package struct Operations: Sendable {
    /// One piece.
    struct Operation: Sendable {
        /// The nodes whose work it does, in order.
        var nodes: [Int]
        /// The node that it comes from: of several, the first.
        var node: Int { nodes[0] }
        /// Its place before any were fused, which random numbers depend on.
        let place: Int
        var layer: any Layer
        /// The operations that it reads.
        var inputs: [Int]
        let inputShapes: [Shape]
        var outputShape: Shape
        /// Places in the parameter store's entries.
        var parameters: [Int]
    }

    private(set) var list: [Operation]
    /// The operation that is the input, and the one that is the prediction.
    private(set) var input: Int, output: Int

    package init(_ graph: Graph) throws {
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
        self.list = list
        input = lastOfNode[graph.input]
        output = lastOfNode[graph.output]
    }

    /// Throws where a batch has more values than any machine holds, so that no size that a plan computes overflows.
    func checkSize(batch: Int) throws {
        let count = list.reduce(0.0) { $0 + Double($1.outputShape.elementCount) } * Double(batch)
        let largest = 1 << 44
        guard count <= Double(largest) else {
            throw ConvNetError(
                .environment, "There is not enough memory", at: "a batch of \(batch) samples",
                expected: "at most \(largest) values in the outputs of all layers", received: "\(count)",
                remedy: "Use smaller batches, images or layers")
        }
    }

    /// The same network with fewer operations: where a layer alone reads another and can be fused with it, one does the
    /// work of both. The prediction's operation stays apart, for losses look at what comes before it.
    func fused(for mode: Site.Mode) -> Operations {
        var readers = [Int](repeating: 0, count: list.count)
        for operation in list { for input in operation.inputs { readers[input] += 1 } }
        var fused: [Operation] = []
        /// Where each operation's work is done now.
        var places: [Int] = []
        for (index, operation) in list.enumerated() {
            var operation = operation
            if index != output, operation.inputs.count == 1, let source = operation.inputs.first,
                source != input, readers[source] == 1,
                let layer = fused[places[source]].layer.fused(with: operation.layer, for: mode)
            {
                let place = places[source]
                fused[place].layer = layer
                fused[place].outputShape = operation.outputShape
                fused[place].parameters += operation.parameters
                fused[place].nodes += operation.nodes
                places.append(place)
            } else {
                operation.inputs = operation.inputs.map { places[$0] }
                fused.append(operation)
                places.append(fused.count - 1)
            }
        }
        var result = self
        result.list = fused
        result.input = places[input]
        result.output = places[output]
        return result
    }
}
