import SwiftConvNet

/// A model in a file of any format that is known: ``ModelFormat``.
///
/// ```swift
/// let model = try ModelFile.load(from: "resnet18.onnx")
/// try ModelFile.save(model, to: "resnet18.keras")
/// ```
public struct ModelFile {
    /// What a file leaves open.
    public struct Options: Sendable {
        /// How the model computes.
        public var compute: ComputeOptions
        /// The types that are not of this library and that a model in this library's format uses; those of imported ONNX files are known.
        public var customTypes: CustomTypes
        /// What an ONNX file leaves open; `compute` stands above its own.
        public var onnx: ONNXOptions
        /// How a Keras file is read; `compute` stands above its own.
        public var keras: KerasOptions

        /// Options; a file that says all needs none.
        public init(
            compute: ComputeOptions = ComputeOptions(),
            customTypes: CustomTypes = CustomTypes(),
            onnx: ONNXOptions = ONNXOptions(),
            keras: KerasOptions = KerasOptions()
        ) {
            self.compute = compute
            self.customTypes = customTypes
            self.onnx = onnx
            self.keras = keras
        }
    }

    /// What the format is.
    public let format: ModelFormat
    /// The model; compiled if the file holds the state of training.
    public let model: Model
    /// How inputs and outputs stand to those of the file, if it is an ONNX file.
    public let onnx: ImportedONNX?
    /// What has become of each array, if it is a Keras file.
    public let report: KerasReport?

    /// Reads a file; content decides what it is, and the ending of its name where content does not tell.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read; of kind `format` if it is none of the known formats, with their list;
    ///   as `Model.load(from:options:customTypes:)`, `ONNXFile` and `KerasFile`.
    public init(contentsOf path: String, options: Options = Options()) throws {
        format = try ModelFormat(ofFile: path)
        switch format {
        case .swiftConvNet:
            var types = options.customTypes
            types.layers += CustomTypes.onnx.layers
            model = try Model.load(from: path, options: options.compute, customTypes: types)
            (onnx, report) = (nil, nil)
        case .onnx:
            var onnx = options.onnx
            onnx.compute = options.compute
            let imported = try ONNXFile(contentsOf: path).imported(onnx)
            model = imported.model
            (self.onnx, report) = (imported, nil)
        case .keras, .kerasHDF5:
            var keras = options.keras
            keras.compute = options.compute
            let file = try KerasFile(contentsOf: path, options: keras)
            model = file.model
            (onnx, report) = (nil, file.report)
        }
    }

    /// The model in a file.
    ///
    /// - Throws: as `init(contentsOf:options:)`.
    public static func load(from path: String, options: Options = Options()) throws -> Model {
        try ModelFile(contentsOf: path, options: options).model
    }

    /// Saves a model in the format of the path's ending: `.safetensors` or `.keras`. The file is whole at every moment: the old one until
    /// the new one is.
    ///
    /// - Parameters:
    ///   - model: the model.
    ///   - path: where the file is to be; its folder must exist.
    ///   - includeOptimizer: whether the state of training is saved, too, if the model is compiled. Default `true`.
    /// - Throws: `ConvNetError` of kind `argument` for another ending, with the list of those that are written; as `Model.save` and
    ///   `Model.save(toKeras:includeOptimizer:)`.
    public static func save(_ model: Model, to path: String, includeOptimizer: Bool = true) throws {
        let format = ModelFormat(endingOf: path)
        switch format {
        case .swiftConvNet: try model.save(to: path, includeOptimizer: includeOptimizer)
        case .keras: try model.save(toKeras: path, includeOptimizer: includeOptimizer)
        case .onnx, .kerasHDF5, nil:
            let written = ModelFormat.allCases.filter(\.isWritten).map(\.title)
            throw ConvNetError(
                .argument,
                format == nil
                    ? "The ending of the path is that of no known format"
                    : "This format is read, and not written",
                at: path,
                expected: "one of \(written.joined(separator: ", "))",
                received: format?.title ?? "\"\(path)\""
            )
        }
    }
}
