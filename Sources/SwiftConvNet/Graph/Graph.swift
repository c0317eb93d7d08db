/// A network as data: layers as the nodes of an acyclic graph, in an order in which each comes after those it
/// reads. `Sequential` is a chain, `Model(inputs:outputs:)` the general form; files hold the same.
public struct Graph: Sendable {
    /// One use of a layer.
    public struct Node: Sendable {
        /// The name, different from every other in the graph.
        public let name: String
        /// What it computes.
        public let layer: any Layer
        /// The nodes that it reads, by their place in `nodes`.
        public let inputs: [Int]
        /// The shape of its output, without the batch axis.
        public let outputShape: Shape
    }

    /// The nodes; each reads only nodes before it.
    public let nodes: [Node]
    /// The node where samples enter.
    public let input: Int
    /// The node whose output is the prediction.
    public let output: Int
    /// The parameters of each node, by its index.
    let parameters: [[ParameterSpec]]

    /// Infers all shapes and names.
    ///
    /// - Parameters:
    ///   - layers: the layers, each with the places of the layers that it reads, all before its own.
    ///   - input: the place of the `InputLayer`.
    ///   - output: the place of the layer whose output is the prediction.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` that names the layer which cannot take its input,
    ///   whose settings are out of range, or whose name is taken.
    public init(layers: [(layer: any Layer, inputs: [Int])], input: Int, output: Int) throws {
        try self.init(
            layers: layers, names: uniqueNames(of: layers.map(\.layer)), input: input, output: output)
    }

    /// As `init(layers:input:output:)`, with names that are given: those of a file.
    init(layers: [(layer: any Layer, inputs: [Int])], names: [String], input: Int, output: Int) throws {
        try validate(names: names, of: layers.map(\.layer))
        guard layers.indices.contains(input), layers.indices.contains(output),
            layers[input].layer is InputLayer
        else {
            throw ConvNetError(
                .argument, "A graph needs an input layer and an output", at: "Graph",
                expected: "places in 0..<\(layers.count)", received: "input \(input), output \(output)")
        }
        for (place, item) in layers.enumerated() {
            guard item.inputs.allSatisfy({ (0..<place).contains($0) }) else {
                throw ConvNetError(
                    .argument, "A layer reads one that does not come before it",
                    at: "layer \(place) (\(names[place]))",
                    expected: "places in 0..<\(place)", received: "\(item.inputs)")
            }
        }
        let steps = zip(names, layers).map { LoweringStep(name: $0, layer: $1.layer, inputs: $1.inputs) }
        // What a plan may meet is an error of the architecture, so it shows here.
        let (shapes, specs) = try steps.described(input: input, mode: .inference)
        let (_, trained) = try steps.described(input: input, mode: .training)
        for (place, name) in names.enumerated() where !areEqual(specs[place], trained[place]) {
            throw ConvNetError(
                .argument, "A layer has other parameters in training than in inference",
                at: "layer \(place) (\(name))",
                expected: "the same parameters whatever the mode",
                received: "\(trained[place].map(\.name)) and \(specs[place].map(\.name))")
        }
        parameters = specs
        let nodes = zip(steps, shapes).map { step, shape in
            Node(name: step.name, layer: step.layer, inputs: step.inputs, outputShape: shape)
        }
        self.nodes = nodes
        self.input = input
        self.output = output
    }

    /// The shape of one sample, without the batch axis.
    public var inputShape: Shape { nodes[input].outputShape }
    /// The shape of one prediction, without the batch axis.
    public var outputShape: Shape { nodes[output].outputShape }
}

/// The name of each layer: its own, or one made from its kind and counted within the model, as Keras does.
private func uniqueNames(of layers: [any Layer]) -> [String] {
    var taken = Set(layers.compactMap(\.name))
    var counts: [String: Int] = [:]
    return layers.map { layer in
        if let name = layer.name { return name }
        let base = snakeCase(type(of: layer).kind)
        while true {
            let count = counts[base, default: 0]
            counts[base] = count + 1
            let name = count == 0 ? base : "\(base)_\(count)"
            if taken.insert(name).inserted { return name }
        }
    }
}

/// Checks that the names can stand in a file, and that each is its layer's own.
func validate(names: [String], of layers: [any Layer]) throws {
    var taken = Set<String>()
    for (place, (name, layer)) in zip(names, layers).enumerated() {
        guard !name.isEmpty, !name.contains("/"), taken.insert(name).inserted,
            layer.name == nil || layer.name == name
        else {
            throw ConvNetError(
                .argument, "A layer's name must be its own", at: "layer \(place)",
                expected: "a name that is not empty, has no \"/\" and that no other layer has",
                received: "\"\(name)\"")
        }
    }
}

/// `MaxPooling2D` as `max_pooling2d`, `ReLU` as `re_lu`: Keras' rule for the names of layers
/// (`keras/src/utils/naming.py`, `to_snake_case`).
package func snakeCase(_ name: String) -> String {
    let letters = Array(name.filter { $0.isLetter || $0.isNumber || $0 == "_" })
    var result = ""
    for (place, letter) in letters.enumerated() {
        let previous = place > 0 ? letters[place - 1] : nil
        let next = place + 1 < letters.count ? letters[place + 1] : nil
        if letter.isUppercase, let previous, previous.isLowercase || next?.isLowercase == true {
            result += "_"
        }
        result += letter.lowercased()
    }
    return result
}
