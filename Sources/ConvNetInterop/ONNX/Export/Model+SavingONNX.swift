import SwiftConvNet

extension Model {
    /// The versions of ONNX' operators in which models are written: from the oldest to the newest that was tried.
    package static let onnxOpsets = 17...28

    /// Saves the network as an ONNX file, for inference: what layers do in training alone, such as dropout, is not in it.
    ///
    /// ```swift
    /// try model.save(toONNX: "model.onnx")
    /// ```
    ///
    /// Inputs and outputs have the model's names, shapes and order of axes, images `[batch, height, width, channels]`; the batch may have
    /// any size in the file. Nodes have the names of the layers, weights those of the parameters. Other axes have the sizes of the model's
    /// inputs, flexible ones too. The same model gives the same bytes, and the file is whole at every moment.
    ///
    /// Where inputs are not valid, the file may do otherwise than the model: it has no row of NaN for an index out of range, and counts a
    /// NaN into the first bin.
    ///
    /// - Parameters:
    ///   - path: where the file is to be.
    ///   - opset: the version of ONNX' operators, in 17...28. Default 17, which programs of 2022 and later read.
    /// - Throws: `ConvNetError` of kind `argument` that lists all for which ONNX has no form, by layer, or for another version; of kind
    ///   `file` if the file cannot be written, or would have more than 2 GiB, which no protobuf file may; of kind `state` if another thread
    ///   uses the model.
    public func save(toONNX path: String, opset: Int = 17) throws {
        let file = try onnxFile(opset: opset)
        guard file.count < 1 << 31 else {
            throw ConvNetError(
                .file,
                "An ONNX file has less than 2 GiB",
                at: path,
                expected: "less than \(1 << 31) bytes",
                received: "\(file.count)",
                remedy: "Save the parameters as safetensors"
            )
        }
        try AtomicFile.write(to: path) { try file.write(to: $0) }
    }

    /// The file of `save(toONNX:opset:)`.
    package func onnxFile(opset: Int) throws -> WireWriter {
        guard Self.onnxOpsets.contains(opset) else {
            throw ConvNetError(
                .argument,
                "ONNX files are not written in this version of its operators",
                at: "opset",
                expected: "\(Self.onnxOpsets)",
                received: "\(opset)"
            )
        }
        var export = try ONNXExport(self, opset: opset)
        return try export.file()
    }
}
