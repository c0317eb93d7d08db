/// A network as data: layers, and nodes where they are applied, in an order in which each comes after those it reads.
/// `Sequential` is a chain, `Model(inputs:outputs:)` the general form; files hold the same. A nested model is no layer: its
/// layers are part of the graph, under names such as `encoder/conv2d`.
public struct Graph: Sendable {
    /// A layer, which may be applied several times.
    public struct NamedLayer: Sendable {
        /// The name, different from every other in the graph: within a nested model `encoder/conv2d`.
        public let name: String
        /// What it computes.
        public let layer: any Layer
        /// Whether training changes its parameters.
        public internal(set) var isTrainable = true
        /// The penalty for what it puts out.
        public internal(set) var activityRegularizer: (any Regularizer)?
    }

    /// One use of a layer.
    public struct Node: Sendable {
        /// The layer's name; where the layer is applied again, with the number of the application: `conv2d#2`.
        public let name: String
        /// The layer's index.
        public let layer: Int
        /// What it reads: outputs of nodes before it.
        public let inputs: [Source]
        /// The shapes of its outputs, without the batch axis; those for the inputs' own sizes.
        public let outputShapes: [Shape]
        /// For each output, the axes whose size follows from flexible axes of the inputs.
        let flexibleAxes: [Set<Int>]
    }

    /// An output of a node.
    public struct Source: Sendable, Hashable {
        /// The node's index.
        public let node: Int
        /// Which of its outputs.
        public let output: Int

        init(_ node: Int, output: Int = 0) {
            self.node = node
            self.output = output
        }
    }

    /// A parameter that a layer has declared.
    struct LayerParameter: Sendable {
        /// The index of the layer.
        let layer: Int
        let spec: ParameterSpec
    }

    /// The layers, in the order in which they are first applied.
    public internal(set) var layers: [NamedLayer]
    /// The nodes; each reads only nodes before it.
    public let nodes: [Node]
    /// The nodes where samples enter.
    public let inputs: [Int]
    /// The predictions.
    public let outputs: [Source]
    /// The parameters of all layers, in the order in which they are declared.
    let parameters: [LayerParameter]

    /// Infers all shapes.
    ///
    /// - Parameters:
    ///   - nodes: where layers are applied: their index, and what they read, all before their own place.
    ///   - inputs: the places of the nodes of `InputLayer`s.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` that names the layer which cannot take its input, whose
    ///   settings are out of range, or whose name is taken.
    init(
        layers: [NamedLayer],
        nodes: [(layer: Int, inputs: [Source])],
        inputs: [Int],
        outputs: [Source]
    ) throws {
        try validate(layers)
        let steps = try Self.steps(layers, nodes)
        guard !inputs.isEmpty, !outputs.isEmpty, Set(inputs).count == inputs.count,
            inputs.allSatisfy({ nodes.indices.contains($0) && steps[$0].layer is InputLayer }),
            steps.areOutputs(outputs, before: steps.count)
        else {
            throw ConvNetError(
                .argument,
                "A graph needs input layers and outputs",
                at: "Graph",
                expected: "places in 0..<\(nodes.count)",
                received: "inputs \(inputs), outputs \(outputs.map { "output \($0.output) of \($0.node)" })"
            )
        }
        // What a plan may meet is an error of the architecture, so it shows here.
        let (shapes, parameters) = try steps.described(inputs: inputs, mode: .inference)
        let specs = parameters.byLayer(of: layers.count)
        for frozen in [[], Set(layers.indices)] as [Set<Int>] {
            let (_, others) = try steps.described(inputs: inputs, mode: .training, frozen: frozen)
            let trained = others.byLayer(of: layers.count)
            for (place, layer) in layers.enumerated() where !areEqual(specs[place], trained[place]) {
                throw ConvNetError(
                    .argument,
                    "A layer has other parameters in training\(frozen.isEmpty ? "" : ", frozen,") than in inference",
                    at: "layer \(steps.firstIndex { $0.layerIndex == place } ?? place) (\(layer.name))",
                    expected: "the same parameters whatever the mode",
                    received: "\(trained[place].map(\.name)) and \(specs[place].map(\.name))"
                )
            }
        }
        let larger = try steps.largerShapes(inputs: inputs, parameters: parameters) ?? shapes
        self.layers = layers
        self.parameters = parameters
        self.nodes = steps.indices.map { place in
            let step = steps[place]
            return Node(
                name: step.name,
                layer: step.layerIndex,
                inputs: step.inputs,
                outputShapes: shapes[place],
                flexibleAxes: zip(shapes[place], larger[place]).map { shape, larger in
                    Set(shape.indices.filter { shape[$0] != larger[$0] })
                }
            )
        }
        self.inputs = inputs
        self.outputs = outputs
        for (what, names) in [
            ("inputs", inputNames), ("outputs", outputNames), ("parameters", namedParameters.map(\.name)),
        ] {
            var taken = Set<String>()
            guard let twice = names.first(where: { !taken.insert($0).inserted }) else { continue }
            throw ConvNetError(
                .argument,
                "Two \(what) have one name",
                at: "Model",
                received: "\"\(twice)\"",
                remedy: "Give a layer another name"
            )
        }
    }

