/// Makes layers of the nodes of an ONNX graph, for one meaning of its first axis.
///
/// While it goes through the nodes it lowers each layer, for a batch of one sample, so that shapes and constants are known.
final class GraphImport {
    /// A tensor that a layer makes: its place among the layers, and what is known of it.
    struct Traced {
        let output: LayerOutput
        let value: ONNXValue
        /// The inputs that it depends on and that might be constants instead.
        let origins: Set<String>
    }

    let file: ONNXFile
    let options: ONNXOptions
    let rule: SampleRule
    /// The size of open axes that the options do not name.
    let nominal: Int
    /// Inputs that are constants.
    let constants: Set<String>
    /// Weights that layers of different kinds read: each is a parameter of a layer of its own.
    let sharedWeights: Set<String>
    let folder: String

    /// What is not supported.
    private(set) var problems: [ImportProblem] = []
    /// Inputs that have to be constants.
    private(set) var needed: Set<String> = []
    var entrances: [LayerOutput] = []
    var inputPorts: [ImportedONNX.Port] = []
    var emptyOutputs: [String: Shape] = [:]
    var known: [String: KnownTensor] = [:]
    var traced: [String: Traced] = [:]
    var weights: [Weight] = []
    /// Layers with weights, by all that makes two nodes one layer, and the layer that reads each weight.
    var layers: [LayerKey: SharedLayer] = [:]
    var readers: [String: LayerKey] = [:]
    /// Weights that turned out to be shared, and the layers that hold those.
    var foundShared: Set<String> = []
    var sharedParameters: [String: Traced] = [:]
    /// The axes of images, channels first, that are flat and have kept their order inside.
    var flattened: [String: [Int]] = [:]
    /// What the sigmoids of the catalogue are of, by the names of their outputs.
    var sigmoids: [String: String] = [:]
    /// What follows from the size of an open batch: what it would be with two samples.
    var paired: [String: Paired] = [:]
    /// What comparisons with the size of an open batch decide.
    var comparedWithBatch: Set<String> = []
    var names = ImportNames()
    var scout = Lowering(batch: 1, mode: .inference)
    var layerCount = 0
    /// Whether inputs have axes of any size, so that shapes are not those of every plan.
    var isOpen = false
    /// The elements that nodes have computed.
    var computedCount = 0
    /// The elements of the tensors that nodes have made from their shapes, and that are kept by one number.
    var uniformCount = 0
    /// Functions within functions, and how many there may be.
    var depth = 0
    static let functionLimit = 64
    /// The nodes that functions have become, and how many there may be: functions that apply others twice each grow without end.
    var expandedCount = 0
    /// The nodes that each function becomes.
    var nodeCounts: [String: Int] = [:]
    static let expandedLimit = 1 << 17

    init(
        file: ONNXFile,
        options: ONNXOptions,
        rule: SampleRule,
        nominal: Int,
        constants: Set<String>,
        sharedWeights: Set<String>
    ) {
        self.file = file
        self.options = options
        self.rule = rule
        self.nominal = nominal
        self.constants = constants
        self.sharedWeights = sharedWeights
        folder = PathParts.folder(of: file.path)
    }

    /// Goes through the graph.
    ///
    /// - Returns: the outputs; `nil` if there are problems.
    /// - Throws: `ConvNetError` if the file is broken.
    func run() throws -> [(value: LayerOutput, port: ImportedONNX.Port)]? {
        let graph = file.graph
        if graph.hasSparseInitializers { refuse("the graph", "", "Sparse initializers are not supported") }
        try addInitializers(of: graph)
        // Names of outputs are taken, so that layers between do not have them.
        let outputNames = graph.outputs.map { names.name(for: $0.name) }
        for input in graph.inputs where known[input.name] == nil { try addInput(input) }
        if entrances.isEmpty { addEmptyInput() }
        for node in graph.nodes { try add(node) }
        refuseBatchSizes(graph.outputs)
        guard problems.isEmpty, needed.isEmpty else { return nil }
        return try zip(graph.outputs, outputNames).compactMap { try exit($0, named: $1) }
    }

    /// How many tensors are made or known.
    var reached: Int { traced.count + known.count }

    /// Notes that something is not supported.
    func refuse(_ node: String, _ operatorType: String, _ reason: String) {
        problems.append(ImportProblem(node: node, operatorType: operatorType, reason: reason))
    }

