/// What enters the graph: initializers, and inputs as layers of the model.
extension GraphImport {
    func addInitializers(of graph: GraphProto) throws {
        // Files of IR 3 and 4 list weights among the inputs, and whoever runs them may give others.
        let listed = Set(file.graph.inputs.map(\.name))
        for tensor in graph.initializers {
            known[tensor.name] =
                (listed.contains(tensor.name) ? fed(tensor.name, tensor.type) : nil)
                ?? KnownTensor(content: .file(tensor), isInitializer: true)
        }
    }

    /// The constant that the caller gives for an input.
    private func fed(_ input: String, _ type: ONNXType) -> KnownTensor? {
        guard let tensor = options.values[input] else { return nil }
        let literal = Literal(type, tensor.shape.dimensions, tensor.elements.map(Double.init))
        return KnownTensor(content: .literal(literal), isInitializer: true)
    }

    func addInput(_ input: ValueInfoProto) throws {
        let type = input.type ?? .float
        if constants.contains(input.name), let constant = fed(input.name, type) {
            known[input.name] = constant
            return
        }
        guard type.isSupported, let sizes = input.sizes else {
            let reason = input.sizes == nil ? "An input of unknown shape" : "An input of \(type.name)"
            return refuse("input \(input.name)", "", "\(reason) is not supported")
        }
        var open: Set<Int> = []
        var dims = sizes.enumerated().map { axis, size in
            switch size {
            case .number(let number): return number
            case .name(let name):
                open.insert(axis)
                return options.sizes[name] ?? nominal
            case .unknown:
                open.insert(axis)
                return nominal
            }
        }
        let isBatched = rule != .none && !sizes.isEmpty && (inputPorts.isEmpty || hasBatch(sizes))
        if isBatched {
            dims[0] = 1
            open.remove(0)
        }
        // Of an input without elements everything is known.
        if dims.contains(0) {
            known[input.name] = KnownTensor(content: .literal(Literal(type, dims, [])), isInitializer: false)
            return
        }
        // An input of a model has an axis besides that of the batch.
        let implies = isBatched && dims.count > 1
        let shape = Shape(implies ? Array(dims.dropFirst()) : dims.isEmpty ? [1] : dims)
        let flexible = Set(open.map { implies ? $0 - 1 : $0 })
        isOpen = isOpen || !flexible.isEmpty
        let name = names.name(for: input.name)
        let entrance = Input(shape: shape, flexibleAxes: flexible, name: name)
        let value = scout.input(shape, node: layerCount, path: name)
        layerCount += 1
        entrances.append(entrance)
        inputPorts.append(.init(name: input.name, layer: name, hasBatchAxis: isBatched))
        let origins: Set<String> = options.values[input.name] == nil ? [] : [input.name]
        let rank = implies ? shape.rank + 1 : shape.rank
        traced[input.name] = Traced(
            output: entrance,
            value: ONNXValue(value, type, order: .plain(rank), impliesFirstAxis: implies),
            origins: origins
        )
        if dims.isEmpty { try addScalarView(of: input.name) }
    }

    /// An input without axes enters as one of a single element.
    private func addScalarView(of name: String) throws {
        guard let entrance = traced[name] else { return }
        var layer = operatorLayer("Squeeze", NodeSettings(), 1)
        layer.operands = [.input(entrance.value.form), .literal(Literal([0]))]
        let outputs = try lower(layer, [entrance], label: "\(name)_scalar")
        traced[name] = Traced(output: outputs[0].output, value: outputs[0].value, origins: entrance.origins)
    }

    /// Whether the first axis of a further input is that of the first one.
    private func hasBatch(_ sizes: [ValueInfoProto.Size]) -> Bool {
        guard let own = sizes.first, let first = batchSize else { return false }
        if own == .number(1) { return rule == .single && sizes.count > 1 }
        if case .number = first { return own == first }
        if case .number = own { return false }
        return own == first || own == .unknown || first == .unknown
    }

    /// What the file says of the size of the batch.
    var batchSize: ValueInfoProto.Size? {
        guard let port = inputPorts.first else { return nil }
        return file.graph.inputs.first { $0.name == port.name }?.sizes?.first
    }

    /// A model has an input, even if no output depends on it.
    func addEmptyInput() {
        let name = names.name(for: ImportedONNX.Port.placeholder)
        entrances.append(Input(shape: [1], name: name))
        inputPorts.append(.init(name: name, layer: name, hasBatchAxis: true))
        traced[""] = Traced(
            output: entrances[0],
            value: ONNXValue(
                scout.input([1], node: layerCount, path: name),
                order: [0],
                impliesFirstAxis: false
            ),
            origins: []
        )
        layerCount += 1
    }
}
