import SwiftConvNet

/// The graph of an ONNX file that is being made: nodes and initializers.
struct ExportGraph {
    /// The version of ONNX' operators.
    let opset: Int
    /// The path of the layer whose operators are being written.
    var layer = ""
    private(set) var nodes: [ExportedNode] = []
    private var initializers = WireWriter()
    /// The names of initializers, by what they are.
    private var written: [Initializer: String] = [:]
    private var taken: Set<String>
    /// The names that parameters are to have.
    private var parameters: Set<String>
    /// A tensor with the batch as its first axis, and one that holds the size of the batch.
    private let input: String
    private var batchSize: String?
    /// The names that tensors have as outputs of the file, by those that they had.
    private var published: [String: String] = [:]

    private struct Initializer: Hashable {
        let name: String
        let shape: Shape
        let form: String
    }

    /// - Parameters:
    ///   - ports: the names of the file's inputs and outputs, an input first.
    ///   - parameters: the names of the model's parameters.
    init(opset: Int, ports: [String], parameters: [String]) {
        self.opset = opset
        input = ports.first ?? ""
        taken = Set(ports).union(parameters)
        self.parameters = Set(parameters).subtracting(ports)
    }

    // MARK: Nodes

    /// Adds a node; the names of its outputs.
    mutating func node(
        _ type: String,
        _ inputs: [String],
        outputs: Int,
        _ attributes: KeyValuePairs<String, ExportedNode.Attribute> = [:]
    ) -> [String] {
        node(type, inputs, outputs: outputs, attributes: attributes.map { ($0.key, $0.value) })
    }

    /// Adds a node whose attributes are a list; the names of its outputs.
    mutating func node(
        _ type: String,
        _ inputs: [String],
        outputs: Int,
        attributes: [(name: String, value: ExportedNode.Attribute)]
    ) -> [String] {
        let names = (0..<outputs).map { _ in Names.free("\(layer)/\(type)", &taken) }
        nodes.append(
            ExportedNode(
                layer: layer,
                type: type,
                inputs: inputs,
                outputs: names,
                attributes: attributes
            )
        )
        return names
    }

    /// Adds a node of one output; its name.
    mutating func node(
        _ type: String,
        _ inputs: [String],
        _ attributes: KeyValuePairs<String, ExportedNode.Attribute> = [:]
    ) -> String {
        node(type, inputs, outputs: 1, attributes)[0]
    }

    /// Gives a tensor the name of an output of the file; a node copies what has a public name already.
    mutating func publish(_ source: String, as name: String) {
        if let known = published[source] {
            copy(known, as: name)
        } else if nodes.contains(where: { $0.outputs.contains(source) }) {
            for index in nodes.indices { nodes[index].rename(source, name) }
            published[source] = name
        } else if source != name {
            copy(source, as: name)
        }
    }

    private mutating func copy(_ source: String, as name: String) {
        nodes.append(
            ExportedNode(layer: layer, type: "Identity", inputs: [source], outputs: [name], attributes: [])
        )
    }

    /// Gives all nodes their names.
    mutating func setNodeNames() { nodes.setNames() }

    // MARK: Constants

    /// The name of the tensor; a constant becomes an initializer.
    mutating func operand(_ value: ExportedValue) -> String {
        guard let constant = value.constant else { return value.name }
        return initializer(constant, named: value.name, form: value.form)
    }

    /// A tensor of numbers that is no parameter.
    mutating func floats(_ numbers: [Float], _ sizes: [Int], _ role: String) throws -> String {
        initializer(
            try ConstantTensor(numbers, shape: Shape(sizes)),
            named: Names.free("\(layer)/\(role)", &taken),
            isNew: true
        )
    }

    /// One number.
    mutating func number(_ number: Float) throws -> String {
        initializer(try ConstantTensor([number], shape: []), named: "constant \(number)")
    }

    /// A list of whole numbers.
    mutating func integers(_ numbers: [Int], _ role: String) -> String {
        integers(numbers, [numbers.count], role)
    }

    /// A tensor of whole numbers.
    mutating func integers(_ numbers: [Int], _ sizes: [Int], _ role: String) -> String {
        initializer(
            ConstantTensor(integers: numbers.map(Int64.init), shape: Shape(sizes)),
            named: Names.free("\(layer)/\(role)", &taken),
            isNew: true
        )
    }

    /// The size of the batch, as a list of one number.
    mutating func batch() -> String {
        if let batchSize { return batchSize }
        let size = node("Shape", [input], ["start": .integer(0), "end": .integer(1)])
        batchSize = size
        return size
    }

    private mutating func initializer(
        _ constant: ConstantTensor,
        named name: String,
        form: String = "",
        isNew: Bool = false
    ) -> String {
        let key = Initializer(name: name, shape: constant.type.shape, form: form)
        if let known = written[key] { return known }
        // The first form of a parameter has its name.
        let isOwn = isNew || parameters.remove(name) != nil
        let own = isOwn ? name : Names.free(name, &taken)
        written[key] = own
        initializers.message(5) { tensor in
            for size in constant.type.shape { tensor.integer(1, size) }
            tensor.integer(
                2,
                constant.type.element == .int64 ? ONNXType.int64.rawValue : ONNXType.float.rawValue
            )
            tensor.text(8, own)
            tensor.content(9, constant.bytes)
        }
        return own
    }

    // MARK: The message

    /// Writes the nodes of a `GraphProto`.
    func writeNodes(to message: inout WireWriter) {
        for node in nodes { message.message(1) { node.write(to: &$0) } }
    }

    /// Writes the initializers of a `GraphProto`.
    func writeInitializers(to message: inout WireWriter) { message.append(initializers) }
}
