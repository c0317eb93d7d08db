/// What follows from the size of an open batch.
///
/// The graph is read for a batch of one sample, so that size is the number 1 in it. Where it makes shapes, that is right: a sample
/// has the same shape in every batch. Where it enters arithmetic with data, or an output, results would be those of a batch of one
/// whatever the batch. To tell one from the other, the import keeps for each tensor what it would be with two samples, where that is
/// something else.
extension GraphImport {
    /// A tensor of a batch of two samples.
    enum Paired {
        case dims([Int])
        case literal(Literal)

        var dims: [Int] {
            switch self {
            case .dims(let dims): dims
            case .literal(let literal): literal.dims
            }
        }
    }

    /// Operators whose results' shapes are found from those of their operands.
    private static let shapings: Set<String> = [
        "Shape", "Size", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Expand", "Tile",
    ]
    /// Operators whose further operands are shapes and places, but no numbers to compute with.
    private static let shapeReaders: Set<String> = [
        "Reshape", "Squeeze", "Unsqueeze", "Expand", "Tile", "Slice", "Split", "Resize", "Upsample", "Pad",
    ]
    /// Operators whose second operand tells of places.
    private static let placeReaders: Set<String> = [
        "Gather", "GatherElements", "GatherND", "Scatter", "ScatterElements", "ScatterND",
    ]
    /// Those of both that take some elements of their first operand.
    private static let selections: Set<String> = [
        "Slice", "Split", "Gather", "GatherElements", "GatherND",
    ]
    private static let comparisons: Set<String> = [
        "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual",
    ]

    /// Why a node must not read what follows from the size of the batch; `nil` if it may, or does not.
    func batchSizeProblem(of node: NodeProto, _ definition: OperatorDefinition) -> String? {
        if takesFirstSample(node) { return "Of a batch only the first sample is taken" }
        guard rule == .open, !paired.isEmpty, node.inputs.contains(where: isData) else { return nil }
        let type = node.operatorType
        for (index, name) in node.inputs.enumerated() where changesWithBatch(name) {
            let isShape = index > 0 && Self.shapeReaders.contains(type) && definition.known.contains(index)
            // Of a weight other elements are taken in another batch; of a sample, its own.
            let isOfWeight = Self.selections.contains(type) && !isBatched(node.inputs[0])
            if isShape || index == 1 && Self.placeReaders.contains(type), !isOfWeight { continue }
            if type == "Concat", makesPlaces(node.outputs[0]) { continue }
            return Self.reason
        }
        return nil
    }

    /// Whether a Slice ends after one sample whatever the batch, rather than at its size.
    private func takesFirstSample(_ node: NodeProto) -> Bool {
        guard rule == .open, node.operatorType == "Slice", let name = node.inputs.first,
            let value = traced[name]?.value, value.impliesFirstAxis, value.value.type.isBatched
        else { return false }
        func integers(_ index: Int, _ name: String) -> [Int]? {
            guard node.inputs.indices.contains(index) else {
                return node.attribute(name).map { $0.integers.map { Int($0) } }
            }
            return elements(of: node.inputs[index])?.integers
        }
        let ends = integers(2, "ends") ?? [], axes = integers(3, "axes") ?? Array(ends.indices)
        guard let place = axes.firstIndex(where: { $0 == 0 || $0 == -value.rank }),
            ends.indices.contains(place), ends[place] == 1
        else { return false }
        guard node.inputs.count > 2, case .literal(let two)? = paired[node.inputs[2]] else { return true }
        return two.integers.indices.contains(place) && two.integers[place] == 1
    }

    /// Whether a tensor is read, and only to tell of places: rows of the number of a sample and of where something is in it.
    private func makesPlaces(_ name: String) -> Bool {
        let readers = file.graph.nodes.filter { $0.inputs.contains(name) }
        return !readers.isEmpty && !file.graph.outputs.contains { $0.name == name }
            && readers.allSatisfy {
                Self.placeReaders.contains($0.operatorType) && $0.inputs.firstIndex(of: name) == 1
                    && $0.inputs.lastIndex(of: name) == 1 && isBatched($0.inputs[0])
            }
    }

    private static let reason =
        "The size of the batch is computed with: that is supported where it makes shapes, and where all is one sample"

    /// Refuses outputs that follow from the size of the batch.
    func refuseBatchSizes(_ outputs: [ValueInfoProto]) {
        for output in outputs where changesWithBatch(output.name) {
            refuse("output \(output.name)", "", Self.reason)
        }
    }

    /// Whether the truth of a condition follows from the size of the batch.
    func followsFromBatchSize(_ name: String) -> Bool {
        paired[name] != nil || comparedWithBatch.contains(name)
    }

    /// Gives a tensor a second name.
    func copyBatchSize(from inner: String, to outer: String) {
        paired[outer] = paired[inner]
        if comparedWithBatch.contains(inner) { comparedWithBatch.insert(outer) }
    }

