import SwiftConvNet

/// A model that has been built from a configuration of Keras, and the layers as Keras counts them.
struct KerasNetwork {
    /// One of Keras' layers.
    enum Item {
        /// A layer; `nil` for an input. A layer that stands in the file a second time has no arrays there.
        case layer(SharedLayer?, isRepeated: Bool)
        case network(KerasNetwork, isRepeated: Bool)
    }

    /// A member of the list of layers.
    struct Member {
        /// Where its arrays lie below the network: `dense_1`.
        let group: String
        let item: Item
    }

    let model: Model
    /// In the order of Keras' list of layers.
    let members: [Member]
}

/// A layer's place in a file of weights.
struct KerasPlace {
    let layer: SharedLayer
    /// Where its arrays lie: `layers/sequential/layers/dense_1`.
    let group: String
    /// The index of the member of the outermost network that it is, or belongs to.
    let member: Int
    /// The only array, and its shape in Keras, if not all of the layer's are the group's.
    var array: (variable: KerasVariable, shape: Shape)?
}

extension KerasNetwork {
    /// The layers that have arrays, in Keras' order, those of nested networks at their place.
    func places(in prefix: String = "") -> [KerasPlace] {
        members.enumerated().flatMap { index, member -> [KerasPlace] in
            let group = "\(prefix)layers/\(member.group)"
            switch member.item {
            case .layer(let layer?, isRepeated: false):
                return [KerasPlace(layer: layer, group: group, member: index)]
            case .network(let network, isRepeated: false):
                return network.places(in: group + "/").map {
                    KerasPlace(layer: $0.layer, group: $0.group, member: index)
                }
            default: return []
            }
        }
    }
}

/// Gives members of a list their groups, as Keras' `_get_unique_name` does: by class, the first without a number.
struct KerasGroupNames {
    private var counts: [String: Int] = [:]

    mutating func group(ofClass className: String) -> String {
        let base = snakeCase(className)
        defer { counts[base, default: 0] += 1 }
        return counts[base].map { "\(base)_\($0)" } ?? base
    }
}