    /// The shapes of the inputs of one sample, without the batch axis.
    public var inputShapes: [Shape] { inputs.map { nodes[$0].outputShapes[0] } }
    /// The shapes of the predictions for one sample, without the batch axis.
    public var outputShapes: [Shape] { outputs.map { nodes[$0.node].outputShapes[$0.output] } }
    /// The names of the inputs: those of their layers.
    public var inputNames: [String] { inputs.map { nodes[$0].name } }
    /// The names of the predictions: those of the layers that make them, with a number where a layer has several outputs.
    public var outputNames: [String] { outputs.map(name(of:)) }

    /// The layer of a node.
    func layer(of node: Node) -> NamedLayer { layers[node.layer] }

    /// The name of an output, as tables show it: the node's, with a number if there are several outputs.
    func name(of source: Source) -> String {
        let node = nodes[source.node]
        return node.outputShapes.count == 1 ? node.name : "\(node.name)[\(source.output)]"
    }

    /// The parameters of all layers, by the names that they have in stores and files.
    var namedParameters: [(name: String, spec: ParameterSpec)] {
        parameters.map { ("\(layers[$0.layer].name)/\($0.spec.name)", $0.spec) }
    }

    /// The indices of the parameters that training changes by their gradient if some layers are frozen.
    func learningParameters(frozen: Set<Int>) -> [Int] {
        parameters.indices.filter {
            parameters[$0].spec.isTrainable && !frozen.contains(parameters[$0].layer)
        }
    }

    /// The same graph, with what is said of each layer.
    func withTrainable(_ areTrainable: [Bool]) -> Graph {
        var graph = self
        for (index, isTrainable) in areTrainable.enumerated() {
            graph.layers[index].isTrainable = isTrainable
        }
        return graph
    }

    /// The nodes as the steps of a lowering.
    private static func steps(_ layers: [NamedLayer], _ nodes: [(layer: Int, inputs: [Source])]) throws
        -> [LoweringStep]
    {
        var applications = [Int](repeating: 0, count: layers.count)
        var steps: [LoweringStep] = []
        for (place, node) in nodes.enumerated() {
            guard layers.indices.contains(node.layer) else {
                throw ConvNetError(
                    .argument,
                    "A node applies a layer that there is not",
                    at: "node \(place)",
                    expected: "an index in 0..<\(layers.count)",
                    received: "\(node.layer)"
                )
            }
            let named = layers[node.layer]
            guard named.layer.outputCount >= 1 else {
                throw ConvNetError(
                    .argument,
                    "A layer needs an output",
                    at: "layer \(place) (\(named.name))",
                    expected: "an outputCount of at least 1",
                    received: "\(named.layer.outputCount)"
                )
            }
            applications[node.layer] += 1
            guard steps.areOutputs(node.inputs, before: place) else {
                throw ConvNetError(
                    .argument,
                    "A layer reads one that does not come before it",
                    at: "layer \(place) (\(named.name))",
                    expected: "outputs of the nodes 0..<\(place)",
                    received: "\(node.inputs.map { "output \($0.output) of \($0.node)" })"
                )
            }
            let number = applications[node.layer]
            steps.append(
                LoweringStep(
                    name: number == 1 ? named.name : "\(named.name)#\(number)",
                    layerIndex: node.layer,
                    layer: named.layer,
                    activityRegularizer: named.activityRegularizer,
                    inputs: node.inputs
                )
            )
        }
        if let unused = applications.firstIndex(of: 0) {
            throw ConvNetError(
                .argument,
                "A layer is not applied",
                at: "layer \(layers[unused].name)",
                expected: "a node that applies it",
                received: "none"
            )
        }
        return steps
    }
}

extension [LoweringStep] {
    /// The shapes of each node's outputs where the flexible axes of the inputs are twice as large; `nil` if there are none.
    ///
    /// - Throws: `ConvNetError` of kind `shape` that names the layer which does not allow it.
    fileprivate func largerShapes(inputs: [Int], parameters: [Graph.LayerParameter]) throws -> [[Shape]]? {
        let layers = inputs.compactMap { self[$0].layer as? InputLayer }
        guard layers.contains(where: { !$0.flexibleAxes.isEmpty }) else { return nil }
        let shapes = layers.map { layer in
            Shape(layer.shape.enumerated().map { layer.flexibleAxes.contains($0) ? 2 * $1 : $1 })
        }
        let (larger, others) = try described(inputs: inputs, shapes: shapes, mode: .inference)
        try check(others.map(\.spec), against: parameters, inputs: shapes)
        return larger
    }

    /// Whether sources are outputs of the first nodes.
    fileprivate func areOutputs(_ sources: [Graph.Source], before end: Int) -> Bool {
        sources.allSatisfy {
            (0..<end).contains($0.node) && (0..<self[$0.node].layer.outputCount).contains($0.output)
        }
    }
}

extension [Graph.LayerParameter] {
    /// The parameters of each layer.
    fileprivate func byLayer(of count: Int) -> [[ParameterSpec]] {
        reduce(into: Array<[ParameterSpec]>(repeating: [], count: count)) { $0[$1.layer].append($1.spec) }
    }
}

/// Whether two descriptions name the same parameters.
private func areEqual(_ first: [ParameterSpec], _ second: [ParameterSpec]) -> Bool {
    first.elementsEqual(second) {
        $0.name == $1.name && $0.shape == $1.shape && $0.isTrainable == $1.isTrainable
    }
}
