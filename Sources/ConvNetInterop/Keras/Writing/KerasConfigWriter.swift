import SwiftConvNet

/// Writes the configuration of a model as Keras 3 has it. Nested models are written as the layers that they are made of.
struct KerasConfigWriter {
    private let model: Model
    private let layout: KerasLayout
    /// The layers behind those of the graph, but for inputs.
    private let shared: [Int: SharedLayer]
    /// Layers whose inputs are one argument, a list.
    private static let merging: Set = [
        Add.kind, Average.kind, Maximum.kind, Minimum.kind, Multiply.kind, Subtract.kind, Concatenate.kind,
        Dot.kind,
    ]
    private static let numberType: JSONValue = .keras("keras", "DTypePolicy", ["name": "float32"])

    init(_ model: Model, _ layout: KerasLayout) {
        self.model = model
        self.layout = layout
        let indices = model.graph.layers.indices.filter { !(model.graph.layers[$0].layer is InputLayer) }
        shared = Dictionary(uniqueKeysWithValues: zip(indices, model.layers))
    }

    /// The configuration.
    ///
    /// - Parameter state: how the model is trained; `nil` for a model that is not compiled in the file.
    /// - Throws: `ConvNetError` of kind `argument` that lists all for which Keras' files have no form.
    func config(_ state: TrainingState?) throws -> JSONValue {
        var problems: [String] = []
        var layers: [JSONValue] = []
        for (place, index) in layout.layers.enumerated() {
            do { layers.append(try layer(index, named: layout.names[place])) } catch let error as ConvNetError
            {
                problems.append("\(layout.names[place]): \(error.description)")
            }
        }
        var compilation = JSONValue.null
        do { compilation = try state.map(self.compilation) ?? .null } catch let error as ConvNetError {
            problems.append(error.description)
        }
        guard problems.isEmpty else {
            throw ConvNetError(
                .argument,
                "Keras' files have no form for parts of the model: \(problems.joined(separator: "; "))",
                at: model.name
            )
        }
        var config: JSONValue = ["name": .text(model.name), "trainable": true]
        var object: JSONValue
        if layout.isSequential {
            let shape = batchShape(of: model.graph.inputs[0])
            config["dtype"] = Self.numberType
            config["layers"] = .list([input(model.graph.inputs[0], named: "input_layer")] + layers)
            config["build_input_shape"] = shape
            object = .keras("keras", "Sequential", config.members)
            object["build_config"] = ["input_shape": shape]
        } else {
            let names = namesByLayer
            config["layers"] = .list(
                layers.enumerated().map { place, layer in
                    var layer = layer
                    layer["name"] = .text(layout.names[place])
                    layer["inbound_nodes"] = .list(nodes(of: layout.layers[place], names))
                    return layer
                }
            )
            config["input_layers"] = .list(
                model.graph.inputs.map { [.text(names[model.graph.nodes[$0].layer] ?? ""), 0, 0] }
            )
            config["output_layers"] = .list(
                model.graph.outputs.map { source in
                    let layer = model.graph.nodes[source.node].layer
                    return [
                        .text(names[layer] ?? ""), .integer(application(source.node)),
                        .integer(source.output),
                    ]
                }
            )
            object = .keras("keras.src.models.functional", "Functional", config.members)
            object["registered_name"] = "Functional"
        }
        object["compile_config"] = compilation
        return object
    }

    private var namesByLayer: [Int: String] {
        Dictionary(uniqueKeysWithValues: zip(layout.layers, layout.names))
    }

    /// Which call of its layer a node is.
    private func application(_ node: Int) -> Int {
        let layer = model.graph.nodes[node].layer
        return model.graph.nodes[..<node].count { $0.layer == layer }
    }

    // MARK: Layers

