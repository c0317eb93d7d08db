import SwiftConvNet

/// The layers of a model as boxes, and arrows from each to those that read it; Keras' `plot_model` and `model_to_dot`.
///
/// ```swift
/// let diagram = ModelDiagram(model)
/// try diagram.svg().write(toFile: "model.svg", atomically: true, encoding: .utf8)
/// print(diagram.dot)  // for Graphviz
/// ```
///
/// A layer that is applied several times has a box for each application. The layers of a nested model have its name before theirs.
public struct ModelDiagram: Sendable {
    /// A box: a layer where it is applied.
    package struct Box: Sendable {
        /// `conv2d`, or `conv2d#2` where the layer is applied for the second time.
        let name: String
        /// `Conv2D`.
        let kind: String
        /// `[26, 26, 32]`, the shapes of its outputs without the batch axis.
        let shapes: String
        /// The boxes that it reads, before it in the list.
        let inputs: [Int]
    }

    /// In an order in which each comes after those that it reads.
    package let boxes: [Box]
    /// The name of the model.
    package let title: String
    /// Whether boxes say the shapes of outputs.
    package let showsShapes: Bool

    /// The diagram of a model as it is now.
    ///
    /// - Parameters:
    ///   - model: the model.
    ///   - showsShapes: whether boxes say the shapes of outputs, without the batch axis. Default: `true`.
    public init(_ model: Model, showsShapes: Bool = true) {
        title = model.name
        self.showsShapes = showsShapes
        let graph = model.graph
        boxes = graph.nodes.map { node in
            Box(
                name: node.name,
                kind: type(of: graph.layers[node.layer].layer).kind,
                shapes: node.outputShapes.map(\.description).joined(separator: ", "),
                inputs: node.inputs.map(\.node)
            )
        }
    }

    /// The lines of a box: name, kind, shapes.
    package func lines(of box: Box) -> [String] { [box.name, box.kind] + (showsShapes ? [box.shapes] : []) }
}
