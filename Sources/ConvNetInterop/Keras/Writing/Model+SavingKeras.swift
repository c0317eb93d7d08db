import SwiftConvNet

extension Model {
    /// The version of Keras whose files are written.
    private static let kerasVersion = "3.15.1"

    /// Saves the model as Keras 3 does, so that `keras.models.load_model` reads it: architecture, parameters, and, if it is compiled,
    /// loss, metrics and optimizer with its state.
    ///
    /// ```swift
    /// try model.save(toKeras: "model.keras")
    /// ```
    ///
    /// The layers of nested models are written as layers of this one, with names such as `encoder_conv2d`. The same model gives the same
    /// bytes, and the file is whole at every moment. Needs the traits `HDF5` and `Zip`.
    ///
    /// - Parameters:
    ///   - path: where the file is to be; it ends in `.keras`, or Keras would not read it.
    ///   - includeOptimizer: whether loss, metrics and optimizer are saved. Default `true`.
    /// - Throws: `ConvNetError` of kind `argument` that lists all for which Keras has no form, or for another ending; of kind `file` if the
    ///   file cannot be written; of kind `environment` without the traits.
    public func save(toKeras path: String, includeOptimizer: Bool = true) throws {
        try requireEnding(".keras", of: path)
        let layout = KerasLayout(self), state = includeOptimizer ? try trainingState : nil
        let config = try KerasConfigWriter(self, layout).config(state)
        let metadata: JSONValue = [
            "keras_version": .text(Self.kerasVersion), "date_saved": "1980-01-01@00:00:00",
        ]
        let archive = try ZipWriter.archive([
            ("metadata.json", Array(metadata.description.utf8)),
            ("config.json", Array(config.description.utf8)),
            ("model.weights.h5", try KerasWeightsWriter.file(self, layout, state)),
        ])
        try AtomicFile.write(archive, to: path)
    }

    /// Saves the parameters as Keras 3's `save_weights` does. Needs the trait `HDF5`.
    ///
    /// - Parameters:
    ///   - path: where the file is to be; it ends in `.weights.h5`, or Keras would not read it.
    ///   - includeOptimizer: whether the state of the optimizer is saved, too, if the model is compiled. Default `true`.
    /// - Throws: as `save(toKeras:includeOptimizer:)`.
    public func saveKerasWeights(to path: String, includeOptimizer: Bool = true) throws {
        try requireEnding(".weights.h5", of: path)
        let state = includeOptimizer ? try trainingState : nil
        try AtomicFile.write(KerasWeightsWriter.file(self, KerasLayout(self), state), to: path)
    }

    private func requireEnding(_ ending: String, of path: String) throws {
        guard path.hasSuffix(ending) else {
            throw ConvNetError(
                .argument,
                "Keras reads such a file only under another name",
                at: "path",
                expected: "a name that ends in \(ending)",
                received: "\"\(path)\""
            )
        }
    }
}
