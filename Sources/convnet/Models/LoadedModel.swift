import ConvNetInterop
import SwiftConvNet

/// A model with the names that its file gives to inputs and outputs.
struct LoadedModel {
    /// An input or an output.
    struct Port: Sendable {
        /// The name that the file gives.
        let name: String
        /// The name in the model.
        let layer: String
        /// Without the batch axis; where an axis may have any size, one that it may have.
        let shape: Shape
        /// The axes of an input's shape that may have any size; those of outputs follow.
        let openAxes: Set<Int>
        /// Whether arrays of the file have an axis that counts samples.
        let hasBatchAxis: Bool
    }

    let path: String
    /// `nil` for a network by its name or description.
    let format: ModelFormat?
    let model: Model
    let inputs: [Port]
    let outputs: [Port]
    /// Outputs that have no element whatever the inputs.
    let emptyOutputs: [String: Shape]
    /// What differs from the files of model and weights: an optimizer's state that was not taken over, for one.
    var notes: [String]

    init(path: String, file: ModelFile) {
        self.init(path: path, model: file.model, format: file.format, onnx: file.onnx)
        notes = file.report?.notes ?? []
    }

    init(path: String, model: Model, format: ModelFormat? = nil, onnx: ImportedONNX? = nil) {
        self.path = path
        self.format = format
        self.model = model
        notes = []
        emptyOutputs = onnx?.emptyOutputs ?? [:]
        let graph = model.graph
        func ports(_ names: [String], _ nodes: [Int], _ shapes: [Shape], _ onnx: [ImportedONNX.Port]?)
            -> [Port]
        {
            zip(names, zip(nodes, shapes)).map { name, value in
                let port = onnx?.first { $0.layer == name }
                let input = graph.layers[graph.nodes[value.0].layer].layer as? InputLayer
                return Port(
                    name: port?.name ?? name,
                    layer: name,
                    shape: value.1,
                    openAxes: Set(input?.flexibleAxes ?? []),
                    hasBatchAxis: port?.hasBatchAxis ?? true
                )
            }
        }
        inputs = ports(model.inputNames, graph.inputs, model.inputShapes, onnx?.inputs)
        outputs = ports(model.outputNames, graph.outputs.map(\.node), model.outputShapes, onnx?.outputs)
    }

    /// The input of a name; without a name the only one.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is none, or more than one.
    func input(_ name: String?) throws -> Port { try Self.find(name, in: inputs, "input", "--input", path) }

    /// The output of a name; without a name the only one.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is none, or more than one.
    func output(_ name: String?) throws -> Port {
        try Self.find(name, in: outputs, "output", "--output", path)
    }

    private static func find(
        _ name: String?,
        in ports: [Port],
        _ what: String,
        _ option: String,
        _ path: String
    )
        throws -> Port
    {
        if let name, let port = ports.first(where: { $0.name == name || $0.layer == name }) { return port }
        if name == nil, ports.count == 1 { return ports[0] }
        throw ConvNetError(
            .argument,
            name == nil
                ? "The model has several \(what)s, so each needs its name" : "The model has no such \(what)",
            at: path,
            expected: ports.map { "\(option) \($0.name)=FILE, \($0.arrayShape)" }.joined(separator: "; "),
            received: name.map { "\"\($0)\"" }
        )
    }
}
