import ArgumentParser
import ConvNetInterop
import SwiftConvNet

/// A size that an ONNX file leaves open: `NAME=NUMBER`.
struct NamedSize: ExpressibleByArgument {
    let name: String
    let size: Int

    init?(argument: String) {
        guard let sign = argument.lastIndex(of: "="), sign != argument.startIndex,
            let size = Int(argument[argument.index(after: sign)...]), size > 0
        else { return nil }
        name = String(argument[..<sign])
        self.size = size
    }
}

/// Options that say how a model's file is read.
struct ModelOptions: ParsableArguments {
    @Option(
        name: .customLong("size"),
        help: ArgumentHelp(
            "A size that the file leaves open, for an ONNX file's named axes (height=480); may be repeated.",
            valueName: "name=n"
        )
    )
    var sizes: [NamedSize] = []

    @Option(
        help: ArgumentHelp(
            """
            A file of weights for the network: PyTorch's state_dict (.safetensors, .pt), or Keras' .weights.h5. (default: those of the \
            model's file)
            """,
            valueName: "file"
        ),
        completion: .file()
    )
    var weights: String?

    @Option(
        help: ArgumentHelp(
            "What the names of PyTorch's arrays begin with, such as \"module.\".",
            valueName: "text"
        )
    )
    var weightsPrefix: String?

    @Option(
        help: ArgumentHelp(
            "The key under which a .pt file has the arrays, such as \"state_dict\".",
            valueName: "key"
        )
    )
    var weightsKey: String?

    func validate() throws {
        if weights == nil, weightsPrefix != nil || weightsKey != nil {
            throw ValidationError("--weights-prefix and --weights-key need --weights.")
        }
    }

    /// What a model's argument may be.
    static let sourceHelp: ArgumentHelp = "A model's file, a description (.json), or the name of a network."

    /// Loads a model: of a file, of a description in JSON, or of the name of an application, with the weights of the options.
    ///
    /// - Parameters:
    ///   - compute: how it computes; as the options say unless given.
    ///   - compiles: whether a Keras file's loss, metrics and optimizer are wanted; what is not supported of them is an error then.
    ///   - values: inputs on whose values shapes of an ONNX file may depend.
    ///   - shape: that of an application's samples; its own unless given.
    ///   - seed: from which new weights are drawn.
    ///   - others: further models that the options are for, so that a size may be meant for one of them.
    /// - Throws: `ConvNetError` of kind `argument` if there is neither a file nor a network of the name, with the list of names; as the
    ///   readers of files; as `requireSizes(for:)`.
    func load(
        _ source: String,
        _ processor: ProcessorOptions,
        compute: ComputeOptions? = nil,
        compiles: Bool = true,
        values: [String: Tensor] = [:],
        shape: Shape? = nil,
        seed: UInt64 = 0,
        others: [String] = []
    ) throws -> LoadedModel {
        try requireSizes(for: [source] + others)
        let compute = compute ?? processor.compute
        let weights = try weightsFile
        var loaded: LoadedModel
        if NamedPath(path: source).isFile {
            loaded =
                try Self.isDescription(source)
                ? LoadedModel(path: source, model: description(source, seed: seed, compute))
                : file(source, compute, compiles: compiles, values)
        } else if let application = KnownApplication(named: source) {
            let model = try network(application, weights, shape, seed, compute)
            loaded = LoadedModel(path: source, model: model)
        } else if source.contains(where: { $0 == "." || $0 == "/" }) {
            // The reader says why the file is none.
            loaded = try file(source, compute, compiles: compiles, values)
        } else {
            throw KnownApplication.unknown(source)
        }
        loaded.notes += try weights?.load(into: loaded.model) ?? []
        return loaded
    }

    /// Checks that each `--size` is for an axis of one of the models.
    ///
    /// - Throws: `ValidationError` with the names that there are; as `ONNXFile`.
    func requireSizes(for sources: [String]) throws {
        // Of a model that is not there its loading says more.
        let areThere = sources.allSatisfy { NamedPath(path: $0).isFile || KnownApplication(named: $0) != nil }
        guard !sizes.isEmpty, areThere else { return }
        var names: [String] = []
        for source in sources where (try? ModelFormat(ofFile: source)) == .onnx {
            names += try ONNXFile(contentsOf: source).openAxisNames.filter { !names.contains($0) }
        }
        guard let odd = sizes.first(where: { !names.contains($0.name) }) else { return }
        let title = sources.joined(separator: " or ")
        throw ValidationError(
            names.isEmpty
                ? """
                \(title) has no axes for --size \(odd.name): it sets the axes that an ONNX file gives a name in place of a size. \
                In files of Keras and of this library sizes cannot be set.
                """
                : "\(title) has no axis for --size \(odd.name). Those that can be set: \(names.joined(separator: ", "))."
        )
    }

    private var weightsFile: WeightsFile? {
        get throws {
            let options = PyTorchOptions(prefix: weightsPrefix ?? "", dictionary: weightsKey)
            return try weights.map { try WeightsFile($0, options) }
        }
    }

    private func file(
        _ path: String,
        _ compute: ComputeOptions,
        compiles: Bool,
        _ values: [String: Tensor]
    ) throws -> LoadedModel {
        let sizes = Dictionary(self.sizes.map { ($0.name, $0.size) }) { $1 }
        let options = ModelFile.Options(
            compute: compute,
            onnx: ONNXOptions(sizes: sizes, values: values),
            keras: KerasOptions(compiles: compiles)
        )
        do {
            return LoadedModel(path: path, file: try ModelFile(contentsOf: path, options: options))
        } catch var error as ConvNetError where error.kind == .format {
            if try Self.holdsWeights(path) {
                error.remedy = "Weights need their network: its name or description, and --weights \(path)"
            }
            throw error
        }
    }

    /// Whether a file that is no model has weights without a network, as far as its kind tells.
    private static func holdsWeights(_ path: String) throws -> Bool {
        let file = try FileBytes(path: path)
        switch FileKind(firstBytes: try file.read(0..<min(file.count, FileKind.prefixLength))) {
        case .pyTorch, .pickle: return true
        case .safetensors:
            return try SafeTensors(contentsOf: path).metadata["format"] != ModelDescription.format
        default: return path.lowercased().hasSuffix(".weights.h5")
        }
    }

    private static func isDescription(_ path: String) throws -> Bool {
        let file = try FileBytes(path: path)
        return FileKind(firstBytes: try file.read(0..<min(file.count, FileKind.prefixLength))) == .json
    }

    private func description(_ path: String, seed: UInt64, _ compute: ComputeOptions) throws -> Model {
        let text = String(decoding: try FileContents.read(path, limit: 1 << 28), as: UTF8.self)
        do {
            return try Model.fromJSON(text, seed: seed, options: compute, customTypes: .onnx)
        } catch let error as ConvNetError {
            throw error.located(at: path)
        }
    }

    /// A network of the form, and of the number of classes, that weights are for.
    private func network(
        _ application: KnownApplication,
        _ weights: WeightsFile?,
        _ shape: Shape?,
        _ seed: UInt64,
        _ compute: ComputeOptions
    ) throws -> Model {
        let shape = shape ?? application.shape, variant = weights?.variant ?? .keras
        let model = try application.make(shape, application.classes, variant, seed, compute)
        guard let count = try weights?.classCount(of: model), count != application.classes, count > 0 else {
            return model
        }
        return try application.make(shape, count, variant, seed, compute)
    }
}
