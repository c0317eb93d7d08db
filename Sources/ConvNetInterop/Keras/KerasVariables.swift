import SwiftConvNet

/// Where the arrays of a layer lie in a file of weights, below the layer's own group.
struct KerasVariable {
    /// Keras' path: `vars/0`, or `query_dense/vars/1`.
    let path: String
    /// The parameter's name within the layer: `kernel`.
    let parameter: String
    /// Whether the array stands there a second time: it is written, and not read.
    let isCopy: Bool
}

extension KerasVariable {
    /// The parts of layers that are layers themselves in Keras: this library's names, Keras'.
    private static let parts = [
        "query": "query_dense", "key": "key_dense", "value": "value_dense", "gate": "_gate_dense",
        "attention_output": "output_dense",
    ]

    /// The arrays of a layer, in the order in which it declares its parameters.
    ///
    /// Keras numbers the variables of each object: those that learn first, then the others.
    static func variables(of layer: any Layer, _ specs: [ParameterSpec]) -> [KerasVariable] {
        if let outer = layer as? SpectralNormalization { return variables(ofNormalized: outer, specs) }
        var byPart: [String: [ParameterSpec]] = [:]
        for spec in specs { byPart[part(of: spec.name), default: []].append(spec) }
        return specs.map { spec in
            let part = part(of: spec.name), siblings = byPart[part] ?? []
            let order = siblings.filter(\.isTrainable) + siblings.filter { !$0.isTrainable }
            let index = order.firstIndex { $0.name == spec.name } ?? 0
            let group = part.isEmpty ? "" : "\(parts[part] ?? part)/"
            return KerasVariable(path: "\(group)vars/\(index)", parameter: spec.name, isCopy: false)
        }
    }

    /// The wrapper has the kernel of the layer within it as a variable of its own.
    private static func variables(ofNormalized outer: SpectralNormalization, _ specs: [ParameterSpec])
        -> [KerasVariable]
    {
        let prefix = "layer/"
        let inner = specs.filter { $0.name.hasPrefix(prefix) }.map {
            ParameterSpec(
                String($0.name.dropFirst(prefix.count)),
                shape: $0.shape,
                rule: $0.rule,
                isTrainable: $0.isTrainable
            )
        }
        return [
            KerasVariable(path: "vars/0", parameter: "\(prefix)kernel", isCopy: true),
            KerasVariable(path: "vars/1", parameter: "vector_u", isCopy: false),
        ]
            + variables(of: outer.layer, inner).map {
                KerasVariable(path: prefix + $0.path, parameter: prefix + $0.parameter, isCopy: $0.isCopy)
            }
    }

    private static func part(of parameter: String) -> String {
        parameter.lastIndex(of: "/").map { String(parameter[..<$0]) } ?? ""
    }
}

/// The parameters of a model as a file of Keras counts them.
struct KerasParameters {
    /// A parameter of the model, and its array's place.
    struct Entry {
        /// The path of the array in the file.
        let array: String
        /// The parameter's name in the model: `encoder/conv2d/kernel`.
        let name: String
        let spec: ParameterSpec
        /// The shape of the array.
        let shape: Shape
        let isCopy: Bool
        /// Whether the optimizer changes it: it learns, and so does its layer.
        let learns: Bool
        /// The index of the member of the outermost network.
        let member: Int
    }

    /// In the order of Keras' layers, and within a layer in that of its parameters.
    let entries: [Entry]

    init(_ places: [KerasPlace], of model: Model) {
        let layers = model.graph.layers.filter { !($0.layer is InputLayer) }
        let names = Dictionary(
            zip(model.layers, layers).map { (ObjectIdentifier($0), $1.name) },
            uniquingKeysWith: { first, _ in first }
        )
        entries = places.flatMap { place -> [Entry] in
            guard let name = names[ObjectIdentifier(place.layer)] else { return [] }
            let specs = place.layer.built.parameters.map(\.spec)
            let variables =
                place.array.map { [$0.variable] } ?? KerasVariable.variables(of: place.layer.layer, specs)
            return variables.compactMap { variable in
                guard let spec = specs.first(where: { $0.name == variable.parameter }) else { return nil }
                return Entry(
                    array: "\(place.group)/\(variable.path)",
                    name: "\(name)/\(spec.name)",
                    spec: spec,
                    shape: place.array?.shape ?? spec.shape,
                    isCopy: variable.isCopy,
                    learns: spec.isTrainable && place.layer.isTrainable && !variable.isCopy,
                    member: place.member
                )
            }
        }
    }
}
