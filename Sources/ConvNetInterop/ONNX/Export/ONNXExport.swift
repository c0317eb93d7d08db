import SwiftConvNet

/// An operator that has a form in ONNX.
protocol ONNXExportable: Operator {
    /// Writes nodes that do the same; their outputs.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if ONNX has no form for it.
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue]
}

/// Writes a model as an ONNX file: operator by operator, as its layers are lowered for inference.
struct ONNXExport {
    private let model: Model
    private let lowered: OpGraph
    private var graph: ExportGraph
    /// ONNX' types of the layers that are operators of an imported file, by name.
    private let importedTypes: [String: String]
    /// The values so far, by their number.
    private var values: [Int: ExportedValue] = [:]

    init(_ model: Model, opset: Int) throws {
        self.model = model
        let network = model.graph
        var lowered = try network.lowered(batch: 2, inputShapes: network.inputShapes, mode: .inference)
        lowered.removeLosses()
        self.lowered = lowered
        importedTypes = Dictionary(
            network.layers.compactMap { named in
                (named.layer as? ONNXOperator).map { (named.name, $0.operatorType) }
            }
        ) { first, _ in first }
        let entries = model.store.entries
        graph = ExportGraph(
            opset: opset,
            ports: network.inputNames + network.outputNames,
            parameters: entries.map(\.name)
        )
        for parameter in lowered.parameters {
            let name = entries[parameter.entry].name, tensor = try model.parameter(named: name)
            values[parameter.value] = ExportedValue(
                name,
                constant: try ConstantTensor(tensor.elements, shape: tensor.shape)
            )
        }
        for (index, constant) in lowered.constants.enumerated() {
            values[constant.value] = ExportedValue("constant_\(index)", constant: constant.constant)
        }
    }

    /// The file.
    ///
    /// - Throws: `ConvNetError` of kind `argument` that lists all for which ONNX has no form.
    mutating func file() throws -> WireWriter {
        let network = model.graph, inputs = network.inputNames, outputs = network.outputNames
        for (name, value) in zip(inputs, lowered.inputs) {
            values[value] = ExportedValue(name, lowered.types[value].shape, isBatched: true)
        }
        try exportOperations()
        var sources: [String] = []
        for (name, value) in zip(outputs, lowered.outputs) {
            guard let value = values[value] else { continue }
            graph.layer = name
            sources.append(graph.operand(try graph.inOrder(graph.batched(value))))
        }
        for (source, name) in zip(sources, outputs) {
            graph.layer = name
            graph.publish(source, as: name)
        }
        graph.setNodeNames()
        return message(
            inputs: zip(inputs, network.inputShapes).map { ($0, $1) },
            outputs: zip(outputs, lowered.outputs).map { ($0, lowered.types[$1].shape) }
        )
    }

    private mutating func exportOperations() throws {
        var problems: [String] = []
        for operation in lowered.operations where !operation.isInput {
            graph.layer = operation.path
            do {
                let made = try export(operation)
                for (output, value) in zip(operation.outputs, made) { values[output] = value }
            } catch let error as ConvNetError {
                problems.append("\(operation.path): \(error.summary)")
                // So that what reads it is looked at, too.
                for output in operation.outputs {
                    let type = lowered.types[output]
                    values[output] = ExportedValue("", type.shape, isBatched: type.isBatched)
                }
            }
        }
        guard problems.isEmpty else {
            throw ConvNetError(
                .argument,
                "ONNX has no form for parts of the model: \(problems.joined(separator: "; "))",
                at: model.name,
                remedy:
                    "Take these layers out, or build the model without them: what stands before the network can run on the data"
            )
        }
    }

    private mutating func export(_ operation: OpGraph.Operation) throws -> [ExportedValue] {
        guard let op = operation.op as? any ONNXExportable else {
            let type = importedTypes[operation.path]
            throw Self.unwritten(type.map { "The operator \($0) of an imported file" } ?? operation.kind)
        }
        let made = try op.export(operation.inputs.compactMap { values[$0] }, in: &graph)
        guard let activation = (op as? any ActivatingOperator)?.activation, activation != .linear else {
            return made
        }
        return try made.map { try graph.activated($0, activation) }
    }

    /// An error that says that an operator has no form in ONNX, or none that is written.
    static func unwritten(_ kind: String) -> ConvNetError {
        ConvNetError(.argument, "\(kind) has no form that is written")
    }

    // MARK: Messages

    private func message(inputs: [(String, Shape)], outputs: [(String, Shape)]) -> WireWriter {
        var file = WireWriter()
        file.integer(1, Self.fileVersion(ofOpset: graph.opset))
        file.text(2, "SwiftConvNet")
        file.message(7) { message in
            graph.writeNodes(to: &message)
            message.text(2, model.name)
            graph.writeInitializers(to: &message)
            for (name, shape) in inputs { Self.writePort(name, shape, field: 11, to: &message) }
            for (name, shape) in outputs { Self.writePort(name, shape, field: 12, to: &message) }
        }
        file.message(8) { $0.integer(2, graph.opset) }
        return file
    }

    /// Writes a `ValueInfoProto` of float numbers, whose first axis is the batch.
    private static func writePort(_ name: String, _ shape: Shape, field: UInt64, to message: inout WireWriter)
    {
        message.message(field) { port in
            port.text(1, name)
            port.message(2) { type in
                type.message(1) { tensor in
                    tensor.integer(1, ONNXType.float.rawValue)
                    tensor.message(2) { sizes in
                        sizes.message(1) { $0.text(2, "batch") }
                        for size in shape { sizes.message(1) { $0.integer(1, size) } }
                    }
                }
            }
        }
    }

    /// The version of the file format with which ONNX published a version of its operators (`onnx/helper.py`, `VERSION_TABLE`).
    private static func fileVersion(ofOpset opset: Int) -> Int {
        switch opset {
        case ...18: 8
        case ...20: 9
        case ...22: 10
        case 23: 11
        case 24: 12
        case ...27: 13
        default: 14
        }
    }
}
