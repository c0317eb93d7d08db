import SwiftConvNet

/// Builds models from configurations of Keras: `Sequential` and functional ones, of Keras 3 and 2, nested and with shared layers.
///
/// What is not supported is collected, and thrown in one error.
final class KerasGraphReader {
    /// The deepest nesting of models.
    private static let depthLimit = 32

    let options: KerasOptions
    /// What is not supported.
    var problems: [String] = []
    /// What differs from the file.
    private(set) var notes: [String] = []
    /// What stands in the file several times, by Keras' number of the object.
    private var shared: [Int: KerasNetwork.Item] = [:]
    private var depth = 0

    init(_ options: KerasOptions) { self.options = options }

    /// The model that the outermost configuration describes.
    ///
    /// - Throws: `ConvNetError` of kind `format` that lists all that is not supported, or for a configuration that is broken; what the
    ///   layers throw.
    func model(_ object: JSONValue, at path: String) throws -> KerasNetwork {
        let network = try network(object, isTrainable: true, at: "")
        try throwProblems(at: path)
        guard let network else {
            throw ConvNetError(.format, "The file has no model", at: path)
        }
        return network
    }

    /// - Throws: `ConvNetError` of kind `format` that lists all problems, if there are any.
    func throwProblems(at path: String) throws {
        guard !problems.isEmpty else { return }
        throw ConvNetError(
            .format,
            "The Keras file has what is not supported: \(problems.joined(separator: "; "))",
            at: path,
            remedy:
                "Make layers of unknown classes by customLayers of the options; leave out what belongs to training by compiles: false"
        )
    }

    /// Adds to what is not supported.
    func collect(_ error: any Error, at place: String) {
        let text = (error as? ConvNetError).map { error in
            var error = error
            error.remedy = nil
            return error.description
        }
        problems.append(text ?? "\(place): \(error)")
    }

    /// Adds to what differs from the file.
    func note(_ text: String) { if !notes.contains(text) { notes.append(text) } }

    /// Whether an object is a model, not a layer.
    private func isModel(_ object: JSONValue) -> Bool {
        let name = object["class_name"].text ?? "", config = object["config"]
        return ["Sequential", "Functional", "Model"].contains(name)
            || config["layers"].list != nil
                && (config["input_layers"] != .null || config["build_input_shape"] != .null)
    }

    /// The model that an object describes; `nil` if something of it is not supported.
    private func network(_ object: JSONValue, isTrainable: Bool, at place: String) throws -> KerasNetwork? {
        guard depth < Self.depthLimit else {
            throw ConvNetError(
                .format,
                "Models are nested too deeply",
                at: place,
                expected: "at most \(Self.depthLimit) levels"
            )
        }
        depth += 1
        defer { depth -= 1 }
        let config = object["config"], count = problems.count
        let isTrainable = isTrainable && config["trainable"].bool != false
        if config["layers"].list == nil, config.list == nil {
            problems.append(
                "\(place.isEmpty ? "model" : place): \(object["class_name"].text ?? "a model") is not made of layers"
            )
            return nil
        }
        let network =
            config["input_layers"] == .null
            ? try sequential(object, isTrainable: isTrainable, at: place)
            : try functional(object, isTrainable: isTrainable, at: place)
        return problems.count == count ? network : nil
    }

    /// The name of a layer or a model in this library: slashes are for nested ones.
    func name(_ object: JSONValue, or other: String) -> String {
        let name = object["config"]["name"].text ?? object["name"].text ?? other
        return String(name.map { $0 == "/" ? "_" : $0 })
    }

    // MARK: Layers

    /// The layer or the model that an object describes; `nil` if it is not supported.
    func item(_ object: JSONValue, isTrainable: Bool, at place: String) throws -> KerasNetwork.Item? {
        let number = object["shared_object_id"].integer
        if let number, let known = shared[number] {
            return switch known {
            case .layer(let layer, _): .layer(layer, isRepeated: true)
            case .network(let network, _): .network(network, isRepeated: true)
            }
        }
        let item: KerasNetwork.Item?
        if isModel(object) {
            item = try network(object, isTrainable: isTrainable, at: place).map {
                .network($0, isRepeated: false)
            }
        } else {
            item = layer(object, isTrainable: isTrainable, at: place).map { .layer($0, isRepeated: false) }
        }
        if let number, let item { shared[number] = item }
        return item
    }

