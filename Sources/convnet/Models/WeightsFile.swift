import ConvNetInterop
import SwiftConvNet

/// A file of weights without a network, for a network that is there.
struct WeightsFile {
    let path: String
    private let isKeras: Bool
    private let options: PyTorchOptions

    /// - Parameters:
    ///   - path: a `state_dict` of PyTorch in a safetensors or `.pt` file, or Keras' `.weights.h5`; the content says which.
    ///   - options: how PyTorch's arrays are named.
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read.
    init(_ path: String, _ options: PyTorchOptions) throws {
        let file = try FileBytes(path: path)
        isKeras = FileKind(firstBytes: try file.read(0..<min(file.count, FileKind.prefixLength))) == .hdf5
        self.path = path
        self.options = options
    }

    /// Whose form of a network the weights are for.
    var variant: Applications.Variant { isKeras ? .keras : .torchvision }

    /// Replaces all parameters of a model.
    ///
    /// - Returns: what differs from the file.
    /// - Throws: as `loadPyTorchWeights` and `loadKerasWeights`.
    @discardableResult
    func load(into model: Model) throws -> [String] {
        let report =
            isKeras
            ? try model.loadKerasWeights(from: path)
            : try model.loadPyTorchWeights(from: path, options: options)
        return report.notes
    }

    /// How many classes PyTorch's arrays are for, if the last layer of a network that has weights is its classifier; `nil` if they do not
    /// tell.
    ///
    /// - Throws: as `PyTorchFile`.
    func classCount(of model: Model) throws -> Int? {
        guard !isKeras, let parameter = model.parameters.last,
            let slash = parameter.name.lastIndex(of: "/")
        else { return nil }
        let file = try PyTorchFile(contentsOf: path, dictionary: options.dictionary, limits: options.limits)
        return file["\(options.prefix)\(parameter.name[..<slash]).weight"]?.shape.first
    }
}
