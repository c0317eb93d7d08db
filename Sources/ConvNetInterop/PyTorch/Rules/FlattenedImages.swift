import SwiftConvNet

/// Which layers read the elements of an image one after the other: here its channels are the last axis, in PyTorch the first, so that
/// the elements have another order.
struct FlattenedImages {
    /// The image's shape by the layer's index in the graph.
    private(set) var shapes: [Int: Shape] = [:]

    /// Follows what `Flatten` makes of images, through layers that keep its shape, up to those that have parameters.
    init(_ graph: Graph) {
        /// The image by the node that puts out its elements.
        var images: [Int: Shape] = [:]
        for (index, node) in graph.nodes.enumerated() {
            guard node.inputs.count == 1, let source = node.inputs.first else { continue }
            let input = graph.nodes[source.node].outputShapes[source.output]
            let layer = graph.layers[node.layer].layer
            if layer is Flatten {
                if input.rank > 2 { images[index] = input }
            } else if let image = images[source.node] {
                shapes[node.layer] = image
                if !(layer is Dense), node.outputShapes == [input] { images[index] = image }
            }
        }
    }
}
