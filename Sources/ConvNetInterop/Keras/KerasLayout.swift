import SwiftConvNet

/// The layers of a model in the order in which Keras would list them, which its files of weights count by.
///
/// Keras orders the layers of a functional model by their distance from the outputs, the farthest first, and those of one distance by
/// when a walk from the outputs meets them (`keras/src/ops/function.py`, `map_graph`).
struct KerasLayout {
    /// The model's graph as Keras has it.
    let graph: KerasGraph
    /// The indices of the layers in the graph, inputs among them; without them for a chain.
    let layers: [Int]
    /// For each of `layers`, Keras' name: without slashes.
    let names: [String]
    /// For each of `layers`, where its arrays lie: `layers/dense_1`.
    let groups: [String]
    /// Whether the model is a `Sequential` in Keras.
    let isSequential: Bool

    init(_ model: Model) {
        let graph = KerasGraph(model)
        let isSequential = model is Sequential
        let order = isSequential ? graph.nodes.map(\.layer) : Self.order(of: graph)
        let layers = order.filter { !isSequential || !(graph.layers[$0].layer is InputLayer) }
        var taken = Set<String>()
        names = layers.map { index in
            let base = String(graph.layers[index].name.map { $0 == "/" ? "_" : $0 })
            var name = base, number = 1
            while !taken.insert(name).inserted {
                name = "\(base)_\(number)"
                number += 1
            }
            return name
        }
        var groupNames = KerasGroupNames()
        groups = layers.map { index in
            let kind = type(of: graph.layers[index].layer).kind
            let className = KerasLayers.rules.rule(forKind: kind)?.className ?? kind
            return "layers/" + groupNames.group(ofClass: className)
        }
        self.isSequential = isSequential
        self.layers = layers
        self.graph = graph
    }

    /// The layers that have arrays.
    var places: [KerasPlace] {
        layers.indices.flatMap { place in
            let layer = graph.layers[layers[place]]
            let own = layer.shared.map { KerasPlace(layer: $0, group: groups[place], member: place) }
            return (own.map { [$0] } ?? [])
                + layer.arrays.map {
                    KerasPlace(
                        layer: $0.layer,
                        group: groups[place],
                        member: place,
                        array: ($0.variable, $0.shape)
                    )
                }
        }
    }

    private static func order(of graph: KerasGraph) -> [Int] {
        /// The place of each layer in the walk.
        var indices: [Int: Int] = [:]
        var isFinished = [Bool](repeating: false, count: graph.nodes.count)
        var finished: [Int] = []
        // A walk with a stack of its own: each entry is a node, and which of its inputs comes next.
        for output in graph.outputs {
            var stack = [(node: output.node, next: 0)]
            while let (node, next) = stack.last {
                if isFinished[node] {
                    stack.removeLast()
                    continue
                }
                if next == 0, indices[graph.nodes[node].layer] == nil {
                    indices[graph.nodes[node].layer] = indices.count
                }
                if next < graph.nodes[node].inputs.count {
                    stack[stack.count - 1].next += 1
                    stack.append((graph.nodes[node].inputs[next].node, 0))
                } else {
                    isFinished[node] = true
                    finished.append(node)
                    stack.removeLast()
                }
            }
        }
        var nodeDepths: [Int: Int] = [:], depths: [Int: Int] = [:]
        for node in finished.reversed() {
            let layer = graph.nodes[node].layer
            let depth = max(nodeDepths[node] ?? 0, depths[layer] ?? 0)
            nodeDepths[node] = depth
            depths[layer] = depth
            for input in graph.nodes[node].inputs {
                nodeDepths[input.node] = max(depth + 1, nodeDepths[input.node] ?? 0)
            }
        }
        // Inputs that no output depends on come first among the last.
        for input in graph.inputs where depths[graph.nodes[input].layer] == nil {
            depths[graph.nodes[input].layer] = 0
            indices[graph.nodes[input].layer] = -1
        }
        return depths.keys.sorted {
            (-(depths[$0] ?? 0), indices[$0] ?? 0, $0) < (-(depths[$1] ?? 0), indices[$1] ?? 0, $1)
        }
    }
}