    /// Notes what the outputs of a node would be with two samples.
    func pairOutputs(of node: NodeProto, _ layer: ONNXOperator) {
        guard rule == .open else { return }
        let isShaping = Self.shapings.contains(node.operatorType)
        let hasPair = node.inputs.contains { paired[$0] != nil }
        let hasData = node.inputs.contains(where: isData)
        // At two samples a comparison may turn out as at one, and at more not.
        if !hasData,
            Self.comparisons.contains(node.operatorType) && hasPair
                || node.inputs.contains(where: comparedWithBatch.contains)
        {
            comparedWithBatch.formUnion(node.outputs.filter { !$0.isEmpty })
        }
        guard hasPair || isShaping && node.inputs.first.flatMap(pairedDims) != nil else { return }
        if isShaping || !hasData {
            // What cannot be computed for two samples is not told apart.
            guard let outputs = try? outputsOfPair(node, layer) else { return }
            for (name, output) in zip(node.outputs, outputs) where !name.isEmpty { pair(name, output) }
            return
        }
        // What functions of elements put out has the shape of what they read.
        for name in node.outputs {
            guard let value = traced[name]?.value, !value.impliesFirstAxis else { continue }
            let source = node.inputs.first { paired[$0] != nil && traced[$0]?.value.dims == value.dims }
            if let source, let dims = paired[source]?.dims { paired[name] = .dims(dims) }
        }
    }

    /// Keeps what an output is with two samples, if that is something else.
    private func pair(_ name: String, _ output: ONNXValue) {
        if let two = output.literal, let one = elements(of: name) {
            if one != two { paired[name] = .literal(two) }
        } else if let value = traced[name]?.value, !value.impliesFirstAxis, value.dims != output.dims {
            paired[name] = .dims(output.dims)
        }
    }

    /// The outputs of a node in a batch of two samples: of tensors that are not known, only shapes count.
    private func outputsOfPair(_ node: NodeProto, _ layer: ONNXOperator) throws -> [ONNXValue] {
        var layer = layer, probe = Lowering(batch: 1, mode: .inference), values: [Value] = []
        layer.operands = node.inputs.map { name in
            if case .literal(let two)? = paired[name] { return .literal(two) }
            if !isData(name), let one = elements(of: name) { return .literal(one) }
            let own =
                known[name].map { ($0.dims, $0.type) } ?? traced[name].map { ($0.value.dims, $0.value.type) }
            guard let (dims, type) = own else { return .absent }
            let shape = Shape(pairedDims(name) ?? dims)
            values.append(probe.input(shape, node: 0, path: name))
            return .input(TensorForm(type: type, order: .plain(shape.rank), impliesFirstAxis: false))
        }
        probe.begin(layerIndex: 0, node: 0, path: node.label)
        return try layer.outputs(values, in: &probe)
    }

    /// The shape of a tensor with two samples, if it is another.
    private func pairedDims(_ name: String) -> [Int]? {
        if let pair = paired[name] { return pair.dims }
        guard let value = traced[name]?.value, value.value.type.isBatched else { return nil }
        if value.impliesFirstAxis { return [2] + value.dims.dropFirst() }
        // An input of one number for each sample has no other axis.
        let isInput = inputPorts.contains { $0.name == name && $0.hasBatchAxis }
        return isInput && value.rank == 1 ? [2] : nil
    }

    /// Whether the elements of a tensor are others with two samples, and not the same ones again, or may be others with more.
    private func changesWithBatch(_ name: String) -> Bool {
        if case .literal(let two)? = paired[name], let one = elements(of: name) { return !two.repeats(one) }
        return comparedWithBatch.contains(name) && elements(of: name)?.type == .bool
    }

    /// Whether a tensor is not known before a plan is made: a weight is one, too.
    private func isData(_ name: String) -> Bool {
        if let tensor = known[name] { return isOpen && tensor.type.isFloat && tensor.count > 1 }
        return traced[name].map { $0.value.value.constant == nil } ?? false
    }

    private func isBatched(_ name: String) -> Bool { traced[name]?.value.value.type.isBatched ?? false }

    private func elements(of name: String) -> Literal? {
        known[name].flatMap { try? $0.literal(in: folder) } ?? traced[name]?.value.literal
    }
}

extension Literal {
    /// Whether it has the elements of another one, along axes that this has in place of one element, or over and over.
    fileprivate func repeats(_ other: Literal) -> Bool {
        if dims.count == other.dims.count, zip(dims, other.dims).allSatisfy({ $0 == $1 || $1 == 1 }) {
            let places = Self.places(dims, Self.stretched(other.dims, to: dims))
            return numbers == places.map { other.numbers[$0] }
        }
        guard other.count > 0, count.isMultiple(of: other.count) else { return false }
        return numbers.indices.allSatisfy { numbers[$0] == other.numbers[$0 % other.count] }
    }
}
