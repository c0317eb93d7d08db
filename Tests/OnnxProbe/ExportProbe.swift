import ConvNetInterop
import Foundation

/// Writes the models of the zoo as ONNX files, for `Tests/Interop/onnx_export.py`.
///
/// For each model a folder: `17.onnx` and `28.onnx`, by the version of the operators; `x0_b1.npy` and so on, the inputs at batch 1 and
/// 3, and `y0_b1.npy`, what this library predicts; `names.json`, the names of inputs, outputs, layers and parameters. Prints a line for
/// each model: its name, "ok" or the error, and the largest difference, in shares of the largest output, of the model that comes back by
/// import.
struct ExportProbe {
    let folder: String
    /// Those that are written; all if there are none.
    let names: [String]
    private static let batches = [1, 3]

    init(folder: String, names: [String]) {
        self.folder = folder
        self.names = names
    }

    func run() {
        for entry in Zoo.models where names.isEmpty || names.contains(entry.name) {
            do {
                let difference = try write(entry)
                tell("\(entry.name)\tok\t\(difference)")
            } catch {
                tell("\(entry.name)\t\(error)".split(separator: "\n").joined(separator: " "))
            }
        }
    }

    private func write(_ entry: Zoo.Entry) throws -> Float {
        let model = try entry.make()
        try Zoo.randomize(model)
        let path = "\(folder)/\(entry.name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for opset in [Model.onnxOpsets.lowerBound, Model.onnxOpsets.upperBound] {
            try model.save(toONNX: "\(path)/\(opset).onnx", opset: opset)
        }
        let names = [
            "inputs": model.inputNames, "outputs": model.outputNames,
            "layers": model.graph.layers.map { type(of: $0.layer).kind },
            "nodes": model.graph.nodes.map(\.name), "parameters": model.parameters.map(\.name),
        ]
        try JSONEncoder().encode(names).write(to: URL(fileURLWithPath: "\(path)/names.json"))
        var worst: Float = 0
        for batch in Self.batches {
            let inputs = try zip(model.inputNames, model.inputShapes).map { name, shape in
                (name: name, tensor: try entry.input.tensor(shape.batched(batch), seed: UInt64(batch)))
            }
            let outputs = try model.predictions(for: TensorDataset(named: inputs), batchSize: batch)
            for (index, input) in inputs.enumerated() {
                try input.tensor.saveNPY(to: "\(path)/x\(index)_b\(batch).npy")
            }
            for (index, name) in model.outputNames.enumerated() {
                try outputs[name]?.saveNPY(to: "\(path)/y\(index)_b\(batch).npy")
            }
            let again = try returned("\(path)/17.onnx", inputs)
            for name in model.outputNames {
                guard let own = outputs[name], let other = again[name], own.shape == other.shape else {
                    return .infinity
                }
                let scale = own.elements.map(abs).max() ?? 0
                let difference = zip(own.elements, other.elements).map { abs($0 - $1) }.max() ?? 0
                worst = max(worst, difference / max(scale, 1e-20))
            }
        }
        return worst
    }
}

/// What the file at a path predicts here.
func returned(_ path: String, _ inputs: [(name: String, tensor: Tensor)]) throws -> [String: Tensor] {
    let imported = try ONNXFile(contentsOf: path).imported(ONNXOptions())
    return try imported.predictions(
        for: Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, $0.tensor) })
    )
}
