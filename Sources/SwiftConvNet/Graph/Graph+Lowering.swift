extension Graph {
    /// The graph as the engine knows it.
    var network: LowerableNetwork {
        LowerableNetwork { batch, inputShapes, mode, objective, targets, frozen in
            var graph = try lowered(
                batch: batch,
                inputShapes: inputShapes,
                mode: mode,
                objective: objective,
                targets: targets,
                frozen: frozen
            )
            if objective == nil { graph.removeLosses() }
            Passes.run(on: &graph, mode: mode, objective: objective)
            return graph
        }
    }

    /// The operators of the graph, as layers emit them, for inputs of these shapes; and those of losses, if there are any.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if a layer cannot take what comes of them.
    package func lowered(
        batch: Int,
        inputShapes: [Shape],
        mode: Site.Mode,
        objective: Objective? = nil,
        targets: [TargetKind] = [],
        frozen: Set<Int> = []
    ) throws -> OpGraph {
        var lowering = Lowering(batch: batch, mode: mode, frozen: frozen)
        let values = try steps.lower(in: &lowering, inputs: inputs, shapes: inputShapes)
        try steps.check(lowering.graph.parameters.map(\.spec), against: parameters, inputs: inputShapes)
        let predictions = try outputs.map { try lowering.unfoldBatch(values[$0.node][$0.output]) }
        for (index, term) in (objective?.terms ?? []).enumerated() {
            guard let loss = term.loss as? any OperatorLoss else { continue }
            let kind = targets.indices.contains(term.output) ? targets[term.output] : .none
            let (value, count) = try lowering.lower(
                loss,
                output: term.output,
                prediction: predictions[term.output],
                targets: kind
            )
            lowering.setLoss(value, ofTerm: index, count: count)
        }
        return try lowering.finish(inputs: inputs.map { values[$0][0] }, outputs: predictions)
    }

    /// The shapes of the predictions for inputs of these shapes, without the batch axis.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if a layer cannot take what comes of them.
    func outputShapes(for inputShapes: [Shape]) throws -> [Shape] {
        if inputShapes == self.inputShapes { return outputShapes }
        let (shapes, others) = try steps.described(inputs: inputs, shapes: inputShapes, mode: .inference)
        try steps.check(others.map(\.spec), against: parameters, inputs: inputShapes)
        return outputs.map { shapes[$0.node][$0.output] }
    }

    private var steps: [LoweringStep] {
        nodes.map {
            LoweringStep(
                name: $0.name,
                layerIndex: $0.layer,
                layer: layers[$0.layer].layer,
                activityRegularizer: layers[$0.layer].activityRegularizer,
                inputs: $0.inputs
            )
        }
    }
}

/// A layer at its place in a graph.
struct LoweringStep {
    let name: String
    let layerIndex: Int
    let layer: any Layer
    let activityRegularizer: (any Regularizer)?
    let inputs: [Graph.Source]
}

extension [LoweringStep] {
    /// The number of samples that shapes are inferred with; no shape depends on it.
    private static var nominalBatch: Int { 2 }

    /// The shapes of each node's outputs, and the parameters of the layers.
    ///
    /// - Parameter shapes: of the inputs; `nil` for their own.
    /// - Throws: what a layer throws, located at it.
    func described(
        inputs: [Int],
        shapes: [Shape]? = nil,
        mode: Site.Mode,
        frozen: Set<Int> = []
    ) throws -> (
        shapes: [[Shape]], parameters: [Graph.LayerParameter]
    ) {
        var lowering = Lowering(batch: Self.nominalBatch, mode: mode, frozen: frozen)
        let values = try lower(in: &lowering, inputs: inputs, shapes: shapes)
        return (
            values.map { $0.map(\.shape) },
            lowering.graph.parameters.map { Graph.LayerParameter(layer: $0.layer, spec: $0.spec) }
        )
    }

    /// Checks that layers need the parameters that they have for inputs of other shapes, too.
    ///
    /// - Throws: `ConvNetError` of kind `shape` that names the layer which does not.
    func check(
        _ specs: [ParameterSpec],
        against parameters: [Graph.LayerParameter],
        inputs: [Shape]
    ) throws {
        for (own, spec) in zip(parameters, specs) where own.spec.shape != spec.shape {
            let place = firstIndex { $0.layerIndex == own.layer } ?? 0
            throw ConvNetError(
                .shape,
                "A layer does not allow inputs of other sizes",
                at: "layer \(place) (\(self[place].name)), \(spec.name)",
                expected: "\(own.spec.shape)",
                received: "\(spec.shape) for inputs of \(inputs)",
                remedy: "Put a global or an adaptive pooling layer before it, or leave out flexibleAxes"
            )
        }
    }

    /// The outputs of each node.
    ///
    /// - Throws: what a layer throws, located at it.
    fileprivate func lower(
        in lowering: inout Lowering,
        inputs: [Int],
        shapes: [Shape]?
    ) throws -> [[Value]] {
        var values: [[Value]] = []
        for (place, step) in enumerated() {
            do {
                if let layer = step.layer as? InputLayer {
                    guard let index = inputs.firstIndex(of: place) else {
                        throw ConvNetError(
                            .argument,
                            "The model does not list one of its inputs",
                            remedy: "Pass all of them: Model(inputs: [first, second], outputs: ...)"
                        )
                    }
                    let own = try layer.validatedShape(), shape = shapes?[index] ?? own
                    values.append([lowering.input(shape, node: place, path: step.name)])
                } else {
                    let inputs = step.inputs.map { values[$0.node][$0.output] }
                    let outputs = try lowering.lower(
                        step.layer,
                        inputs,
                        layerIndex: step.layerIndex,
                        node: place,
                        path: step.name
                    )
                    if let regularizer = step.activityRegularizer {
                        for output in outputs { try lowering.addPenalty(of: output, regularizer) }
                    }
                    values.append(outputs)
                }
            } catch let error as ConvNetError {
                throw error.located(at: "layer \(place) (\(step.name))")
            }
        }
        return values
    }
}
