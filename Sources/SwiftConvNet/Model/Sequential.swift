/// A chain of layers and models: what each puts out, the next takes in.
///
/// ```swift
/// let model = try Sequential(inputShape: [28, 28, 1], seed: 42) {
///     Conv2D(filters: 32, kernelSize: 3, activation: .relu)
///     MaxPooling2D(poolSize: 2)
///     Flatten()
///     Dense(units: 10, activation: .softmax)
/// }
/// ```
public final class Sequential: Model {
    /// A chain of the layers that the closure lists; `if`, `else`, `switch`, `for` and optional layers work in it.
    ///
    /// - Parameters:
    ///   - inputShape: the shape of one sample: `[height, width, channels]` for images.
    ///   - flexibleAxes: the axes of `inputShape` that may have other sizes, as of `Input`. Default none.
    ///   - name: the model's name.
    ///   - seed: from which all random numbers of the model come: initial weights, dropout, shuffling.
    ///   - options: how to compute.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` that names the layer which does not fit.
    public convenience init(
        inputShape: Shape,
        flexibleAxes: Set<Int> = [],
        name: String = "sequential",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions(),
        @LayerBuilder layers: () throws -> [any Applicable]
    ) throws {
        try self.init(
            inputShape: inputShape,
            flexibleAxes: flexibleAxes,
            layers: layers(),
            name: name,
            seed: seed,
            options: options
        )
    }

    /// A chain of the layers in an array; as `init(inputShape:flexibleAxes:name:seed:options:layers:)` with a closure. Without layers it
    /// is empty, for `add`.
    public init(
        inputShape: Shape,
        flexibleAxes: Set<Int> = [],
        layers: [any Applicable] = [],
        name: String = "sequential",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws {
        let input = Input(shape: inputShape, flexibleAxes: flexibleAxes)
        var output = input
        for (place, layer) in layers.enumerated() {
            output = try Self.output(of: layer, at: place + 1, after: output)
        }
        let chain = try Assembly(inputs: [input], outputs: [output])
        try super.init(chain, name: name, seed: seed, options: options, initialize: true)
    }

    required init(
        _ assembly: Assembly,
        name: String,
        seed: UInt64,
        options: ComputeOptions,
        initialize: Bool
    ) throws {
        try super.init(assembly, name: name, seed: seed, options: options, initialize: initialize)
    }

    /// Adds a layer at the end, or a model.
    ///
    /// ```swift
    /// let model = try Sequential(inputShape: [28, 28, 1], seed: 42)
    /// try model.add(Conv2D(32, 3, activation: .relu))
    /// try model.add(Flatten())
    /// try model.add(Dense(10, activation: .softmax))
    /// ```
    ///
    /// The layers before it keep their parameters, and a new one has the initial values that it would have if all layers had been
    /// there at once. The model has to be compiled anew. Models that were made of this one stay as they were.
    ///
    /// - Throws: `ConvNetError` of kind `shape` or `argument` that names the layer if it does not fit, of kind `state` while `fit` trains
    ///   the model. Then nothing is changed.
    public func add(_ layer: any Applicable) throws {
        let output = try Self.output(of: layer, at: graph.nodes.count, after: output)
        try rebuild(Assembly(inputs: inputs, outputs: [output]), for: "add")
    }

    /// Removes the last layer; a model that was added goes as a whole. The model has to be compiled anew.
    ///
    /// - Throws: `ConvNetError` of kind `state` if there is no layer, or `fit` trains the model.
    public func pop() throws {
        var node = graph.outputs[0].node
        /// The name of the nested model that a node belongs to.
        func model(of node: Int) -> Substring? {
            let name = graph.layer(of: graph.nodes[node]).name
            return name.firstIndex(of: "/").map { name[..<$0] }
        }
        let nested = model(of: node)
        repeat {
            guard let source = graph.nodes[node].inputs.first else {
                throw ConvNetError(
                    .state,
                    "There is no layer to remove",
                    at: "pop",
                    expected: "at least 1 layer",
                    received: "0"
                )
            }
            node = source.node
        } while nested != nil && model(of: node) == nested
        try rebuild(
            Assembly(inputs: inputs, outputs: [LayerOutput(assembly.applications[node])]),
            for: "pop"
        )
    }

    /// The output of a layer, or a model, that comes next.
    private static func output(of layer: any Applicable, at place: Int, after output: LayerOutput) throws
        -> LayerOutput
    {
        let outputs = layer.apply([output])
        guard outputs.count == 1 else {
            throw ConvNetError(
                .argument,
                "A layer of a Sequential has one output",
                at: "layer \(place)",
                expected: "1",
                received: "\(outputs.count)",
                remedy: "Build a Model(inputs:outputs:)"
            )
        }
        return outputs[0]
    }
}

/// Collects the layers that a closure lists.
@resultBuilder
public enum LayerBuilder {
    public static func buildExpression(_ layer: any Applicable) -> [any Applicable] { [layer] }
    public static func buildExpression(_ layers: some Sequence<any Applicable>) -> [any Applicable] {
        Array(layers)
    }
    public static func buildExpression(_ layers: some Sequence<any Layer>) -> [any Applicable] {
        layers.map { $0 }
    }
    public static func buildExpression(_ layers: some Sequence<some Applicable>) -> [any Applicable] {
        layers.map { $0 }
    }
    public static func buildBlock(_ parts: [any Applicable]...) -> [any Applicable] { parts.flatMap { $0 } }
    public static func buildOptional(_ part: [any Applicable]?) -> [any Applicable] { part ?? [] }
    public static func buildEither(first part: [any Applicable]) -> [any Applicable] { part }
    public static func buildEither(second part: [any Applicable]) -> [any Applicable] { part }
    public static func buildArray(_ parts: [[any Applicable]]) -> [any Applicable] { parts.flatMap { $0 } }
    public static func buildLimitedAvailability(_ part: [any Applicable]) -> [any Applicable] { part }
}
