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
        /// Without the batch axis.
        let shape: Shape
        /// Whether arrays of the file have an axis that counts samples.
        let hasBatchAxis: Bool
    }

    let path: String
    let format: ModelFormat
    let model: Model
    let inputs: [Port]
    let outputs: [Port]
    /// Outputs that have no element whatever the inputs.
    let emptyOutputs: [String: Shape]

    init(path: String, file: ModelFile) {
        self.path = path
        format = file.format
        model = file.model
        emptyOutputs = file.onnx?.emptyOutputs ?? [:]
        func ports(_ names: [String], _ shapes: [Shape], _ onnx: [ImportedONNX.Port]?) -> [Port] {
            zip(names, shapes).map { name, shape in
                let port = onnx?.first { $0.layer == name }
                return Port(
                    name: port?.name ?? name,
                    layer: name,
                    shape: shape,
                    hasBatchAxis: port?.hasBatchAxis ?? true
                )
            }
        }
        inputs = ports(model.inputNames, model.inputShapes, file.onnx?.inputs)
        outputs = ports(model.outputNames, model.outputShapes, file.onnx?.outputs)
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
            expected: ports.map { "\(option) \($0.name)=FILE, \($0.shape)" }.joined(separator: "; "),
            received: name.map { "\"\($0)\"" }
        )
    }
}
