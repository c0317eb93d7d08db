/// Gives the layers of a graph their names: their own, or one made from their kind and counted within the model, as Keras does.
/// Those of a nested model have its name before their own: `encoder/conv2d`.
struct LayerNames {
    private var taken: Set<String>
    /// The layers of other models that keep the names that they have there.
    private var keeping: [String: ObjectIdentifier] = [:]
    private var counts: [String: Int] = [:]
    private var scopes: [ObjectIdentifier: String] = [:]

    /// - Parameter layers: those that are not nested. Their own names come before all others, and then the names that they have in
    ///   other models.
    init(reserving layers: [SharedLayer]) {
        taken = Set(layers.compactMap(\.layer.name))
        for layer in layers where layer.layer.name == nil {
            guard let name = layer.built.name, taken.insert(name).inserted else { continue }
            keeping[name] = ObjectIdentifier(layer)
        }
    }

    /// The name of a layer that is applied here for the first time.
    mutating func name(of application: LayerOutput.Application) -> String {
        if let nesting = application.nesting {
            let scope = ObjectIdentifier(nesting.scope)
            let name = scopes[scope] ?? counted(nesting.scope.name)
            scopes[scope] = name
            return "\(name)/\(nesting.name)"
        }
        let layer = application.layer
        if let name = layer.layer.name { return name }
        if let name = layer.built.name, keeping[name] == ObjectIdentifier(layer) { return name }
        return counted(snakeCase(type(of: layer.layer).kind))
    }

    /// `conv2d`, `conv2d_1`, and so on: the first that is free.
    private mutating func counted(_ base: String) -> String {
        while true {
            let count = counts[base, default: 0]
            counts[base] = count + 1
            let name = count == 0 ? base : "\(base)_\(count)"
            if taken.insert(name).inserted { return name }
        }
    }
}

/// Checks that the names of layers can stand in a file, and that each is its layer's own.
func validate(_ layers: [Graph.NamedLayer]) throws {
    var taken = Set<String>()
    for (place, named) in layers.enumerated() {
        let parts = named.name.split(separator: "/", omittingEmptySubsequences: false)
        let own = named.layer.name
        guard !parts.contains(""), taken.insert(named.name).inserted,
            own.map({ !$0.contains("/") && parts.last == $0[...] }) ?? true
        else {
            throw ConvNetError(
                .argument,
                "A layer's name must be its own",
                at: "layer \(place)",
                expected: "a name that is not empty, has no \"/\" and that no other layer has",
                received: "\"\(named.name)\""
            )
        }
    }
}

/// `MaxPooling2D` as `max_pooling2d`, `ReLU` as `re_lu`: Keras' rule for the names of layers
/// (`keras/src/utils/naming.py`, `to_snake_case`).
package func snakeCase(_ name: String) -> String {
    let letters = Array(name.filter { $0.isLetter || $0.isNumber || $0 == "_" })
    var result = ""
    for (place, letter) in letters.enumerated() {
        let previous = place > 0 ? letters[place - 1] : nil
        let next = place + 1 < letters.count ? letters[place + 1] : nil
        if letter.isUppercase, let previous, previous.isLowercase || next?.isLowercase == true {
            result += "_"
        }
        result += letter.lowercased()
    }
    return result
}
