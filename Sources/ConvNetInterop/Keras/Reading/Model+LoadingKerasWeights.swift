import SwiftConvNet

extension Model {
    /// Replaces the parameters by those of a file of Keras: `.weights.h5`, a whole `.keras` file, or the older `.h5`.
    ///
    /// Layers meet by their class and order, as in Keras; their names do not count. The layers of nested models count as layers of this
    /// one: `KerasFile.loadWeights(from:)` takes the weights of a nested model of Keras. Needs the trait `HDF5`.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - skipMismatch: whether arrays that are missing, too many or of another shape are passed over, rather than being an error.
    /// - Returns: what has become of each array.
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read, of kind `format` if it is damaged or not the model's; then
    ///   nothing is changed.
    @discardableResult
    public func loadKerasWeights(from path: String, skipMismatch: Bool = false) throws -> WeightsReport {
        try KerasWeights.load(
            path,
            into: self,
            KerasParameters(KerasLayout(self).places, of: self),
            skipsMismatches: skipMismatch
        )
    }
}

extension KerasFile {
    /// Replaces the parameters of the model by those of another file of the same model of Keras: `.weights.h5`, `.keras` or `.h5`.
    ///
    /// - Parameter path: the file.
    /// - Returns: what has become of each array.
    /// - Throws: as `Model.loadKerasWeights(from:skipMismatch:)`.
    @discardableResult
    public func loadWeights(from path: String) throws -> WeightsReport {
        try KerasWeights.load(path, into: model, KerasParameters(places, of: model), skipsMismatches: false)
    }
}

extension KerasWeights {
    /// Reads a file's arrays into a model's parameters.
    fileprivate static func load(
        _ path: String,
        into model: Model,
        _ parameters: KerasParameters,
        skipsMismatches: Bool
    ) throws -> WeightsReport {
        let limits = ZipLimits()
        var bytes = try FileContents.read(path, limit: limits.bytes)
        if FileKind(firstBytes: bytes.prefix(FileKind.prefixLength)) != .hdf5 {
            bytes = try ZipArchive(bytes: bytes, path: path, limits: limits).contents(of: "model.weights.h5")
        }
        let file = try HDF5File(bytes: bytes, path: path)
        let weights: KerasWeights
        if file.hasGroup("layers") {
            weights = try KerasWeights(file, for: parameters)
        } else {
            let root = file.hasGroup("model_weights") ? "model_weights" : ""
            weights = try KerasWeights(legacy: file, root: root, for: parameters)
        }
        try weights.set(model, path: path, skipsMismatches: skipsMismatches)
        return weights.report
    }
}
