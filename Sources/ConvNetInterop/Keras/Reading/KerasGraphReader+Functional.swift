import SwiftConvNet

extension KerasGraphReader {
    /// A layer of a functional model, and the outputs of its calls.
    private struct Callee {
        let item: KerasNetwork.Item?
        let className: String
        let nodes: [KerasNode]
        var calls: [[LayerOutput]]
    }

    /// The functional model that an object describes; `nil` if something of it is not supported.
    func functional(_ object: JSONValue, isTrainable: Bool, at place: String) throws -> KerasNetwork? {
        let config = object["config"], list = config["layers"].list ?? []
        var members: [KerasNetwork.Member] = [], groups = KerasGroupNames()
        var callees: [String: Callee] = [:], names: [String] = []
        for (index, entry) in list.enumerated() {
            let name = entry["name"].text ?? entry["config"]["name"].text ?? "layer \(index)"
            let own = place.isEmpty ? name : "\(place)/\(name)"
            let className = entry["class_name"].text ?? ""
            let group = groups.group(ofClass: className)
            names.append(name)
            guard callees[name] == nil else {
                throw ConvNetError(.format, "Two layers have one name", at: own)
            }
            if className == "InputLayer" {
                guard let input = input(batchShape(entry["config"]), named: self.name(entry, or: name)) else {
                    problems.append("\(own): the input has no shape")
                    continue
                }
                callees[name] = Callee(item: nil, className: className, nodes: [], calls: [[input]])
                members.append(
                    KerasNetwork.Member(group: group, item: .layer(nil, isRepeated: false))
                )
                continue
            }
            let calls = try KerasNode.nodes(entry["inbound_nodes"], at: own)
            let (object, nodes) = KerasOperations.rescaling(entry, calls) ?? (entry, calls)
            guard let item = try item(object, isTrainable: isTrainable, at: own) else { continue }
            for node in nodes { checkSettings(of: node, at: own) }
            callees[name] = Callee(item: item, className: className, nodes: nodes, calls: [])
            members.append(KerasNetwork.Member(group: group, item: item))
        }
        guard problems.isEmpty else { return nil }
        try call(&callees, in: names, at: place)
        func outputs(_ key: String) throws -> [LayerOutput] {
            guard let sources = KerasNode.Source.list(config[key]), !sources.isEmpty else {
                throw ConvNetError(
                    .format,
                    "The model names no layers",
                    at: "\(place), \(key)",
                    received: "\(config[key])"
                )
            }
            return try sources.map { source in
                // Keras counts the calls of a functional model from 1 here.
                let isModel =
                    callees[source.layer].map { $0.className == "Functional" || $0.className == "Model" }
                    ?? false
                let node = isModel ? max(source.node - 1, 0) : source.node
                guard let calls = callees[source.layer]?.calls, calls.indices.contains(node),
                    calls[node].indices.contains(source.output)
                else {
                    throw ConvNetError(
                        .format,
                        "The model names an output that there is not",
                        at: "\(place), \(key)",
                        received: "[\(source.layer), \(source.node), \(source.output)]"
                    )
                }
                return calls[node][source.output]
            }
        }
        let model = try Model(
            inputs: outputs("input_layers"),
            outputs: outputs("output_layers"),
            name: name(object, or: "functional"),
            seed: options.seed,
            options: options.compute
        )
        return KerasNetwork(model: model, members: members)
    }

    /// Applies the layers, each as soon as what it takes is there.
    private func call(_ callees: inout [String: Callee], in names: [String], at place: String) throws {
        var pending = names.filter { callees[$0]?.nodes.isEmpty == false }
        while !pending.isEmpty {
            var isStuck = true
            pending = try pending.filter { name in
                guard var callee = callees[name] else { return false }
                while callee.calls.count < callee.nodes.count {
                    let node = callee.nodes[callee.calls.count]
                    callees[name] = callee
                    guard let inputs = try inputs(of: node, from: callees, at: "\(place)/\(name)") else {
                        break
                    }
                    callee.calls.append(apply(callee.item, to: inputs))
                    isStuck = false
                }
                callees[name] = callee
                return callee.calls.count < callee.nodes.count
            }
            guard !isStuck || pending.isEmpty else {
                throw ConvNetError(
                    .format,
                    "Layers take outputs that there are not",
                    at: place.isEmpty ? "model" : place,
                    expected: "a graph without cycles",
                    received: "unresolved: \(pending.joined(separator: ", "))"
                )
            }
        }
    }

    private func apply(_ item: KerasNetwork.Item?, to inputs: [LayerOutput]) -> [LayerOutput] {
        switch item {
        case .layer(let layer?, _): layer.apply(inputs)
        case .network(let network, _): network.model.apply(inputs)
        default: []
        }
    }

    /// The outputs that a call takes; `nil` if one of them is not there yet.
    private func inputs(of node: KerasNode, from callees: [String: Callee], at place: String) throws
        -> [LayerOutput]?
    {
        var inputs: [LayerOutput] = []
        for source in node.sources {
            guard let callee = callees[source.layer] else {
                throw ConvNetError(
                    .format,
                    "A layer takes the output of one that there is not",
                    at: place,
                    received: "\"\(source.layer)\""
                )
            }
            var call = source.node
            if node.isLegacy, case .network = callee.item { call = max(call - 1, 0) }
            guard callee.calls.indices.contains(call) else { return nil }
            guard callee.calls[call].indices.contains(source.output) else {
                throw ConvNetError(
                    .format,
                    "A layer takes an output that there is not",
                    at: place,
                    expected: "0..<\(callee.calls[call].count) of \(source.layer)",
                    received: "\(source.output)"
                )
            }
            inputs.append(callee.calls[call][source.output])
        }
        return inputs
    }

    /// Collects arguments of a call that would change what the layer computes.
    private func checkSettings(of node: KerasNode, at place: String) {
        for (key, value) in node.settings.sorted(by: { $0.key < $1.key }) where value != .bool(false) {
            problems.append("\(place): the argument \(key) of a call, \(value)")
        }
    }
}
