extension Graph {
    /// The graph as the engine knows it.
    var network: LowerableNetwork {
        LowerableNetwork(inputShapes: inputShapes, outputShapes: outputShapes) {
            batch, mode, objective, frozen in
            var graph = try lowered(batch: batch, mode: mode, frozen: frozen)
            Passes.run(on: &graph, mode: mode, objective: objective)
            return graph
        }
    }

    /// The operators of the graph, as layers emit them.
    func lowered(batch: Int, mode: Site.Mode, frozen: Set<Int> = []) throws -> OpGraph {
        var lowering = Lowering(batch: batch, mode: mode, frozen: frozen)
        let steps = nodes.map {
            LoweringStep(
                name: $0.name, layerIndex: $0.layer, layer: layers[$0.layer].layer, inputs: $0.inputs)
        }
        let values = try steps.lower(in: &lowering, inputs: inputs)
        return try lowering.finish(
            inputs: inputs.map { values[$0][0] }, outputs: outputs.map { values[$0.node][$0.output] })
    }
}

/// A layer at its place in a graph.
struct LoweringStep {
    let name: String
    let layerIndex: Int
    let layer: any Layer
    let inputs: [Graph.Source]
}

extension [LoweringStep] {
    /// The number of samples that shapes are inferred with; no shape depends on it.
    private static var nominalBatch: Int { 2 }

    /// The shapes of each node's outputs, and the parameters of the layers.
    ///
    /// - Throws: what a layer throws, located at it.
    func described(inputs: [Int], mode: Site.Mode, frozen: Set<Int> = []) throws -> (
        shapes: [[Shape]], parameters: [Graph.LayerParameter]
    ) {
        var lowering = Lowering(batch: Self.nominalBatch, mode: mode, frozen: frozen)
        let values = try lower(in: &lowering, inputs: inputs)
        return (
            values.map { $0.map(\.shape) },
            lowering.graph.parameters.map { Graph.LayerParameter(layer: $0.layer, spec: $0.spec) }
        )
    }

    /// The outputs of each node.
    ///
    /// - Throws: what a layer throws, located at it.
    fileprivate func lower(in lowering: inout Lowering, inputs: [Int]) throws -> [[Value]] {
        var values: [[Value]] = []
        for (place, step) in enumerated() {
            do {
                if let layer = step.layer as? InputLayer {
                    guard inputs.contains(place) else {
                        throw ConvNetError(
                            .argument, "The model does not list one of its inputs",
                            remedy: "Pass all of them: Model(inputs: [first, second], outputs: ...)")
                    }
                    let shape = try layer.validatedShape()
                    values.append([lowering.input(shape, node: place, path: step.name)])
                } else {
                    let inputs = step.inputs.map { values[$0.node][$0.output] }
                    values.append(
                        try lowering.lower(
                            step.layer, inputs, layerIndex: step.layerIndex, node: place, path: step.name))
                }
            } catch let error as ConvNetError {
                throw error.located(at: "layer \(place) (\(step.name))")
            }
        }
        return values
    }
}
