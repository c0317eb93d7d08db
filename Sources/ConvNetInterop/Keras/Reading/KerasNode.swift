import SwiftConvNet

/// A call of a layer in a functional model: which outputs of other layers it takes.
struct KerasNode {
    /// An output of a layer.
    struct Source {
        let layer: String
        /// Which call of the layer.
        let node: Int
        /// Which output of the call.
        let output: Int
    }

    /// In the order of the arguments.
    let sources: [Source]
    /// Arguments that are no outputs of layers, and have a value.
    private(set) var settings: [String: JSONValue]
    /// Whether the file is of Keras 2, which counts the calls of a nested model from 1.
    let isLegacy: Bool

    /// The call with the outputs of layers alone.
    var withoutSettings: KerasNode {
        var node = self
        node.settings = [:]
        return node
    }

    /// The order of arguments that are called by their names.
    private static let keywords = ["inputs", "query", "value", "key"]

    /// The calls in a layer's `inbound_nodes`.
    ///
    /// - Throws: `ConvNetError` of kind `format` if they have another form.
    static func nodes(_ value: JSONValue, at place: String) throws -> [KerasNode] {
        try (value.list ?? []).map { node in
            if node["args"] != .null { return try KerasNode(calling: node, at: place) }
            // In some files of tf.keras the list of one input is left out.
            let list = node.list ?? []
            let sources = list.first?.text == nil ? list : [node]
            return try KerasNode(legacy: sources, at: place)
        }
    }

    /// A call as Keras 3 writes it: `{"args": […], "kwargs": {…}}`.
    private init(calling node: JSONValue, at place: String) throws {
        var sources: [Source] = [], settings: [String: JSONValue] = [:]
        for (index, argument) in (node["args"].list ?? []).enumerated() {
            let found = try Self.tensors(argument, at: place)
            if found.isEmpty, argument != .null { settings["argument \(index)"] = argument }
            sources += found
        }
        for (key, argument) in node["kwargs"].members.sorted(by: { Self.rank($0.key) < Self.rank($1.key) }) {
            let found = try Self.tensors(argument, at: place)
            if !found.isEmpty, !Self.keywords.contains(key) { settings[key] = argument }
            if found.isEmpty, argument != .null { settings[key] = argument }
            sources += found
        }
        self.sources = sources
        self.settings = settings
        isLegacy = false
    }

    private static func rank(_ keyword: String) -> Int { keywords.firstIndex(of: keyword) ?? keywords.count }

    /// A call as Keras 2 writes it: a list of `[name, node, output, {…}]`.
    private init(legacy list: [JSONValue], at place: String) throws {
        var sources: [Source] = [], settings: [String: JSONValue] = [:]
        for entry in list {
            guard let parts = entry.list, let source = Source(parts) else {
                throw Self.misfit(entry, at: place)
            }
            sources.append(source)
            guard parts.count > 3 else { continue }
            for (key, argument) in parts[3].members.sorted(by: { Self.rank($0.key) < Self.rank($1.key) }) {
                if let parts = argument.list, let source = Source(parts), Self.keywords.contains(key) {
                    sources.append(source)
                } else if argument != .null {
                    settings[key] = argument
                }
            }
        }
        self.sources = sources
        self.settings = settings
        isLegacy = true
    }

    /// The outputs of layers within an argument.
    private static func tensors(_ value: JSONValue, at place: String) throws -> [Source] {
        if let list = value.list { return try list.flatMap { try tensors($0, at: place) } }
        guard value["class_name"] == "__keras_tensor__" else { return [] }
        guard let history = value["config"]["keras_history"].list, let source = Source(history) else {
            throw misfit(value, at: place)
        }
        return [source]
    }

    private static func misfit(_ value: JSONValue, at place: String) -> ConvNetError {
        ConvNetError(
            .format,
            "An input of a layer has another form than expected",
            at: "\(place), inbound_nodes",
            expected: "a layer's name, a node and which of its outputs",
            received: "\(value)"
        )
    }
}

extension KerasNode.Source {
    /// `[name, node, output]`.
    init?(_ parts: [JSONValue]) {
        guard parts.count >= 3, let layer = parts[0].text, let node = parts[1].integer,
            let output = parts[2].integer,
            node >= 0, output >= 0
        else { return nil }
        self.init(layer: layer, node: node, output: output)
    }

    /// The outputs that `input_layers` or `output_layers` name: one, a list, or a dictionary.
    static func list(_ value: JSONValue) -> [KerasNode.Source]? {
        if let parts = value.list, let source = KerasNode.Source(parts) { return [source] }
        let values = value.list ?? value.members.sorted { $0.key < $1.key }.map(\.value)
        var sources: [KerasNode.Source] = []
        for value in values {
            guard let more = list(value) else { return nil }
            sources += more
        }
        return sources
    }
}
