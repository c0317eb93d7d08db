extension Model {
    /// Where samples enter the model: what `Input(shape:)` has returned.
    public var input: LayerOutput { LayerOutput(assembly.applications[graph.input]) }

    /// What the model predicts, as an output from which another model can be built.
    public var output: LayerOutput { output(graph.output) }

    /// The layer of a name.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is none.
    public func layer(named name: String) throws -> SharedLayer {
        assembly.layers[try index(ofLayer: name)]
    }

    /// An output of a layer within the model, from which another model can be built: it shares the layers up to there.
    ///
    /// ```swift
    /// for layer in base.layers { layer.isTrainable = false }
    /// let features = try base.output(of: "global_average_pooling2d")
    /// let model = try Model(inputs: base.input, outputs: Dense(units: 5, activation: .softmax)(features))
    /// ```
    ///
    /// - Parameters:
    ///   - name: the layer's name. Of a layer that is applied several times it is the first application; `"encoder#2"` names the
    ///     second.
    ///   - index: which of the layer's outputs.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such layer or output.
    public func output(of name: String, _ index: Int = 0) throws -> LayerOutput {
        guard let node = graph.nodes.firstIndex(where: { $0.name == name }) else {
            throw noLayer(name, among: graph.nodes.map(\.name))
        }
        let count = graph.nodes[node].outputShapes.count
        guard (0..<count).contains(index) else {
            throw ConvNetError(
                .argument, "The layer has no such output", at: name, expected: "0..<\(count)",
                received: "\(index)")
        }
        return output(Graph.Source(node, output: index))
    }

    /// Whether training changes the model's parameters: `true` if it does for one of its layers. To set it sets it for all
    /// layers; it takes effect at the next `compile` of a model that the layers are part of.
    public var isTrainable: Bool {
        get { layers.contains(where: \.isTrainable) }
        set { for layer in layers { layer.isTrainable = newValue } }
    }

    private func output(_ source: Graph.Source) -> LayerOutput {
        LayerOutput(assembly.applications[source.node], output: source.output)
    }

    private func index(ofLayer name: String) throws -> Int {
        guard let index = graph.layers.firstIndex(where: { $0.name == name }) else {
            throw noLayer(name, among: graph.layers.map(\.name))
        }
        return index
    }

    private func noLayer(_ name: String, among names: [String]) -> ConvNetError {
        ConvNetError(
            .argument, "The model has no layer of this name", at: self.name,
            expected: "one of \(names.joined(separator: ", "))", received: "\"\(name)\"")
    }
}

extension Model: Applicable {
    /// Applies the model like a layer: its layers become part of the model that is built from the output, and share their
    /// parameters with this one. Their names are `encoder/conv2d`, say, if this model is called `encoder`.
    ///
    /// - Parameter inputs: one output, for the model's input. Another number of them is an error of the model that is built.
    public func apply(_ inputs: [LayerOutput]) -> [LayerOutput] {
        guard inputs.count == 1 else {
            let problem = ConvNetError(
                .argument, "A model is applied to one output for each of its inputs", at: name,
                expected: "1", received: "\(inputs.count)")
            return [LayerOutput(.init(assembly.layers[0], [], problem: problem))]
        }
        var values: [LayerOutput.Application?] = []
        func value(_ source: Graph.Source) -> LayerOutput {
            values[source.node].map { LayerOutput($0, output: source.output) } ?? inputs[0]
        }
        for (place, node) in graph.nodes.enumerated() {
            let nesting = LayerOutput.Nesting(scope: scope, name: graph.layers[node.layer].name)
            values.append(
                place == graph.input
                    ? nil
                    : LayerOutput.Application(
                        assembly.layers[node.layer], node.inputs.map(value), nesting: nesting))
        }
        return [value(graph.output)]
    }
}
