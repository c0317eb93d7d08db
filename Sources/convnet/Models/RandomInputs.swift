import SwiftConvNet

/// Random samples for every input of a model.
struct RandomInputs {
    /// By the model's names; values are normal, with mean 0 and deviation 1, or class numbers for an embedding.
    let tensors: [(name: String, tensor: Tensor)]

    /// - Parameters:
    ///   - model: whose inputs.
    ///   - count: the number of samples.
    ///   - seed: what they are drawn from.
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    init(for model: Model, count: Int, seed: UInt64) throws {
        var random = RandomStream(seed: seed, purpose: .user)
        tensors = try zip(model.inputNames, model.inputShapes).map { name, shape in
            let isIndices = Self.entersEmbedding(name, of: model)
            let tensor = try Tensor(shape: shape.batched(count)) { values in
                for place in values.indices {
                    values[place] =
                        isIndices ? Float(random.integer(below: 2)) : Float(random.standardNormal())
                }
            }
            return (name, tensor)
        }
    }

    /// The samples for a call of the model.
    var dataset: any Dataset {
        get throws { try TensorDataset(named: tensors) }
    }

    /// Whether an input's values are indices, for which only whole numbers are right.
    private static func entersEmbedding(_ name: String, of model: Model) -> Bool {
        let graph = model.graph
        return graph.nodes.contains { node in
            type(of: graph.layers[node.layer].layer).kind == "Embedding"
                && node.inputs.contains { graph.nodes[$0.node].name == name }
        }
    }
}
