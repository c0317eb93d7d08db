import SwiftConvNet

/// A model in a file of any known format, ``ModelFormat``, with what the file says beside the model.
///
/// ```swift
/// let file = try ModelFile(contentsOf: "resnet18.onnx")
/// print(file.format, file.onnx?.inputs.map(\.name) ?? [])
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
    public let report: WeightsReport?

    /// Reads a file; content decides what it is, and the ending of its name where content does not tell.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read; of kind `format` if it is none of the known formats, with their list;
    ///   as `ONNXFile`, `KerasFile`, and `Model.load(from:options:customTypes:)` of a
    ///   file that this library has saved.
    public init(contentsOf path: String, options: Options = Options()) throws {
        format = try ModelFormat(ofFile: path)
        switch format {
        case .swiftConvNet:
            var types = options.customTypes
            types.layers += CustomTypes.onnx.layers
            model = try Model.load(
                SafeTensors(contentsOf: path),
                options: options.compute,
                customTypes: types
            )
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
}
