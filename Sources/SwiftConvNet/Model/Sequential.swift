/// A chain of layers: what each puts out, the next takes in.
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
    ///   - name: the model's name.
    ///   - seed: from which all random numbers of the model come: initial weights, dropout, shuffling.
    ///   - options: how to compute.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` that names the layer which does not fit.
    public convenience init(
        inputShape: Shape,
        name: String = "sequential",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions(),
        @LayerBuilder layers: () throws -> [any Layer]
    ) throws {
        try self.init(inputShape: inputShape, layers: layers(), name: name, seed: seed, options: options)
    }

    /// A chain of the layers in an array; as `init(inputShape:name:seed:options:layers:)` with a closure.
    public init(
        inputShape: Shape,
        layers: [any Layer],
        name: String = "sequential",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws {
        let chain =
            [(InputLayer(shape: inputShape) as any Layer, [Int]())] + layers.enumerated().map { ($1, [$0]) }
        let graph = try Graph(layers: chain, input: 0, output: chain.count - 1)
        try super.init(graph: graph, name: name, seed: seed, options: options, initialize: true)
    }

    /// The chain of a file.
    ///
    /// - Throws: `ConvNetError` of kind `format` if the graph is no chain.
    init(chain graph: Graph, name: String, seed: UInt64, options: ComputeOptions) throws {
        for (place, node) in graph.nodes.enumerated() where node.inputs != (place == 0 ? [] : [place - 1]) {
            throw ConvNetError(
                .format, "The layers of a Sequential must be a chain", at: "layer \(place) (\(node.name))",
                expected: "each layer to read the one before it",
                received: "\(node.inputs.map { graph.nodes[$0].name })")
        }
        guard graph.input == 0, graph.output == graph.nodes.count - 1 else {
            throw ConvNetError(.format, "A Sequential begins with its input and ends with its output")
        }
        try super.init(graph: graph, name: name, seed: seed, options: options, initialize: false)
    }
}

/// Collects the layers that a closure lists.
@resultBuilder
public enum LayerBuilder {
    public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
    public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
    public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
    public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
    public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
    public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
    public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
    public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
}
