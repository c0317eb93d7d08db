extension GraphImport {
    /// The function of the file by which it defines an operator; an operator that is known here is taken before it.
    func function(_ name: String, _ domain: String) -> FunctionProto? {
        guard ONNXOperatorTable[name, domain] == nil else { return nil }
        return file.proto.functions.first {
            $0.name == name && ($0.domain == "ai.onnx" ? "" : $0.domain) == domain
        }
    }

    /// The nodes of a function in the place of one that applies it.
    func add(_ node: NodeProto, as function: FunctionProto) throws {
        guard depth < Self.functionLimit else {
            return refuse(
                node.label,
                node.operatorType,
                "Functions are nested more than \(Self.functionLimit) times"
            )
        }
        if depth == 0 {
            expandedCount += nodeCount(of: function.name, function.domain, depth: 0)
            guard expandedCount <= Self.expandedLimit else {
                throw ConvNetError(
                    .argument,
                    "The functions of the file expand to too many nodes",
                    at: file.path,
                    expected: "at most \(Self.expandedLimit)"
                )
            }
        }
        depth += 1
        defer { depth -= 1 }
        let prefix = "\(node.label)/"
        var names: [String: String] = [:]
        for (index, input) in function.inputs.enumerated() {
            names[input] = node.inputs.indices.contains(index) ? node.inputs[index] : ""
        }
        for (output, outer) in zip(function.outputs, node.outputs) { names[output] = outer }
        func renamed(_ name: String) -> String { name.isEmpty ? "" : names[name] ?? prefix + name }
        for inner in function.nodes {
            var copy = inner
            copy.name = prefix + inner.label
            copy.inputs = inner.inputs.map(renamed)
            copy.outputs = inner.outputs.map(renamed)
            copy.attributes = inner.attributes.compactMap { attribute in
                guard let reference = attribute.reference else { return attribute }
                var given = node.attribute(reference) ?? function.defaults.first { $0.name == reference }
                given?.name = attribute.name
                return given
            }
            try add(copy)
        }
    }

    /// The nodes that an operator becomes, itself among them, without expanding it: more than the limit where there is no end.
    private func nodeCount(of name: String, _ domain: String, depth: Int) -> Int {
        let domain = domain == "ai.onnx" ? "" : domain, key = "\(domain):\(name)"
        if let count = nodeCounts[key] { return count }
        guard let function = function(name, domain) else { return 1 }
        // What applies itself finds this.
        nodeCounts[key] = Self.expandedLimit + 1
        guard depth < Self.functionLimit else { return Self.expandedLimit + 1 }
        let count = function.nodes.reduce(1) { sum, node in
            min(sum + nodeCount(of: node.operatorType, node.domain, depth: depth + 1), Self.expandedLimit + 1)
        }
        nodeCounts[key] = count
        return count
    }
}
