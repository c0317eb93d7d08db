import SwiftConvNet

/// Writes the configuration of a model as Keras 3 has it. Nested models are written as the layers that they are made of.
struct KerasConfigWriter {
    private let model: Model
    private let layout: KerasLayout
    private var graph: KerasGraph { layout.graph }
    /// Layers whose inputs are one argument, a list.
    private static let merging: Set = [
        Add.kind, Average.kind, Maximum.kind, Minimum.kind, Multiply.kind, Subtract.kind, Concatenate.kind,
        Dot.kind,
    ]
    private static let numberType: JSONValue = .keras("keras", "DTypePolicy", ["name": "float32"])

    init(_ model: Model, _ layout: KerasLayout) {
        self.model = model
        self.layout = layout
    }

    /// The configuration.
    ///
    /// - Parameter state: how the model is trained; `nil` for a model that is not compiled in the file.
    /// - Throws: `ConvNetError` of kind `argument` that lists all for which Keras' files have no form.
    func config(_ state: TrainingState?) throws -> JSONValue {
        var problems = importedOperators.map { [$0] } ?? []
        var layers: [JSONValue] = []
        for (place, index) in layout.layers.enumerated() where !isImportedOperator(index) {
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
                at: model.name,
                remedy: "A file that ends in .safetensors holds every model"
            )
        }
        var config: JSONValue = ["name": .text(model.name), "trainable": true]
        var object: JSONValue
        if layout.isSequential {
            let shape = batchShape(of: graph.inputs[0])
            config["dtype"] = Self.numberType
            config["layers"] = .list([input(graph.inputs[0], named: "input_layer")] + layers)
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
                graph.inputs.map { [.text(names[graph.nodes[$0].layer] ?? ""), 0, 0] }
            )
            config["output_layers"] = .list(
                graph.outputs.map { source in
                    let layer = graph.nodes[source.node].layer
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
        let layer = graph.nodes[node].layer
        return graph.nodes[..<node].count { $0.layer == layer }
    }

    // MARK: Layers

    /// Whether a layer is a part of an imported ONNX file that no layer of the catalogue means.
    private func isImportedOperator(_ index: Int) -> Bool {
        let layer = graph.layers[index].layer
        return layer is ONNXOperator || layer is ONNXOutput
    }

    /// What is said of such layers, all in one list; `nil` if there are none.
    private var importedOperators: String? {
        let list = layout.layers.indices.filter { isImportedOperator(layout.layers[$0]) }.map { place in
            let layer = graph.layers[layout.layers[place]].layer
            return "\(layout.names[place]) (\((layer as? ONNXOperator)?.operatorType ?? "output"))"
        }
        guard !list.isEmpty else { return nil }
        return "ONNX' operators for which Keras has no layer: \(list.joined(separator: ", "))"
    }

    private func layer(_ index: Int, named name: String) throws -> JSONValue {
        let named = graph.layers[index]
        if named.layer is InputLayer {
            let node = graph.nodes.firstIndex { $0.layer == index } ?? 0
            return input(node, named: name)
        }
        let own = KerasTemplate.json(named.layer, in: .layers)
        var keras = try KerasLayers.keras(own)
        keras["config"]["name"] = .text(name)
        // Some layers without parameters do not take the argument.
        let owner = named.shared ?? named.arrays.first?.layer
        if let owner, !owner.isTrainable, !owner.built.parameters.isEmpty {
            keras["config"]["trainable"] = false
        }
        if named.hasForeignBias { keras["config"]["use_bias"] = true }
        keras["config"]["dtype"] = Self.numberType
        if let regularizer = named.activityRegularizer {
            keras["config"]["activity_regularizer"] = try KerasParts.regularizers.keras(
                KerasTemplate.json(regularizer, in: .regularizers)
            )
        }
        if named.layer is LayerScale, let node = graph.nodes.first(where: { $0.layer == index }) {
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
        let layer = graph.layers[graph.nodes[node].layer].layer as? InputLayer
        let shape = graph.nodes[node].outputShapes[0]
        return .list(
            [.null]
                + shape.enumerated().map { layer?.flexibleAxes.contains($0) == true ? .null : .integer($1) }
        )
    }

    // MARK: Nodes

    private func nodes(of layer: Int, _ names: [Int: String]) -> [JSONValue] {
        let kind = type(of: graph.layers[layer].layer).kind
        return graph.nodes.filter { $0.layer == layer && !$0.inputs.isEmpty }.map { node in
            var tensors = node.inputs.map { tensor($0, names) }
            // Keras asks for the value, too, if it is the query.
            if kind == MultiHeadAttention.kind, tensors.count == 1 { tensors.append(tensors[0]) }
            return ["args": .list(Self.merging.contains(kind) ? [.list(tensors)] : tensors), "kwargs": [:]]
        }
    }

    private func tensor(_ source: KerasGraph.Source, _ names: [Int: String]) -> JSONValue {
        let node = graph.nodes[source.node]
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
        let count = graph.outputs.count
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
