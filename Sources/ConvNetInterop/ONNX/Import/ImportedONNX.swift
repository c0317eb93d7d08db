/// The network of an ONNX file, and how its inputs and outputs stand to those of the file.
public struct ImportedONNX {
    /// An input or an output.
    public struct Port: Sendable, Hashable {
        /// Its name in the file.
        public let name: String
        /// Its name in the model: the file's, with "." for "/".
        public let layer: String
        /// Whether the file's first axis is the batch. If not, it is part of a sample, which is one call of the file's graph.
        public let hasBatchAxis: Bool
    }

    /// The network. It predicts, and trains where its operators have gradients.
    public let model: Model
    /// The inputs, in the order of the file; those that became constants are not among them.
    public let inputs: [Port]
    /// The outputs, in the order of the file.
    public let outputs: [Port]
    /// The shapes of outputs that have no element whatever the inputs: they are not outputs of the model.
    public let emptyOutputs: [String: Shape]
}

extension ImportedONNX {
    /// The outputs of one call of the file's graph, by the names and with the axes that the file has.
    ///
    /// - Parameters:
    ///   - tensors: by the names of inputs; those that became constants are left aside. Where the first axis is the batch it may
    ///     have any size, the same for all inputs.
    ///   - batchSize: how many samples run at once; all unless given.
    /// - Throws: `ConvNetError` of kind `argument` if an input is missing; as `Model.predictions`.
    public func predictions(for tensors: [String: Tensor], batchSize: Int? = nil) throws -> [String: Tensor] {
        let samples = inputs.compactMap { $0.hasBatchAxis ? tensors[$0.name]?.shape.first : nil }.max() ?? 1
        let fields = try inputs.map { port in
            guard let tensor = try tensors[port.name] ?? port.placeholderTensor() else {
                throw ConvNetError(
                    .argument,
                    "An input is missing",
                    at: "predictions",
                    expected: inputs.map(\.name).joined(separator: ", "),
                    received: tensors.keys.sorted().joined(separator: ", ")
                )
            }
            return (port.layer, try port.samples(tensor, count: samples))
        }
        let found = try model.predictions(for: TensorDataset(named: fields), batchSize: batchSize ?? samples)
        var results = try emptyOutputs.mapValues { try Tensor(zeros: $0) }
        for port in outputs {
            guard let tensor = found[port.layer] else { continue }
            let own = Shape(Array(tensor.shape.dropFirst()))
            results[port.name] = port.hasBatchAxis ? tensor : try tensor.reshaped(to: own)
        }
        return results
    }
}

extension ImportedONNX.Port {
    /// The name of the input of a graph that has none.
    static let placeholder = "call"

    /// What enters where the graph has no input.
    fileprivate func placeholderTensor() throws -> Tensor? {
        name == Self.placeholder ? try Tensor(zeros: [1, 1]) : nil
    }

    /// A tensor of the file's shape as samples; without a batch axis each sample has all of it.
    fileprivate func samples(_ tensor: Tensor, count: Int) throws -> Tensor {
        if hasBatchAxis {
            return tensor.shape.rank == 1 ? try tensor.reshaped(to: [tensor.count, 1]) : tensor
        }
        // A single number enters as an axis of size 1.
        let own = tensor.shape.rank == 0 ? [1] : tensor.shape.dimensions
        return try Tensor(stacking: Array(repeating: tensor.reshaped(to: Shape(own)), count: count))
    }
}
