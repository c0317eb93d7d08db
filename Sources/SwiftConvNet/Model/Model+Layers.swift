extension Model {
    /// Where samples enter the model: what `Input(shape:)` has returned. Of several inputs the first.
    public var input: LayerOutput { inputs[0] }

    /// What the model predicts, as an output from which another model can be built. Of several outputs the first.
    public var output: LayerOutput { outputs[0] }

    /// Where samples enter the model: all inputs.
    public var inputs: [LayerOutput] { graph.inputs.map { LayerOutput(assembly.applications[$0]) } }

    /// What the model predicts: all outputs.
    public var outputs: [LayerOutput] { graph.outputs.map(output) }

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
                .argument,
                "The layer has no such output",
                at: name,
                expected: "0..<\(count)",
                received: "\(index)"
            )
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
            .argument,
            "The model has no layer of this name",
            at: self.name,
            expected: "one of \(names.joined(separator: ", "))",
            received: "\"\(name)\""
        )
    }
}

extension Model: Applicable {
    /// Applies the model like a layer: its layers become part of the model that is built from the output, and share their
    /// parameters with this one. Their names are `encoder/conv2d`, say, if this model is called `encoder`.
    ///
    /// - Parameter inputs: one for each of the model's inputs. Another number of them is an error of the model that is built.
    public func apply(_ inputs: [LayerOutput]) -> [LayerOutput] {
        guard inputs.count == graph.inputs.count else {
            let problem = ConvNetError(
                .argument,
                "A model is applied to one output for each of its inputs",
                at: name,
                expected: "\(graph.inputs.count)",
                received: "\(inputs.count)"
            )
            let nothing = LayerOutput.Application(assembly.layers[0], [], problem: problem)
            return graph.outputs.map { _ in LayerOutput(nothing) }
        }
        /// The first output of each node.
        var values: [LayerOutput] = []
        func value(_ source: Graph.Source) -> LayerOutput {
            let first = values[source.node]
            return source.output == 0 ? first : LayerOutput(first.application, output: source.output)
        }
        for (place, node) in graph.nodes.enumerated() {
            if let input = graph.inputs.firstIndex(of: place) {
                values.append(inputs[input])
                continue
            }
            let nesting = LayerOutput.Nesting(scope: scope, name: graph.layers[node.layer].name)
            values.append(
                LayerOutput(
                    .init(assembly.layers[node.layer], node.inputs.map(value), nesting: nesting)
                )
            )
        }
        return graph.outputs.map(value)
    }
}
