import SwiftConvNet

/// What the layers of two models make of the same samples, where names meet.
struct LayerComparison {
    struct Row {
        let name: String
        let isOutput: Bool
        /// Of the samples' arrays, with the batch axis.
        let shapes: (Shape, Shape)
        /// `nil` if the shapes do not fit.
        let difference: Difference?
    }

    let rows: [Row]

    /// - Parameter tensors: by the inputs of the first model; the second one's get them in their order.
    /// - Throws: `ConvNetError` of kind `argument` if the numbers of inputs or outputs differ, of kind `shape` if samples do not fit.
    init(_ first: LoadedModel, _ second: LoadedModel, _ tensors: [(name: String, tensor: Tensor)]) throws {
        guard first.inputs.count == second.inputs.count, first.outputs.count == second.outputs.count else {
            throw ConvNetError(
                .argument,
                "The models have different numbers of inputs or outputs",
                at: second.path,
                expected: "\(first.inputs.count) and \(first.outputs.count)",
                received: "\(second.inputs.count) and \(second.outputs.count)"
            )
        }
        // What is compared: layers of both names that compute something, then the outputs.
        let outputs = Set(first.model.outputNames)
        let others = Set(second.model.graph.nodes.map(\.name))
        let inputs = Set(first.model.graph.inputs)
        let names = first.model.graph.nodes.enumerated().filter { place, node in
            !inputs.contains(place) && others.contains(node.name) && !outputs.contains(node.name)
        }.map(\.element.name)
        let a = try Self.values(of: first.model, names, Self.fit(tensors, to: first))
        let ordered = second.inputs.enumerated().map { place, port in
            let name = first.inputs[place].layer
            return (name: port.layer, tensor: tensors.first { $0.name == name }?.tensor)
        }.compactMap { pair in pair.tensor.map { (name: pair.name, tensor: $0) } }
        let b = try Self.values(of: second.model, names, Self.fit(ordered, to: second))
        let titles = names + first.outputs.map(\.name)
        rows = try zip(titles.indices, zip(a, b)).map { place, pair in
            let fitted = try pair.1.fitted(to: Shape(Array(pair.0.shape.dropFirst())))
            return Row(
                name: titles[place],
                isOutput: place >= names.count,
                shapes: (pair.0.shape, pair.1.shape),
                difference: fitted.map { Difference(pair.0, $0) }
            )
        }
    }

    /// Samples in the order of axes that a model takes.
    private static func fit(_ tensors: [(name: String, tensor: Tensor)], to loaded: LoadedModel) throws
        -> [(name: String, tensor: Tensor)]
    {
        try tensors.map { name, tensor in
            let shape = try loaded.input(name).shape
            return (name, try tensor.fitted(to: shape) ?? tensor)
        }
    }

    /// The first outputs of layers, then the model's outputs.
    private static func values(
        of model: Model,
        _ names: [String],
        _ tensors: [(name: String, tensor: Tensor)]
    ) throws -> [Tensor] {
        // Each value passes a layer of its own, so that one that stands twice has two names.
        let layers = try names.map { try model.output(of: $0) } + model.outputs
        let probes = layers.enumerated().map { Identity(name: "compare\($0)")($1) }
        let probe = try Model(inputs: model.inputs, outputs: probes, options: model.options)
        let found = try probe.predictions(for: TensorDataset(named: tensors))
        return probes.indices.compactMap { found["compare\($0)"] }
    }
}
