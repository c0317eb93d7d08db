/// A network with its parameters: what is trained, evaluated and asked for predictions.
///
/// `Sequential` makes one from a chain of layers, `init(inputs:outputs:)` from any acyclic graph of them. A model
/// is used from one task at a time; what many tasks may share is its `predictor()`.
public class Model {
    /// The name.
    public let name: String
    /// The layers and how they are connected.
    public let graph: Graph
    /// From which all random numbers of the model come: initial weights, dropout, shuffling.
    public let seed: UInt64
    /// How to compute.
    public let options: ComputeOptions

    package let engine: Engine
    package let use = ExclusiveUse()
    package var store: ParameterStore { engine.store }
    /// What `compile` has set.
    var compilation: Compilation?

    /// A model of the layers on the way from an input to an output.
    ///
    /// - Parameters:
    ///   - inputs: what `Input(shape:)` has returned.
    ///   - outputs: the output of the last layer.
    ///   - name: the model's name; unlike Keras', the default is not counted.
    ///   - seed: from which all random numbers of the model come.
    ///   - options: how to compute.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` that names the layer which does not fit.
    public convenience init(
        inputs: LayerOutput,
        outputs: LayerOutput,
        name: String = "functional",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws {
        try self.init(graph: Graph(input: inputs, output: outputs), name: name, seed: seed, options: options)
    }

    /// A model of a graph, with new initial values from the seed.
    ///
    /// - Throws: `ConvNetError` as the layers and initializers of the graph throw it.
    public convenience init(
        graph: Graph,
        name: String = "functional",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws {
        try self.init(graph: graph, name: name, seed: seed, options: options, initialize: true)
    }

    /// As `init(graph:name:seed:options:)`; without initial values where a file's follow.
    init(graph: Graph, name: String, seed: UInt64, options: ComputeOptions, initialize: Bool) throws {
        let store = try ParameterStore(graph.namedParameters)
        if initialize { try store.initialize(seed: seed) }
        self.name = name
        self.graph = graph
        self.seed = seed
        self.options = options
        engine = try Engine(graph.network, store: store, options: options, seed: seed)
    }

    /// The shape of one sample, without the batch axis.
    public var inputShape: Shape { graph.inputShape }
    /// The shape of one prediction, without the batch axis.
    public var outputShape: Shape { graph.outputShape }
}