    private func layer(_ object: JSONValue, isTrainable: Bool, at place: String) -> SharedLayer? {
        let className = object["class_name"].text ?? "", config = object["config"]
        let place = "\(place) (\(className))"
        noteNumberType(config["dtype"])
        do {
            let layer: any Layer
            let registered = object["registered_name"].text
            if let make = options.customLayers[className] ?? registered.flatMap({ options.customLayers[$0] })
            {
                layer = try make(KerasSettings(value: config))
            } else {
                let own =
                    try KerasOperations.own(object, named: name(object, or: snakeCase(className)))
                    ?? KerasLayers.own(object, named: name(object, or: snakeCase(className)), at: place)
                layer = try OpenSet.layers.value(fromJSON: own.description, at: place)
            }
            var regularizer: (any Regularizer)?
            if config["activity_regularizer"] != .null, !(layer is ActivityRegularization) {
                let own = try KerasParts.regularizers.own(
                    config["activity_regularizer"],
                    at: "\(place), activity_regularizer"
                )
                regularizer = try OpenSet.regularizers.value(fromJSON: own.description, at: place)
            }
            return SharedLayer(
                layer,
                isTrainable: isTrainable && config["trainable"].bool != false,
                activityRegularizer: regularizer
            )
        } catch {
            collect(error, at: place)
            return nil
        }
    }

    private func noteNumberType(_ value: JSONValue) {
        guard let type = value.text ?? value["config"]["name"].text, type.contains("float"), type != "float32"
        else { return }
        note("Layers of the number type \(type) compute in float32.")
    }

    /// Where samples enter, for a batch's shape as Keras writes it; `nil` if there is none.
    func input(_ batchShape: JSONValue, named name: String?) -> LayerOutput? {
        guard let sizes = batchShape.list?.dropFirst() else { return nil }
        let open = sizes.enumerated().filter { $0.element == .null }.map(\.offset)
        let shape = sizes.map { $0.integer ?? options.openSize }
        return Input(shape: Shape(shape), flexibleAxes: Set(open), name: name)
    }

    /// The shape of a batch in a layer's settings.
    func batchShape(_ config: JSONValue) -> JSONValue {
        let shape = config["batch_shape"] == .null ? config["batch_input_shape"] : config["batch_shape"]
        // A list of one input's shape.
        if let list = shape.list, list.count == 1, list[0].list != nil { return list[0] }
        return shape
    }

    // MARK: Sequential

    private func sequential(_ object: JSONValue, isTrainable: Bool, at place: String) throws -> KerasNetwork?
    {
        let config = object["config"]
        // Before Keras 2.2.3 the settings were the list itself.
        let list = config["layers"].list ?? config.list ?? []
        var shape =
            config["build_input_shape"] == .null
            ? object["build_config"]["input_shape"] : config["build_input_shape"]
        var members: [KerasNetwork.Member] = [], groups = KerasGroupNames()
        for (index, entry) in list.enumerated() {
            let own = name(entry, or: "layer \(index)")
            if index == 0, batchShape(entry["config"]) != .null { shape = batchShape(entry["config"]) }
            if entry["class_name"] == "InputLayer" { continue }
            guard
                let item = try item(
                    entry,
                    isTrainable: isTrainable,
                    at: place.isEmpty ? own : "\(place)/\(own)"
                )
            else { continue }
            if index == 0, shape == .null, case .network(let network, _) = item {
                shape = .list([.null] + network.model.inputShape.map { .integer($0) })
            }
            let group = groups.group(ofClass: entry["class_name"].text ?? "")
            members.append(
                KerasNetwork.Member(group: group, item: item)
            )
        }
        guard problems.isEmpty else { return nil }
        guard let entrance = input(shape, named: nil),
            let input = entrance.application.layer.layer as? InputLayer
        else {
            problems.append(
                "\(place.isEmpty ? "model" : place): a Sequential that has not been built has no input shape"
            )
            return nil
        }
        let model = try Sequential(
            inputShape: input.shape,
            flexibleAxes: Set(input.flexibleAxes),
            layers: members.compactMap { member -> (any Applicable)? in
                switch member.item {
                case .layer(let layer, _): layer
                case .network(let network, _): network.model
                }
            },
            name: name(object, or: "sequential"),
            seed: options.seed,
            options: options.compute
        )
        return KerasNetwork(model: model, members: members)
    }
}
