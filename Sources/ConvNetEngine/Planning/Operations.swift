/// A graph as the engine runs it: layers taken apart into their pieces, with the parameters of each.
package struct Operations: Sendable {
    /// One piece.
    package struct Operation: Sendable {
        /// The nodes whose work it does, in order.
        package var nodes: [Int]
        /// The node that it comes from: of several, the first.
        package var node: Int { nodes[0] }
        /// Its place before any were fused, which random numbers depend on.
        let place: Int
        package var layer: any Layer
        /// The operations that it reads.
        var inputs: [Int]
        let inputShapes: [Shape]
        package var outputShape: Shape
        /// Places in the parameter store's entries.
        package var parameters: [Int]

        package init(
            nodes: [Int], place: Int, layer: any Layer, inputs: [Int], inputShapes: [Shape],
            outputShape: Shape, parameters: [Int]
        ) {
            self.nodes = nodes
            self.place = place
            self.layer = layer
            self.inputs = inputs
            self.inputShapes = inputShapes
            self.outputShape = outputShape
            self.parameters = parameters
        }
    }

    package private(set) var list: [Operation]
    /// The operation that is the input, and the one that is the prediction.
    package private(set) var input: Int, output: Int

    package init(list: [Operation], input: Int, output: Int) {
        self.list = list
        self.input = input
        self.output = output
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