    /// Makes a layer of a node, or a constant if all that it reads is known.
    func add(_ node: NodeProto) throws {
        let domain = node.domain == "ai.onnx" ? "" : node.domain
        if let function = function(node.operatorType, domain) { return try add(node, as: function) }
        if domain.isEmpty, node.operatorType == "If" { return try addBranch(of: node) }
        guard let definition = ONNXOperatorTable[node.operatorType, domain] else {
            if domain.isEmpty, let reason = ONNXOperatorTable.refused[node.operatorType] {
                return refuse(node.label, node.operatorType, reason)
            }
            let place = domain.isEmpty ? "" : " of the domain \(domain)"
            return refuse(node.label, node.operatorType, "There is no such operator here\(place)")
        }
        guard node.outputs.contains(where: { !$0.isEmpty }) else { return }
        // What depends on a node that is refused is no reason of its own.
        guard node.inputs.allSatisfy({ $0.isEmpty || known[$0] != nil || traced[$0] != nil }) else { return }
        do {
            let settings = try NodeSettings(node.attributes, folder: folder)
            var layer = operatorLayer(node.operatorType, settings, outputCount(of: node))
            layer.domain = domain
            if let reason = olderMeaning(of: node) ?? batchSizeProblem(of: node, definition) {
                return refuse(node.label, node.operatorType, reason)
            }
            if try !evaluate(node, layer, definition) { try addLayer(node, layer, definition) }
            pairOutputs(of: node, layer)
        } catch let error as ConvNetError
            where error.kind == .shape || error.kind == .argument || error.kind == .format
        {
            refuse(node.label, node.operatorType, "\(error)")
        }
    }

    func operatorLayer(_ type: String, _ settings: NodeSettings, _ outputs: Int) -> ONNXOperator {
        ONNXOperator(
            name: nil,
            operatorType: type,
            domain: "",
            version: file.proto.operatorSets[""] ?? 1,
            settings: settings,
            operands: [],
            outputCount: outputs,
            samples: rule
        )
    }

    /// The outputs of a node up to the last that has a name.
    private func outputCount(of node: NodeProto) -> Int {
        (node.outputs.lastIndex { !$0.isEmpty } ?? 0) + 1
    }

    private func addLayer(_ node: NodeProto, _ layer: ONNXOperator, _ definition: OperatorDefinition) throws {
        if try addFlattened(node) || addSwish(node) { return }
        var layer = layer
        var inputs: [Traced] = [], sources: [String] = []
        var pending: [Int: Weight] = [:]
        for (index, name) in node.inputs.enumerated() {
            if let tensor = known[name] {
                let operand = try self.operand(index, tensor, layer.settings, definition)
                guard case .parameter(let parameter, _, let order, let isTrainable) = operand else {
                    layer.operands.append(operand)
                    continue
                }
                if isTrainable, sharedWeights.contains(name) {
                    let shared = try sharedParameter(name, tensor, order)
                    layer.operands.append(.input(shared.value.form))
                    inputs.append(shared)
                    sources.append(name)
                    continue
                }
                pending[index] = Weight(
                    name: name,
                    parameter: parameter,
                    tensor: tensor,
                    order: order,
                    isTrainable: isTrainable,
                    rows: index == 1 ? flattened[node.inputs[0]] : nil
                )
                layer.operands.append(operand)
            } else if let input = traced[name] {
                let isOpen =
                    definition.known.contains(index) && input.value.value.constant == nil
                    || definition.whole.contains(index) && input.value.value.type.isBatched
                if isOpen, !input.origins.isEmpty { return needed.formUnion(input.origins) }
                layer.operands.append(.input(input.value.form))
                inputs.append(input)
                sources.append(name)
            } else {
                layer.operands.append(.absent)
            }
        }
        let origins = inputs.reduce(into: Set<String>()) { $0.formUnion($1.origins) }
        let choice = Catalogue.layer(for: layer, inputs.map(\.value))
        let key = LayerKey(layer, pending, rank: choice == nil ? nil : inputs.first?.value.rank)
        let isNew = layers[key] == nil
        if isNew { noteReaders(pending, key) }
        if let choice {
            let (output, name) = try apply(choice, to: sources, label: node.label, key)
            traced[node.outputs[0]] = Traced(output: output.output, value: output.value, origins: origins)
            if node.operatorType == "Sigmoid" { sigmoids[node.outputs[0]] = sources[0] }
            for weight in choice.weights where isNew {
                guard var own = pending[weight.operand] else { continue }
                (own.layer, own.parameter, own.order) = (name, weight.parameter, weight.order)
                weights.append(own)
            }
            return
        }
        let outputs = try lower(layer, inputs, label: node.label, key)
        let literals = isOpen ? [] : outputs.compactMap(\.value.literal)
        if literals.count == outputs.count {
            try count(literals)
            for (name, literal) in zip(node.outputs, literals) where !name.isEmpty {
                known[name] = KnownTensor(content: .literal(literal), isInitializer: false)
            }
            return
        }
        for var weight in pending.values where isNew {
            weight.layer = outputs[0].name
            weights.append(weight)
        }
        for (name, output) in zip(node.outputs, outputs) where !name.isEmpty {
            traced[name] = Traced(output: output.output, value: output.value, origins: origins)
        }
    }

