import SwiftConvNet

/// A model's graph as Keras' files hold it.
///
/// The ends and the operators of imported ONNX files are layers of Keras where it has some that do the same, and none where they hand on
/// what they read. A sum with a bias is part of the layer before it.
struct KerasGraph {
    struct Layer {
        let name: String
        let layer: any SwiftConvNet.Layer
        var activityRegularizer: (any Regularizer)?
        /// The layer of the model, if it is one and no input.
        var shared: SharedLayer?
        /// How often it is applied.
        var applications = 1
        /// Arrays that are parameters of other layers of the model.
        var arrays: [KerasArray] = []
        /// Whether one of those is a bias that the layer itself lacks.
        var hasForeignBias = false
    }

    struct Source: Hashable {
        let node: Int
        let output: Int

        init(_ node: Int, _ output: Int = 0) {
            self.node = node
            self.output = output
        }

        init(_ source: Graph.Source) { self.init(source.node, source.output) }
    }

    struct Node {
        let layer: Int
        let inputs: [Source]
        let outputShapes: [Shape]
    }

    private(set) var layers: [Layer] = []
    private(set) var nodes: [Node] = []
    private(set) var inputs: [Int] = []
    private(set) var outputs: [Source] = []

    init(_ model: Model) {
        let graph = model.graph
        let isOpen = graph.layers.contains { ($0.layer as? InputLayer)?.flexibleAxes.isEmpty == false }
        var shared = model.layers[...]
        let own = graph.layers.enumerated().map { index, named in
            Layer(
                name: named.name,
                layer: named.layer,
                activityRegularizer: named.activityRegularizer,
                shared: named.layer is InputLayer ? nil : shared.popFirst(),
                applications: graph.nodes.count { $0.layer == index }
            )
        }
        /// How often each tensor of the model is read or leaves.
        var readers: [Graph.Source: Int] = [:]
        for source in graph.nodes.flatMap(\.inputs) + graph.outputs { readers[source, default: 0] += 1 }
        /// The places of the model's layers, and where its tensors come from here.
        var places: [Int: Int] = [:], sources: [Source: Source] = [:]
        for (index, node) in graph.nodes.enumerated() {
            let layer = own[node.layer], read = node.inputs.compactMap { sources[Source($0)] }
            // Only a sum that reads the product itself knows who else does.
            if read.count == 1, readers[node.inputs[0]] == 1,
                own[graph.nodes[node.inputs[0].node].layer].layer.mayTakeBias,
                addBias(layer, node.outputShapes[0], to: read[0])
            {
                sources[Source(index)] = read[0]
                continue
            }
            let shapes = read.map { nodes[$0.node].outputShapes[$0.output] }
            if let steps = Self.steps(for: layer, reading: shapes, to: node.outputShapes[0], isOpen: isOpen) {
                sources[Source(index)] = add(steps, for: layer, read)
                continue
            }
            if places[node.layer] == nil {
                places[node.layer] = layers.count
                layers.append(layer)
            }
            for output in node.outputShapes.indices {
                sources[Source(index, output)] = Source(nodes.count, output)
            }
            nodes.append(
                Node(layer: places[node.layer] ?? 0, inputs: read, outputShapes: node.outputShapes)
            )
        }
        inputs = graph.inputs.compactMap { sources[Source($0)]?.node }
        addOutputs(graph, sources)
    }

    /// The layers of Keras for an end or an operator of an imported file; `nil` for other layers, and if there are none.
    private static func steps(for layer: Layer, reading shapes: [Shape], to shape: Shape, isOpen: Bool)
        -> [KerasStep]?
    {
        switch layer.layer {
        case let exit as ONNXOutput: exit.kerasSteps(reading: shapes, to: shape, isOpen: isOpen)
        // Arrays of a layer that is applied twice are one.
        case let node as ONNXOperator where layer.applications == 1:
            node.kerasSteps(reading: shapes, to: shape, isOpen: isOpen)
        default: nil
        }
    }

    /// Adds layers one behind the other; where their result comes from.
    private mutating func add(_ steps: [KerasStep], for layer: Layer, _ read: [Source]) -> Source {
        var sources = read
        for (place, step) in steps.enumerated() {
            let isLast = place == steps.count - 1
            var added = Layer(name: isLast ? layer.name : "\(layer.name)_\(place + 1)", layer: step.layer)
            added.arrays =
                layer.shared.map { shared in
                    step.arrays.map { KerasArray(layer: shared, variable: $0.variable, shape: $0.shape) }
                } ?? []
            layers.append(added)
            nodes.append(Node(layer: layers.count - 1, inputs: sources, outputShapes: [step.shape]))
            sources = [Source(nodes.count - 1)]
        }
        return sources[0]
    }

    /// Makes a sum with a parameter for each channel the bias of the layer before it, which lacks one and that nothing else reads.
    ///
    /// - Returns: whether it is so.
    private mutating func addBias(_ sum: Layer, _ shape: Shape, to source: Source) -> Bool {
        let place = nodes[source.node].layer, layer = layers[place]
        guard let shared = sum.shared, sum.applications == 1, sum.activityRegularizer == nil,
            let bias = (sum.layer as? ONNXOperator)?.kerasBias(of: shape),
            layer.applications == 1, layer.activityRegularizer == nil, layer.arrays.isEmpty,
            layer.shared?.isTrainable == shared.isTrainable,
            nodes[source.node].outputShapes[source.output] == shape
        else { return false }
        let variable = KerasVariable(path: "vars/1", parameter: bias, isCopy: false)
        layers[place].arrays = [KerasArray(layer: shared, variable: variable, shape: [shape.last ?? 1])]
        layers[place].hasForeignBias = true
        return true
    }

    /// What leaves; a tensor that leaves twice, and an input that leaves through a layer, keep a layer that gives it a name.
    private mutating func addOutputs(_ graph: Graph, _ sources: [Source: Source]) {
        for output in graph.outputs {
            guard var source = sources[Source(output)] else { continue }
            let exit = graph.layers[graph.nodes[output.node].layer]
            if exit.layer is ONNXOutput, outputs.contains(source) || inputs.contains(source.node) {
                let shape = nodes[source.node].outputShapes[source.output]
                let step = KerasStep(layer: Identity(), shape: shape)
                source = add([step], for: Layer(name: exit.name, layer: exit.layer), [source])
            }
            outputs.append(source)
        }
    }
}

extension Layer {
    /// Whether it is a product with a kernel, to whose channels Keras could add a bias, and does not.
    fileprivate var mayTakeBias: Bool {
        switch self {
        case let layer as Dense: !layer.useBias && layer.activation == .linear
        case let layer as Conv1D: !layer.useBias && layer.activation == .linear
        case let layer as Conv2D: !layer.useBias && layer.activation == .linear
        case let layer as Conv3D: !layer.useBias && layer.activation == .linear
        case let layer as DepthwiseConv2D: !layer.useBias && layer.activation == .linear
        default: false
        }
    }
}
