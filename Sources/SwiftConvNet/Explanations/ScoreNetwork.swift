/// A model as its explanations need it: the score of a class, differentiable by the input, or by what a layer puts out. It shares
/// the model's parameters.
///
/// The score is the logit: what enters a softmax, or a sigmoid, at the end of the model; without one of them it is the prediction. Layers behave
/// as in inference.
struct ScoreNetwork {
    private let network: Model
    /// The inputs of the network, in their order, by the names that they have there; `nil` for what the layer puts out.
    private let entrances: [(name: String, input: Int?)]
    private let classCount: Int

    /// The name of the input in place of a layer.
    private static let featuresName = "explained_features"

    /// - Parameters:
    ///   - model: the model, of one output.
    ///   - node: the node whose outputs become inputs, if there is to be one.
    ///   - call: what errors call the explanation.
    /// - Throws: `ConvNetError` of kind `argument` if the model has several outputs, or the output does not depend on the layer.
    init(of model: Model, from node: Int? = nil, for call: String) throws {
        let graph = model.graph
        try graph.requireOneOutput(for: call)
        classCount = try Self.classCount(of: graph, for: call)
        // What the output depends on: backwards, up to the layer.
        var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
        isNeeded[graph.outputs[0].node] = true
        for place in graph.nodes.indices.reversed() where isNeeded[place] && place != node {
            for source in graph.nodes[place].inputs { isNeeded[source.node] = true }
        }
        if let node, !isNeeded[node] {
            throw ConvNetError(
                .argument,
                "The prediction does not depend on the layer",
                at: "\(call), \(graph.nodes[node].name)",
                remedy: "Name a layer on the way to the output"
            )
        }
        let layers = try graph.layers.indices.map { try model.explained($0) }
        var values: [LayerOutput?] = []
        var inputs: [LayerOutput] = []
        var entrances: [(name: String, input: Int?)] = []
        for (place, item) in graph.nodes.enumerated() {
            let input = graph.inputs.firstIndex(of: place)
            guard isNeeded[place] else {
                values.append(nil)
                continue
            }
            if place == node || input != nil {
                let name = place == node ? Self.featuresName : item.name
                let entrance = Input(
                    shape: item.outputShapes[0],
                    flexibleAxes: item.flexibleAxes[0],
                    name: name
                )
                inputs.append(entrance)
                entrances.append((name, place == node ? nil : input))
                values.append(entrance)
                continue
            }
            let sources = item.inputs.compactMap { source in
                values[source.node].map { LayerOutput($0.application, output: source.output) }
            }
            values.append(LayerOutput(.init(layers[item.layer], sources)))
        }
        let last = graph.outputs[0]
        network = try Model(
            inputs: inputs,
            outputs: values[last.node].map { [LayerOutput($0.application, output: last.output)] } ?? [],
            name: model.name,
            seed: model.seed,
            options: model.options
        )
        self.entrances = entrances
        try network.compile(
            optimizer: .sgd(),
            loss: ClassScore(startsBefore: try Self.lastActivation(of: graph))
        )
    }

    /// The gradients of the scores of classes.
    ///
    /// - Parameters:
    ///   - features: what the layer puts out for the samples, if one is in place of the input.
    ///   - inputs: the samples, `[samples, …]` for each input of the model.
    ///   - classes: the class of each sample.
    /// - Returns: the gradients by the features if there are any, else by the first input: `[samples, …]`.
    /// - Throws: `ConvNetError` of kind `argument` for a class that there is not.
    func gradients(features: Tensor? = nil, inputs: [Tensor], classes: [Int], for call: String) throws
        -> Tensor
    {
        for (sample, index) in classes.enumerated() where !(0..<classCount).contains(index) {
            throw ConvNetError(
                .argument,
                "The model has no such class",
                at: "\(call), sample \(sample)",
                expected: "0..<\(classCount)",
                received: "\(index)"
            )
        }
        var parts: [(name: String, role: Field.Role, content: Targets)] = []
        for (name, input) in entrances {
            guard let tensor = input.map({ inputs[$0] }) ?? features else { continue }
            parts.append((name, .input, .values(tensor)))
        }
        let labels = Labels(classes.map { Int32(truncatingIfNeeded: $0) })
        parts.append((network.outputNames[0], .target, .labels(labels)))
        let gradients = try network.gradients(TensorDataset(parts), includingSamples: true)
        let name = features == nil ? entrances[0].name : Self.featuresName
        guard let gradient = gradients.inputs[name] else {
            throw ConvNetError(.argument, "The prediction does not depend on the input", at: call)
        }
        return gradient
    }

