/// How a graph stands in a file:
///
/// ```json
/// {"input": "input_layer", "nodes": [
///     {"config": {"shape": [28, 28, 1]}, "inputs": [], "kind": "InputLayer", "name": "input_layer"},
///     {"config": {…}, "inputs": ["input_layer"], "kind": "Conv2D", "name": "conv2d"}
/// ], "output": "conv2d"}
/// ```
extension Graph: Codable {
    private enum Keys: String, CodingKey { case nodes, input, output }
    private enum NodeKeys: String, CodingKey { case name, inputs }

    private struct CodedNode: Codable {
        let name: String
        let inputs: [String]
        let layer: any Layer

        init(name: String, inputs: [String], layer: any Layer) {
            self.name = name
            self.inputs = inputs
            self.layer = layer
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: NodeKeys.self)
            name = try container.decode(String.self, forKey: .name)
            inputs = try container.decode([String].self, forKey: .inputs)
            layer = try OpenSet.layers.decode(from: decoder)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: NodeKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(inputs, forKey: .inputs)
            try OpenSet.layers.encode(layer, to: encoder)
        }
    }

    /// Writes the graph: kinds, configurations and names, no shapes but the input's.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        let coded = nodes.map { node in
            CodedNode(name: node.name, inputs: node.inputs.map { nodes[$0].name }, layer: node.layer)
        }
        try container.encode(coded, forKey: .nodes)
        try container.encode(nodes[input].name, forKey: .input)
        try container.encode(nodes[output].name, forKey: .output)
    }

    /// Reads a graph; shapes are inferred anew, names stay as they were saved.
    ///
    /// - Throws: `DecodingError`, or `ConvNetError` for a layer of an unknown kind, or a graph that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let coded = try container.decode([CodedNode].self, forKey: .nodes)
        try validate(names: coded.map(\.name), of: coded.map(\.layer))
        var places: [String: Int] = [:]
        var layers: [(layer: any Layer, inputs: [Int])] = []
        for (place, node) in coded.enumerated() {
            let inputs = try node.inputs.map { input in
                guard let source = places[input] else {
                    throw ConvNetError(
                        .format,
                        "A layer reads one that does not come before it",
                        at: "layer \(place) (\(node.name))",
                        expected: "the name of an earlier layer",
                        received: "\"\(input)\""
                    )
                }
                return source
            }
            layers.append((node.layer, inputs))
            places[node.name] = place
        }
        func place(_ key: Keys) throws -> Int {
            let name = try container.decode(String.self, forKey: key)
            guard let place = places[name] else {
                throw ConvNetError(
                    .format,
                    "The graph names a layer that it does not have",
                    at: key.rawValue,
                    expected: "the name of a layer",
                    received: "\"\(name)\""
                )
            }
            return place
        }
        try self.init(layers: layers, names: coded.map(\.name), input: place(.input), output: place(.output))
    }
}