    /// Applies a layer of the catalogue to tensors by their names, in the order of axes that it reads; the layer that is there
    /// already, if the key has one.
    func apply(_ choice: CatalogueLayer, to sources: [String], label: String, _ key: LayerKey?) throws -> (
        (output: LayerOutput, value: ONNXValue), name: String
    ) {
        let inputs = try sources.map { try permuted($0, choice.order) }
        let layer = key.flatMap { layers[$0] } ?? SharedLayer(choice.layer(names.name(for: label)))
        if let key { remember(layer, key) }
        let name = layer.layer.name ?? ""
        return (try lower(layer, inputs, order: choice.order, path: name), name)
    }

    /// A tensor with its axes in an order; it stays in that order for all who read it later.
    private func permuted(_ name: String, _ order: [Int]) throws -> Traced {
        guard let tensor = traced[name] else {
            throw ConvNetError(.format, "A node reads what no node before it makes", received: "\"\(name)\"")
        }
        let own = tensor.value.order
        guard own != order else { return tensor }
        let layer = Permute(
            dims: order.dropFirst().map { own.firstIndex(of: $0) ?? 0 },
            name: names.name(for: "\(name)_permuted")
        )
        let path = layer.name ?? ""
        let (output, value) = try lower(SharedLayer(layer), [tensor], order: order, path: path)
        let moved = Traced(output: output, value: value, origins: tensor.origins)
        traced[name] = moved
        return moved
    }

    /// Lowers a layer of the catalogue, and applies it.
    private func lower(_ layer: SharedLayer, _ inputs: [Traced], order: [Int], path: String) throws -> (
        output: LayerOutput, value: ONNXValue
    ) {
        let value = try scout.lower(
            layer.layer,
            inputs.map(\.value.value),
            layerIndex: layerCount,
            node: layerCount,
            path: path
        )[0]
        layerCount += 1
        let type = inputs[0].value.type
        return (
            layer.apply(inputs.map(\.output))[0],
            ONNXValue(value, type, order: order, impliesFirstAxis: true)
        )
    }

    /// How a layer keeps a tensor of the file.
    private func operand(
        _ index: Int,
        _ tensor: KnownTensor,
        _ settings: NodeSettings,
        _ definition: OperatorDefinition
    ) throws -> ONNXOperator.Operand {
        let weight = definition.weights[index]
        guard !definition.known.contains(index), tensor.type.isFloat,
            weight != nil || tensor.count > 1
        else { return .literal(try tensor.literal(in: folder)) }
        return .parameter(
            name: index == 1 && weight != nil
                ? "kernel" : index == 2 && weight != nil ? "bias" : "operand_\(index)",
            dims: tensor.dims,
            order: weight?(settings, tensor.dims.count) ?? .plain(tensor.dims.count),
            isTrainable: (weight != nil || tensor.isInitializer) && !definition.states.contains(index)
        )
    }

    /// Lowers a layer, and applies it; the layer that is there already, if the key has one.
    func lower(_ layer: ONNXOperator, _ inputs: [Traced], label: String, _ key: LayerKey? = nil) throws -> [(
        output: LayerOutput, value: ONNXValue, name: String
    )] {
        var layer = layer
        let earlier = key.flatMap { layers[$0] }
        layer.forms = (earlier?.layer as? ONNXOperator)?.forms
        scout.begin(layerIndex: layerCount, node: layerCount, path: label)
        let values = try layer.outputs(inputs.map(\.value.value), in: &scout)
        layerCount += 1
        // A layer without inputs is applied to the first one, which it leaves aside.
        let sources = inputs.isEmpty ? [entrances[0]] : inputs.map(\.output)
        let shared: SharedLayer
        if let earlier {
            shared = earlier
        } else {
            layer.name = names.name(for: label)
            layer.forms = values.map(\.form)
            shared = SharedLayer(layer)
            if let key { remember(shared, key) }
        }
        let name = shared.layer.name ?? ""
        return zip(shared.apply(sources), values).map { ($0, $1, name) }
    }
}
