/// How a graph stands in a file:
///
/// ```json
/// {"inputs": [0], "layers": [
///     {"config": {"shape": [28, 28, 1]}, "kind": "InputLayer", "name": "input_layer"},
///     {"config": {…}, "kind": "Conv2D", "name": "conv2d", "trainable": false}
/// ], "nodes": [
///     {"inputs": [], "layer": "input_layer"},
///     {"inputs": [[0, 0]], "layer": "conv2d"}
/// ], "outputs": [[1, 0]]}
/// ```
///
/// `inputs` lists the nodes where samples enter, `outputs` the predictions; pairs are a node and which of its outputs. A layer
/// without `trainable` is trainable; one with `activityRegularizer` has a penalty for what it puts out. Files of the versions 1 and 2 are `SingleUseGraph`s.
extension Graph: Codable {
    private enum Keys: String, CodingKey { case layers, nodes, inputs, outputs }

    private struct CodedNode: Codable {
        let layer: String
        let inputs: [CodedSource]
    }

    private struct CodedSource: Codable {
        let source: Source

        init(_ source: Source) { self.source = source }

        init(from decoder: any Decoder) throws {
            let pair = try decoder.singleValueContainer().decode([Int].self)
            guard pair.count == 2 else {
                throw ConvNetError(
                    .format,
                    "A source is a node and which of its outputs",
                    at: text(of: decoder.codingPath),
                    expected: "two numbers",
                    received: "\(pair)"
                )
            }
            source = Source(pair[0], output: pair[1])
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode([source.node, source.output])
        }
    }

    /// Writes the graph: kinds, configurations and names, no shapes but the input's.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(layers, forKey: .layers)
        try container.encode(
            nodes.map { CodedNode(layer: layers[$0.layer].name, inputs: $0.inputs.map(CodedSource.init)) },
            forKey: .nodes
        )
        try container.encode(inputs, forKey: .inputs)
        try container.encode(outputs.map(CodedSource.init), forKey: .outputs)
    }

    /// Reads a graph; shapes are inferred anew, names stay as they were saved.
    ///
    /// - Throws: `DecodingError`, or `ConvNetError` for a layer of an unknown kind, or a graph that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        guard container.contains(.layers) else {
            self = try SingleUseGraph(from: decoder).graph()
            return
        }
        let layers = try container.decode([NamedLayer].self, forKey: .layers)
        // First, for nodes know layers by their names.
        try validate(layers)
        let indices = Dictionary(layers.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let nodes = try container.decode([CodedNode].self, forKey: .nodes).enumerated().map { place, node in
            guard let layer = indices[node.layer] else {
                throw ConvNetError(
                    .format,
                    "The graph names a layer that it does not have",
                    at: "node \(place)",
                    expected: "the name of a layer",
                    received: "\"\(node.layer)\""
                )
            }
            return (layer, node.inputs.map(\.source))
        }
        let inputs = try container.decode([Int].self, forKey: .inputs)
        let outputs = try container.decode([CodedSource].self, forKey: .outputs)
        try self.init(layers: layers, nodes: nodes, inputs: inputs, outputs: outputs.map(\.source))
    }
}

extension Graph.NamedLayer: Codable {
    private enum Keys: String, CodingKey {
        case name
        case isTrainable = "trainable"
        case activityRegularizer
    }

    /// Reads a layer: the box of its open set, with its name and whether it is trainable.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        name = try container.decode(String.self, forKey: .name)
        isTrainable = try container.decodeIfPresent(Bool.self, forKey: .isTrainable) ?? true
        activityRegularizer = try container.decode(CodedRegularizer.self, forKey: .activityRegularizer)
            .wrappedValue
        layer = try OpenSet.layers.decode(from: decoder)
    }

    /// Writes a layer as `init(from:)` reads it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(name, forKey: .name)
        if !isTrainable { try container.encode(false, forKey: .isTrainable) }
        try container.encode(
            CodedRegularizer(wrappedValue: activityRegularizer),
            forKey: .activityRegularizer
        )
        try OpenSet.layers.encode(layer, to: encoder)
    }
}

/// A graph as it stands in files of the versions 1 and 2, where each layer is applied once:
///
/// ```json
/// {"input": "input_layer", "nodes": [
///     {"config": {…}, "inputs": [], "kind": "InputLayer", "name": "input_layer"},
///     {"config": {…}, "inputs": ["input_layer"], "kind": "Conv2D", "name": "conv2d"}
/// ], "output": "conv2d"}
/// ```
private struct SingleUseGraph: Decodable {
    struct Node: Decodable {
        private enum Keys: String, CodingKey { case inputs }

        let layer: Graph.NamedLayer
        let inputs: [String]

        init(from decoder: any Decoder) throws {
            inputs = try decoder.container(keyedBy: Keys.self).decode([String].self, forKey: .inputs)
            layer = try Graph.NamedLayer(from: decoder)
        }
    }

    let nodes: [Node]
    let input: String, output: String

    func graph() throws -> Graph {
        var places: [String: Int] = [:]
        let sources = try nodes.enumerated().map { place, node in
            let inputs = try node.inputs.map { input in
                guard let source = places[input] else {
                    throw ConvNetError(
                        .format,
                        "A layer reads one that does not come before it",
                        at: "layer \(place) (\(node.layer.name))",
                        expected: "the name of an earlier layer",
                        received: "\"\(input)\""
                    )
                }
                return Graph.Source(source)
            }
            places[node.layer.name] = place
            return (place, inputs)
        }
        func place(_ name: String, _ key: String) throws -> Int {
            guard let place = places[name] else {
                throw ConvNetError(
                    .format,
                    "The graph names a layer that it does not have",
                    at: key,
                    expected: "the name of a layer",
                    received: "\"\(name)\""
                )
            }
            return place
        }
        return try Graph(
            layers: nodes.map(\.layer),
            nodes: sources,
            inputs: [place(input, "input")],
            outputs: [Graph.Source(place(output, "output"))]
        )
    }
}
