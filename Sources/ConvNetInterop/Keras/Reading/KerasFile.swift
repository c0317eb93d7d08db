import SwiftConvNet

/// A model of Keras, read from a file: `.keras`, or the older `.h5` and `.hdf5`.
///
/// ```swift
/// let file = try KerasFile(contentsOf: "model.keras")
/// print(file.report)
/// let predictions = try file.model.predict(images)
/// ```
///
/// Sequential and functional models are read, nested, with shared layers, with several inputs and outputs, with every layer that this
/// library has; and the state of training, so that `fit` goes on where Keras stopped. What is not supported is one error that lists
/// all of it. Code is never run: `Lambda` and other classes of a user's own are refused with their names, unless
/// `KerasOptions.customLayers` makes them. Needs the traits `HDF5` and, for `.keras`, `Zip`.
public struct KerasFile {
    /// The model, compiled if the file's is.
    public let model: Model
    /// What has become of each array.
    public let report: WeightsReport
    /// The version of Keras that wrote the file, if it says so.
    public let version: String?
    /// Where the arrays of the layers lie in files of weights.
    let places: [KerasPlace]

    /// Reads a file; its first bytes tell what it is.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read; of kind `format` if it is no model of Keras, is damaged, or has what
    ///   is not supported; of kind `environment` without the traits.
    public init(contentsOf path: String, options: KerasOptions = KerasOptions()) throws {
        let bytes = try FileContents.read(path, limit: options.limits.bytes)
        do {
            if FileKind(firstBytes: bytes.prefix(FileKind.prefixLength)) == .hdf5 {
                try self.init(legacy: HDF5File(bytes: bytes, path: path), options: options)
            } else {
                try self.init(ZipArchive(bytes: bytes, path: path, limits: options.limits), options: options)
            }
        } catch let error as ConvNetError {
            throw error.location?.hasPrefix(path) == true ? error : error.located(at: path)
        }
    }

    /// A `.keras` file.
    private init(_ archive: ZipArchive, options: KerasOptions) throws {
        let path = archive.path
        guard archive.contains("config.json") else {
            throw ConvNetError(
                .format,
                "The archive holds no model of Keras",
                at: path,
                expected: "config.json and model.weights.h5",
                received: archive.names.prefix(8).joined(separator: ", ")
            )
        }
        let config = try JSONValue(archive.contents(of: "config.json"), name: "\(path), config.json")
        version =
            try archive.contains("metadata.json")
            ? JSONValue(archive.contents(of: "metadata.json"), name: "\(path), metadata.json")[
                "keras_version"
            ].text
            : nil
        let reader = KerasGraphReader(options)
        let compilation = Self.compilation(config["compile_config"], of: config, reader, options)
        let network = try reader.model(config, at: path)
        let file = try HDF5File(
            bytes: archive.contents(of: "model.weights.h5"),
            path: "\(path), model.weights.h5"
        )
        let parameters = KerasParameters(network.places(), of: network.model)
        var weights = try KerasWeights(file, for: parameters)
        try weights.set(network.model, path: path, skipsMismatches: options.skipsMismatches)
        weights.note(reader.notes)
        if let compilation {
            try compilation.apply(to: network.model)
            let group = KerasOptimizerVariables.group
            let arrays = (0..<file.count(in: group)).map { "\(group)/\($0)" }
            if let note = try KerasTrainingState.restore(file, arrays, into: network.model, parameters) {
                weights.note([note])
            }
        }
        model = network.model
        places = network.places()
        report = weights.report
    }

    /// A whole model in one HDF5 file, as Keras 2 wrote it, and Keras 3 still does.
    private init(legacy file: HDF5File, options: KerasOptions) throws {
        let path = file.path
        guard let text = try Self.word("model_config", of: file) else {
            throw ConvNetError(
                .format,
                "The file has weights, and no model",
                at: path,
                expected: "the attribute model_config",
                remedy: "Build the model, and call loadKerasWeights(from:)"
            )
        }
        let config = try JSONValue(Array(text.utf8), name: "\(path), model_config")
        version = try Self.word("keras_version", of: file)
        let training = try Self.word("training_config", of: file).map {
            try JSONValue(Array($0.utf8), name: "\(path), training_config")
        }
        let reader = KerasGraphReader(options)
        let compilation = Self.compilation(training ?? .null, of: config, reader, options)
        let network = try reader.model(config, at: path)
        let parameters = KerasParameters(network.places(), of: network.model)
        var weights = try KerasWeights(legacy: file, root: "model_weights", for: parameters)
        try weights.set(network.model, path: path, skipsMismatches: options.skipsMismatches)
        weights.note(reader.notes)
        if let compilation {
            try compilation.apply(to: network.model)
            let arrays = try Self.optimizerArrays(of: file)
            if version?.hasPrefix("3.") != true, !arrays.isEmpty {
                weights.note([
                    "The state of the optimizer is not taken over: Keras 2 kept it in another form."
                ])
            } else if let note = try KerasTrainingState.restore(file, arrays, into: network.model, parameters)
            {
                weights.note([note])
            }
        }
        model = network.model
        places = network.places()
        report = weights.report
    }

    /// What the file says of training; problems go to the reader.
    private static func compilation(
        _ config: JSONValue,
        of model: JSONValue,
        _ reader: KerasGraphReader,
        _ options: KerasOptions
    ) -> KerasCompilation? {
        guard options.compiles else { return nil }
        let outputs = KerasNode.Source.list(model["config"]["output_layers"])?.map(\.layer) ?? []
        // A Sequential does not name its output, of which there is one.
        return KerasCompilation(config, outputs: outputs.isEmpty ? ["output"] : outputs) {
            reader.collect($0, at: $1)
        }
    }

    /// The arrays of the optimizer in a file of one piece, in its own order.
    private static func optimizerArrays(of file: HDF5File) throws -> [String] {
        let group = "optimizer_weights"
        guard file.hasGroup(group) else { return [] }
        let names =
            try file.strings("weight_names", of: group) ?? []
        return names.map { "\(group)/\($0)" }
    }

    /// A text attribute of the file's root.
    private static func word(_ attribute: String, of file: HDF5File) throws -> String? {
        try file.strings(attribute, of: "")?.first
    }
}

extension Model {
    /// Loads a model of Keras: a `.keras` file, or an older `.h5` or `.hdf5` one. `KerasFile` gives a report beside it.
    ///
    /// ```swift
    /// let model = try Model.load(fromKeras: "model.keras")
    /// ```
    ///
    /// - Throws: as `KerasFile(contentsOf:options:)`.
    public static func load(fromKeras path: String, options: KerasOptions = KerasOptions()) throws -> Model {
        try KerasFile(contentsOf: path, options: options).model
    }
}
