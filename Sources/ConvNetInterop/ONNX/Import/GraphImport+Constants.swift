/// What is computed when the model is made, and how much that may be.
extension GraphImport {
    /// Computes a node whose operands are all known.
    ///
    /// - Returns: whether it is computed.
    func evaluate(_ node: NodeProto, _ layer: ONNXOperator, _ definition: OperatorDefinition) throws
        -> Bool
    {
        let operands = node.inputs.map { known[$0] }
        guard zip(node.inputs, operands).allSatisfy({ $0.isEmpty || $1 != nil }),
            definition.evaluate != nil || definition.isGenerator,
            // What is made of a shared weight learns with it.
            node.operatorType == "Identity" || !node.inputs.contains(where: sharedWeights.contains)
        else { return false }
        if try addUniform(node, layer) { return true }
        var layer = layer
        layer.operands = try node.inputs.map { try known[$0] == nil ? .absent : .literal(counted($0)) }
        scout.begin(layerIndex: layerCount, node: layerCount, path: node.label)
        let outputs = try layer.outputs([], in: &scout)
        let literals = outputs.compactMap(\.literal)
        guard literals.count == outputs.count else { return false }
        try count(literals)
        let isInitializer = operands.contains { $0?.isInitializer == true }
        let origin = Self.moves.contains(node.operatorType) ? node.inputs.first : nil
        for (name, literal) in zip(node.outputs, literals) where !name.isEmpty {
            known[name] = KnownTensor(
                content: .literal(literal),
                isInitializer: isInitializer,
                origin: origin.map { known[$0]?.origin ?? $0 }
            )
        }
        return true
    }

    /// The elements of a known tensor, of which those that were one number are kept and counted from now on.
    private func counted(_ name: String) throws -> Literal {
        guard let tensor = known[name] else { return Literal(.float, [0], []) }
        let literal = try tensor.literal(in: folder)
        if case .uniform = tensor.content {
            try count([literal])
            known[name] = KnownTensor(content: .literal(literal), isInitializer: tensor.isInitializer)
        }
        return literal
    }

    /// Counts what nodes compute and the import keeps.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if it is far more than the file has.
    func count(_ literals: [Literal]) throws {
        computedCount += literals.reduce(0) { $0 + $1.count }
        guard computedCount > computedLimit else { return }
        throw ConvNetError(
            .argument,
            "The nodes compute too many constants",
            expected: "at most \(computedLimit) elements, which follows from the size of the file",
            received: "\(computedCount)"
        )
    }

    /// The most elements that are computed: four times those of the file, and what small files may need for grids and masks.
    private var computedLimit: Int {
        let sizes = file.graph.initializers.map(\.count)
        let sum = sizes.reduce(0) { min($0 + min($1, Self.uniformLimit), Self.uniformLimit) }
        return 4 * (Literal.countLimit + sum)
    }

    /// Keeps a tensor that a node makes from its shape by its one number, if it is as large as weights are.
    ///
    /// - Returns: whether it is.
    /// - Throws: `ConvNetError` of kind `argument` if all of them are larger together than one may be.
    private func addUniform(_ node: NodeProto, _ layer: ONNXOperator) throws -> Bool {
        guard node.operatorType == "ConstantOfShape",
            let name = node.inputs.first, let dims = try known[name]?.literal(in: folder).integers
        else { return false }
        let count = try Shape(dims).validated(as: node.label).elementCount
        guard count > Self.smallCount, count <= Self.uniformLimit else { return false }
        uniformCount += count
        guard uniformCount <= Self.uniformLimit else {
            throw ConvNetError(
                .argument,
                "The nodes make too many weights from their shapes",
                expected: "at most \(Self.uniformLimit) elements",
                received: "\(uniformCount)"
            )
        }
        let value = layer.settings.literals["value"] ?? Literal(.float, [1], [0])
        let content = KnownTensor.Content.uniform(value.numbers.first ?? 0, value.type, dims: dims)
        known[node.outputs[0]] = KnownTensor(content: content, isInitializer: false)
        return true
    }

    /// The most elements that are computed at once: most weights have more, and indices and masks fewer.
    private static let smallCount = 1 << 10
    /// The most elements of all such tensors: 1 GiB.
    private static let uniformLimit = 1 << 28
}
