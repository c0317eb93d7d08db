/// A network with its parameters: what is trained, evaluated and asked for predictions.
///
/// `Sequential` makes one from a chain of layers, `init(inputs:outputs:)` from any acyclic graph of them. A model
/// is used from one task at a time; what many tasks may share is its `predictor()`.
///
/// A model can be applied like a layer, and so become part of another one. Both share its parameters.
public class Model {
    /// The name.
    public let name: String
    /// The layers and how they are connected.
    public private(set) var graph: Graph
    /// From which all random numbers of the model come: initial weights, dropout, shuffling.
    public let seed: UInt64
    /// How to compute.
    public let options: ComputeOptions

    /// The layers in the order of the network, those of nested models among them; without the input, which computes nothing.
    public var layers: [SharedLayer] { assembly.layers.filter { !($0.layer is InputLayer) } }

    /// The names of the classes that a classifier predicts, in their order; a saved model keeps them. `classify` uses them. Default:
    /// none.
    public var classNames: [String]?

    private(set) var assembly: Assembly
    let scope: LayerOutput.Scope
    package private(set) var engine: Engine
    package private(set) var use: ExclusiveUse
    package var store: ParameterStore { engine.store }
    /// What `compile` has set.
    var compilation: Compilation?
    /// Whether `fit` runs: what it trains with cannot be set anew meanwhile.
    var isTraining = false

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
        try self.init(inputs: [inputs], outputs: [outputs], name: name, seed: seed, options: options)
    }

    /// A model of the layers on the way from several inputs to several outputs.
    ///
    /// ```swift
    /// let left = Input(shape: [28, 28, 1], name: "left"), right = Input(shape: [28, 28, 1], name: "right")
    /// let joined = Concatenate()(encoder(left), encoder(right))
    /// let same = Dense(units: 1, activation: .sigmoid, name: "same")(joined)
    /// let model = try Model(inputs: [left, right], outputs: [same])
    /// ```
    ///
    /// Inputs and outputs have the names of their layers: fields of a dataset, losses and metrics go by them.
    ///
    /// - Parameters:
    ///   - inputs: what `Input(shape:)` has returned, each once.
    ///   - outputs: outputs of layers.
    ///   - name: the model's name; unlike Keras', the default is not counted.
    ///   - seed: from which all random numbers of the model come.
    ///   - options: how to compute.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` that names the layer which does not fit.
    public convenience init(
        inputs: [LayerOutput],
        outputs: [LayerOutput],
        name: String = "functional",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws {
        try self.init(
            Assembly(inputs: inputs, outputs: outputs),
            name: name,
            seed: seed,
            options: options,
            initialize: true
        )
    }

    /// A model of a graph, with layers of its own and new initial values from the seed.
    ///
    /// - Throws: `ConvNetError` as the layers and initializers of the graph throw it.
    public convenience init(
        graph: Graph,
        name: String = "functional",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws {
        try self.init(Assembly(graph), name: name, seed: seed, options: options, initialize: true)
    }

    /// A model whose new parameters are zero: for values of a file, which would replace initial ones at once.
    ///
    /// - Throws: as `init(inputs:outputs:name:seed:options:)`.
    package convenience init(
        uninitialized inputs: [LayerOutput],
        outputs: [LayerOutput],
        name: String,
        options: ComputeOptions
    ) throws {
        try self.init(
            Assembly(inputs: inputs, outputs: outputs),
            name: name,
            seed: 0,
            options: options,
            initialize: false
        )
    }

    /// - Parameter initialize: whether new parameters get their first values; a file's may follow.
    required init(
        _ assembly: Assembly,
        name: String,
        seed: UInt64,
        options: ComputeOptions,
        initialize: Bool
    ) throws {
        self.name = name
        self.assembly = assembly
        self.seed = seed
        self.options = options
        graph = assembly.graph
        scope = LayerOutput.Scope(name: name)
        (engine, use) = try Self.build(assembly, seed: seed, options: options, initialize: initialize)
    }

    /// What computes an assembly, with the parameters that its layers have already, and new ones.
    private static func build(
        _ assembly: Assembly,
        seed: UInt64,
        options: ComputeOptions,
        initialize: Bool
    ) throws -> (Engine, ExclusiveUse) {
        let (parameters, new) = try assembly.parameters()
        let store = ParameterStore(parameters)
        if initialize { try store.initialize(new, seed: seed) }
        let engine = try Engine(assembly.graph.network, store: store, options: options, seed: seed)
        let use = assembly.use()
        try assembly.keep(store, use: use)
        return (engine, use)
    }

    /// Takes other layers. Those that stay keep their parameters; the model has to be compiled anew.
    ///
    /// - Throws: `ConvNetError` of kind `state` while `fit` trains the model, or another thread uses it; as the layers throw it. Then
    ///   nothing is changed.
    func rebuild(_ assembly: Assembly, for call: String) throws {
        let before = use
        try before.begin(call)
        defer { before.end() }
        guard !isTraining else {
            throw ConvNetError(
                .state,
                "The layers of a model cannot be changed while fit trains it",
                at: call,
                remedy: "Let the callback stop the run, and change the layers then"
            )
        }
        (engine, use) = try Self.build(assembly, seed: seed, options: options, initialize: true)
        self.assembly = assembly
        graph = assembly.graph
        compilation = nil
    }

    /// The shape of one sample, without the batch axis; of a model with several inputs that of the first.
    public var inputShape: Shape { graph.inputShapes[0] }
    /// The shape of one prediction, without the batch axis; of a model with several outputs that of the first.
    public var outputShape: Shape { graph.outputShapes[0] }
    /// The names of the inputs: those of their layers.
    public var inputNames: [String] { graph.inputNames }
    /// The names of the outputs: those of the layers that make them.
    public var outputNames: [String] { graph.outputNames }
    /// The shapes of the inputs of one sample, without the batch axis.
    public var inputShapes: [Shape] { graph.inputShapes }
    /// The shapes of the predictions for one sample, without the batch axis.
    public var outputShapes: [Shape] { graph.outputShapes }
}
