import SwiftConvNet

/// The layers of a network and how they are connected, from which any number of models are made.
///
/// Each model applies the layers anew, so no two models share a parameter.
public struct Network {
    /// One application of a layer.
    public struct Node {
        /// What it computes.
        public let layer: any Layer
        /// The values that it reads: 0 is the input, k the output of the k-th node.
        public let inputs: [Int]
    }

    /// The shape of one sample, without the batch axis.
    public let inputShape: Shape
    /// The applications, each after those that it reads; the last one's output is the prediction.
    public private(set) var nodes: [Node] = []

    /// A network without layers.
    public init(inputShape: Shape) { self.inputShape = inputShape }

    /// A chain of layers.
    public init(inputShape: Shape, layers: [any Layer]) {
        self.init(inputShape: inputShape)
        for layer in layers { append(layer, reading: [nodes.count]) }
    }

    /// Applies a layer to values, and returns the number of its output.
    @discardableResult
    public mutating func append(_ layer: any Layer, reading inputs: [Int]) -> Int {
        nodes.append(Node(layer: layer, inputs: inputs))
        return nodes.count
    }

    /// Whether each layer reads the one before it, and nothing else.
    public var isChain: Bool { nodes.enumerated().allSatisfy { $1.inputs == [$0] } }

    /// The kinds of the layers in their order, the input's first.
    public var kinds: [String] { [InputLayer.kind] + nodes.map { type(of: $0.layer).kind } }

    /// Whether training draws random numbers, so that its bits depend on which stream each layer has.
    public var hasNoise: Bool {
        kinds.contains(Dropout.kind)
            || nodes.contains { (($0.layer as? MultiHeadAttention)?.dropout ?? 0) > 0 }
    }

    /// A new model: a `Sequential` of a chain, else a functional `Model`.
    public func model(seed: UInt64, options: ComputeOptions) throws -> Model {
        if isChain {
            return try Sequential(
                inputShape: inputShape,
                layers: nodes.map(\.layer),
                seed: seed,
                options: options
            )
        }
        var values = [Input(shape: inputShape)]
        for node in nodes { values.append(node.layer(node.inputs.map { values[$0] })) }
        return try Model(inputs: values[0], outputs: values[nodes.count], seed: seed, options: options)
    }
}
