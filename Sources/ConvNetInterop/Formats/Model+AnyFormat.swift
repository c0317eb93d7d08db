import SwiftConvNet

extension Model {
    /// Loads a model from a file of any known format: this library's `.safetensors`, ONNX, Keras 3 and Keras in HDF5.
    ///
    /// ```swift
    /// let model = try Model.load(from: "resnet18.onnx")
    /// ```
    ///
    /// The content of a file decides what it is, and the ending of its name where the content does not tell. ``ModelFile`` takes what an
    /// ONNX or Keras file leaves open, and says more of the file.
    ///
    /// - Parameters:
    ///   - path: the file. Keras' files need the trait `HDF5`, and `.keras` also the trait `Zip`.
    ///   - options: how to compute; a file does not say.
    ///   - customTypes: the types that are not of this library and that a model in its format uses; those of imported ONNX files are known.
    /// - Returns: the model; compiled if the file holds the state of training.
    /// - Throws: as ``ModelFile/init(contentsOf:options:)``; `ConvNetError` of kind `format` if this is called on `Sequential` and the
    ///   file holds another class of model.
    public static func load(
        from path: String,
        options: ComputeOptions = ComputeOptions(),
        customTypes: CustomTypes = CustomTypes()
    ) throws -> Self {
        let file = try ModelFile(contentsOf: path, options: .init(compute: options, customTypes: customTypes))
        guard let model = file.model as? Self else {
            throw ConvNetError(
                .format,
                "The file holds another class of model",
                at: path,
                expected: "\(Self.self)",
                received: "\(type(of: file.model))",
                remedy: "Use Model.load(from:)"
            )
        }
        return model
    }

    /// Saves the model in the format of the path's ending: `.onnx`, `.keras`, and for `.safetensors` and endings of no known format this
    /// library's own. The file is whole at every moment: the old one until the new one is.
    ///
    /// ```swift
    /// try model.save(to: "model.keras")
    /// ```
    ///
    /// - Parameters:
    ///   - path: where the file is to be; its folder must exist.
    ///   - includeOptimizer: whether the state of training is saved, too, if the model is compiled. An ONNX file never holds it.
    ///     Default `true`.
    /// - Throws: `ConvNetError` of kind `argument` for the ending of a format that is not written, with the list of those that are; as
    ///   `save(toONNX:opset:)` and `save(toKeras:includeOptimizer:)`; of kind `file` if the file cannot be written.
    public func save(to path: String, includeOptimizer: Bool = true) throws {
        switch ModelFormat(endingOf: path) {
        case .onnx: try save(toONNX: path)
        case .keras: try save(toKeras: path, includeOptimizer: includeOptimizer)
        case .swiftConvNet: try saveSafeTensors(to: path, includeOptimizer: includeOptimizer)
        case .kerasHDF5, nil:
            if let kind = FileKind(endingOf: path) {
                throw ConvNetError(
                    .argument,
                    "A model is not written in the format that the name promises",
                    at: path,
                    expected: ModelFormat.list(of: ModelFormat.allCases.filter(\.isWritten)),
                    received: "the ending of \(kind.title)"
                )
            }
            try saveSafeTensors(to: path, includeOptimizer: includeOptimizer)
        }
    }
}
