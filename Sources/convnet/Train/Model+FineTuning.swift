import SwiftConvNet

extension Model {
    /// Freezes the layers up to one, that one among them, in the order of the network.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is none of this name.
    func freeze(until name: String) throws {
        let last = try layer(named: name)
        for layer in layers {
            layer.isTrainable = false
            if layer === last { return }
        }
    }

    /// The model with a new classifier in place of its last layer with a matrix of weights and of what follows: a dense layer with
    /// softmax, or with sigmoid for the second of two classes. All other layers are those of this model.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there are several outputs, or no layer that could be replaced.
    func withNewHead(classes: Int, seed: UInt64, options: ComputeOptions) throws -> Model {
        let features = try self.features()
        var head = try output(of: graph.nodes[features.node].name, features.output)
        let shape = graph.nodes[features.node].outputShapes[features.output]
        if shape.rank == 3 {
            head = GlobalAveragePooling2D()(head)
        } else if shape.rank != 1 {
            head = Flatten()(head)
        }
        let names = Set(graph.layers.map(\.name))
        let name = names.contains("classes") ? "new_classes" : "classes"
        let classifier =
            classes == 2
            ? Dense(units: 1, activation: .sigmoid, name: name)
            : Dense(units: classes, activation: .softmax, name: name)
        return try Model(
            inputs: inputs,
            outputs: [classifier(head)],
            name: self.name,
            seed: seed,
            options: options
        )
    }

    /// What the last layer with a matrix of weights reads.
    private func features() throws -> Graph.Source {
        guard graph.outputs.count == 1 else {
            throw ConvNetError(
                .argument,
                "The classifier of a model with several outputs cannot be replaced",
                at: "--classes",
                received: outputNames.joined(separator: ", ")
            )
        }
        let weighted = Set(
            parameters.filter { $0.values.shape.rank >= 2 }.compactMap { parameter in
                parameter.name.lastIndex(of: "/").map { String(parameter.name[..<$0]) }
            }
        )
        var place = graph.outputs[0].node
        while let source = graph.nodes[place].inputs.first {
            if weighted.contains(graph.layers[graph.nodes[place].layer].name) { return source }
            place = source.node
        }
        throw ConvNetError(.argument, "The model has no classifier that could be replaced", at: "--classes")
    }
}
