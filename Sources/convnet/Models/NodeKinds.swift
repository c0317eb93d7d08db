import ConvNetInterop
import SwiftConvNet

extension Graph {
    /// What each node computes, by its name: the kind of its layer, or ONNX' operator where that is all the layer says.
    var kindsOfNodes: [String: String] {
        let kinds = nodes.map { node in
            let layer = layers[node.layer].layer
            return (node.name, ONNXOperatorFacts(layer)?.operatorType ?? type(of: layer).kind)
        }
        return Dictionary(kinds) { first, _ in first }
    }
}