    private func layer(_ index: Int, named name: String) throws -> JSONValue {
        let named = model.graph.layers[index]
        if named.layer is InputLayer {
            let node = model.graph.nodes.firstIndex { $0.layer == index } ?? 0
            return input(node, named: name)
        }
        let own = KerasTemplate.json(named.layer, in: .layers)
        var keras = try KerasLayers.keras(own)
        keras["config"]["name"] = .text(name)
        // Some layers without parameters do not take the argument.
        if let layer = shared[index], !layer.isTrainable, !layer.built.parameters.isEmpty {
            keras["config"]["trainable"] = false
        }
        keras["config"]["dtype"] = Self.numberType
        if let regularizer = named.activityRegularizer {
            keras["config"]["activity_regularizer"] = try KerasParts.regularizers.keras(
                KerasTemplate.json(regularizer, in: .regularizers)
            )
        }
        if named.layer is LayerScale, let node = model.graph.nodes.first(where: { $0.layer == index }) {
            keras["config"]["projection_dim"] = .integer(node.outputShapes[0].last ?? 1)
        }
        return keras
    }

    private func input(_ node: Int, named name: String) -> JSONValue {
        .keras(
            "keras.layers",
            InputLayer.kind,
            ["batch_shape": batchShape(of: node), "dtype": "float32", "sparse": false, "name": .text(name)]
        )
    }

    /// The shape of a batch of inputs: open sizes are null.
    private func batchShape(of node: Int) -> JSONValue {
        let layer = model.graph.layers[model.graph.nodes[node].layer].layer as? InputLayer
        let shape = model.graph.nodes[node].outputShapes[0]
        return .list(
            [.null]
                + shape.enumerated().map { layer?.flexibleAxes.contains($0) == true ? .null : .integer($1) }
        )
    }

    // MARK: Nodes

    private func nodes(of layer: Int, _ names: [Int: String]) -> [JSONValue] {
        let kind = type(of: model.graph.layers[layer].layer).kind
        return model.graph.nodes.filter { $0.layer == layer && !$0.inputs.isEmpty }.map { node in
            var tensors = node.inputs.map { tensor($0, names) }
            // Keras asks for the value, too, if it is the query.
            if kind == MultiHeadAttention.kind, tensors.count == 1 { tensors.append(tensors[0]) }
            return ["args": .list(Self.merging.contains(kind) ? [.list(tensors)] : tensors), "kwargs": [:]]
        }
    }

    private func tensor(_ source: Graph.Source, _ names: [Int: String]) -> JSONValue {
        let node = model.graph.nodes[source.node]
        let sizes = node.outputShapes[source.output].map { JSONValue.integer($0) }
        return [
            "class_name": "__keras_tensor__",
            "config": [
                "shape": .list([.null] + sizes), "dtype": "float32",
                "keras_history": [
                    .text(names[node.layer] ?? ""), .integer(application(source.node)),
                    .integer(source.output),
                ],
            ],
        ]
    }

    // MARK: Training

    private func compilation(_ state: TrainingState) throws -> JSONValue {
        let count = model.graph.outputs.count
        var losses = [JSONValue](repeating: .null, count: count),
            weights = [JSONValue](repeating: 1.0, count: count)
        for loss in state.losses {
            losses[loss.output] = try KerasLosses.keras(loss.loss)
            weights[loss.output] = .number(Double(loss.weight))
        }
        func metrics(_ lists: [[any Metric]]) throws -> JSONValue {
            if lists.allSatisfy(\.isEmpty) { return .null }
            let all = try lists.map { JSONValue.list(try $0.map(KerasMetrics.keras)) }
            return count == 1 ? all[0] : .list(all)
        }
        return [
            "optimizer": try KerasOptimizers.keras(state.optimizer, state.update),
            "loss": count == 1 ? losses[0] : .list(losses),
            "loss_weights": weights.allSatisfy { $0 == 1.0 } ? .null : .list(weights),
            "metrics": try metrics(state.metrics),
            "weighted_metrics": try metrics(state.weightedMetrics),
            "run_eagerly": false, "steps_per_execution": 1, "jit_compile": "auto",
        ]
    }
}