    /// The number of classes: a single output, such as that of a sigmoid, tells two.
    private static func classCount(of graph: Graph, for call: String) throws -> Int {
        guard let count = graph.outputShapes[0].last else {
            throw ConvNetError(
                .shape,
                "An explanation is that of a class",
                at: call,
                expected: "a model that predicts [..., classes]",
                received: "\(graph.outputShapes[0])"
            )
        }
        return count == 1 ? 2 : count
    }

    /// The softmax or sigmoid that makes the predictions.
    private static func lastActivation(of graph: Graph) throws -> ActivationFunction? {
        let operators = try graph.lowered(batch: 1, inputShapes: graph.inputShapes, mode: .inference)
        let function = operators.lastActivation(ofOutput: 0)?.function
        return function == .softmax || function == .sigmoid ? function : nil
    }
}

extension Model {
    /// A layer as a frozen one that behaves as in inference, with the same parameters.
    fileprivate func explained(_ index: Int) throws -> SharedLayer {
        let original = assembly.layers[index], built = original.built
        let layer = SharedLayer(InInference(layer: original.layer), isTrainable: false)
        if let use = built.use {
            try layer.keep(built.parameters, named: graph.layers[index].name, use: use)
        }
        return layer
    }
}

/// A layer that behaves as in inference.
private struct InInference: Layer {
    static let kind = "InInference"
    let layer: any Layer

    var outputCount: Int { layer.outputCount }

    func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.asInInference { try layer.lower(inputs, in: &$0) }
    }

    init(layer: any Layer) { self.layer = layer }

    init(from decoder: any Decoder) throws { throw Self.notInAFile }
    func encode(to encoder: any Encoder) throws { throw Self.notInAFile }

    /// No such model leaves this file.
    private static var notInAFile: ConvNetError {
        ConvNetError(.argument, "The network of an explanation is in no file", at: kind)
    }
}

/// The score of each sample's class, as a loss: its sum over the places of the prediction, the pixels of a map, say. Of a single
/// output the score of class 1 is the output, and that of class 0 its negative.
private struct ClassScore: Loss {
    static let kind = "ClassScore"
    let startsBefore: ActivationFunction?
    /// Each sample's gradient is that of its own score.
    let reduction = LossReduction.sum

    init(startsBefore: ActivationFunction?) { self.startsBefore = startsBefore }

    init(from decoder: any Decoder) throws { startsBefore = nil }
    func encode(to encoder: any Encoder) throws {}

    func validate(output: Shape, targets: TargetKind) {}
    func classCount(output: Shape, targets: TargetKind) -> Int? { nil }
    func valueCount(of output: Shape) -> Int { 1 }

    func evaluate(_ sample: LossSample) -> Float {
        let values = sample.logits ?? sample.prediction
        let count = sample.shape.last ?? 1
        let sign: Float = count == 1 && sample.label == 0 ? -1 : 1
        let place = count == 1 ? 0 : sample.label
        sample.gradient?.update(repeating: 0)
        var sum: Float = 0
        for index in stride(from: place, to: values.count, by: max(count, 1)) {
            sum += sign * values[index]
            sample.gradient?[index] = sign * sample.scale
        }
        return sum
    }
}
