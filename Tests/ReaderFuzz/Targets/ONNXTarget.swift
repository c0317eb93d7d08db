import ConvNetInterop
import Foundation
import SwiftConvNet

/// ONNX files: what is imported predicts, unless it is too large for that here.
struct ONNXTarget: FuzzTarget {
    static let name = "onnx"

    let seeds: [[UInt8]]
    let words = [
        "Conv", "MaxPool", "AveragePool", "Gemm", "MatMul", "Reshape", "Transpose", "Slice", "Split",
        "Concat", "Gather",
        "GatherND", "ScatterND", "Pad", "Resize", "Where", "Expand", "Tile", "TopK", "ConstantOfShape",
        "Range", "Einsum",
        "LSTM", "GRU", "If", "Constant", "Shape", "Squeeze", "Unsqueeze", "LRN", "GridSample", "CumSum",
        "QLinearConv",
        "DequantizeLinear", "OneHot", "axis", "axes", "pads", "strides", "dilations", "kernel_shape", "group",
        "perm",
        "reflect", "SAME_UPPER", "ij,jk->ik",
    ]

    // Plans, workers' memory, and what is computed when a plan is made: at most 2²² numbers.
    let allowance = 96 << 20

    /// A file of `Tests/Interop/models`, which `onnx_models.py` makes.
    private struct Golden: Decodable { let model: Data }

    init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Interop/models")
        seeds = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }.sorted()
            .map { try Data(contentsOf: folder.appendingPathComponent($0)) }
            .map { Array(try JSONDecoder().decode(Golden.self, from: $0).model) }
    }

    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        var tree = ProtobufTree(input[...], "Model", ProtobufTree.onnx)
        while !random.isOne(in: 3) { tree.change(&random) }
        if !random.isOne(in: 4) { tree.fillTensors() }
        input = tree.bytes
    }

    func read(_ input: [UInt8]) throws {
        let imported = try ONNXFile(bytes: input, path: "input.onnx").imported()
        let model = imported.model
        let size = model.graph.nodes.reduce(0.0) {
            $0 + $1.outputShapes.reduce(0.0) { $0 + Double($1.elementCount) }
        }
        guard !(16_384...1e13).contains(size) else { return }
        let inputs = try zip(model.inputNames, model.inputShapes).map { name, shape in
            (name, try Tensor(shape: shape.batched(2), repeating: 0.5))
        }
        let outputs = try model.predictions(for: TensorDataset(named: inputs), batchSize: 2)
        // A model has an output even where those of the file are without elements.
        try require(outputs.count == max(imported.outputs.count, 1), "every output is predicted")
    }
}
