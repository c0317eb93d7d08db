extension Graph {
    /// The graph as the engine knows it.
    var network: LowerableNetwork {
        LowerableNetwork(inputShape: inputShape, outputShape: outputShape) { batch, mode, loss in
            var graph = try lowered(batch: batch, mode: mode)
            Passes.run(on: &graph, mode: mode, loss: loss)
            return graph
        }
    }

    /// The operators of the graph, as layers emit them.
    func lowered(batch: Int, mode: Site.Mode) throws -> OpGraph {
        var lowering = Lowering(batch: batch, mode: mode)
        let steps = nodes.map { LoweringStep(name: $0.name, layer: $0.layer, inputs: $0.inputs) }
        let values = try steps.lower(in: &lowering, input: input)
        return try lowering.finish(output: values[output][0])
    }
}

/// A layer at its place in a graph.
struct LoweringStep {
    let name: String
    let layer: any Layer
    let inputs: [Int]
}

extension [LoweringStep] {
    /// The number of samples that shapes are inferred with; no shape depends on it.
    private static var nominalBatch: Int { 2 }

    /// The shape of each layer's output, and its parameters.
    ///
    /// - Throws: what a layer throws, located at it.
    func described(input: Int, mode: Site.Mode) throws -> (shapes: [Shape], specs: [[ParameterSpec]]) {
        var lowering = Lowering(batch: Self.nominalBatch, mode: mode)
        let values = try lower(in: &lowering, input: input)
        var specs = [[ParameterSpec]](repeating: [], count: count)
        for parameter in lowering.graph.parameters { specs[parameter.layer].append(parameter.spec) }
        return (values.map { $0[0].shape }, specs)
    }

    /// The outputs of each layer.
    ///
    /// - Throws: what a layer throws, located at it.
    fileprivate func lower(in lowering: inout Lowering, input: Int) throws -> [[Value]] {
        var values: [[Value]] = []
        for (place, step) in enumerated() {
            do {
                if let layer = step.layer as? InputLayer {
                    guard place == input else { throw ConvNetError(.argument, "A second input layer") }
                    let shape = try layer.validatedShape()
                    values.append([lowering.input(shape, node: place, path: step.name)])
                } else {
                    let inputs = step.inputs.map { values[$0][0] }
                    values.append(
                        try lowering.lower(
                            step.layer, inputs, layerIndex: place, node: place, path: step.name))
                }
            } catch let error as ConvNetError {
                throw error.located(at: "layer \(place) (\(step.name))")
            }
        }
        return values
    }
}

/// Whether two descriptions name the same parameters.
func areEqual(_ first: [ParameterSpec], _ second: [ParameterSpec]) -> Bool {
    first.elementsEqual(second) {
        $0.name == $1.name && $0.shape == $1.shape && $0.isTrainable == $1.isTrainable
    }
}
