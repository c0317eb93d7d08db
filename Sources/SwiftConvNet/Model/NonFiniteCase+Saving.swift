import Foundation

extension NonFiniteCase {
    static let format = "swiftconvnet.case"
    private static let metadataKey = "case"
    private static let prefix = "case/"

    /// What a file holds besides the model and the arrays, in JSON.
    private struct Description: Codable {
        let epoch: Int
        let batch: Int
        let step: Int
        /// Not in files of earlier versions, where it was the number of steps.
        let batchesDone: Int?
        let indices: [Int]
        let labels: [Int32]?
        let convolutionPath: ComputeOptions.ConvolutionPath
        let gemmPath: GEMMPath
    }

    /// Saves the case in one safetensors file: that of a model without its optimizer's slots, with the arrays
    /// `case/samples`, `case/weights` and, unless targets are classes, `case/targets`.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be written; what a user's type throws while it is encoded.
    public func save(to path: String) throws {
        var labels: [Int32]?
        var contents =
            model.parameterContents()
            + [
                SafeTensors.Content(name: Self.prefix + "samples", tensor: samples),
                SafeTensors.Content(
                    name: Self.prefix + "weights", tensor: try Tensor(weights, shape: [weights.count])),
            ]
        switch targets {
        case .labels(let classes): labels = classes.values
        case .values(let tensor):
            contents.append(SafeTensors.Content(name: Self.prefix + "targets", tensor: tensor))
        }
        let description = Description(
            epoch: epoch, batch: batch, step: model.stepCount,
            batchesDone: model.compilation?.optimizer.batchesDone, indices: indices, labels: labels,
            convolutionPath: model.options.convolutionPath, gemmPath: model.options.gemmPath)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var metadata = try model.description(withState: nil).metadata(format: Self.format)
        metadata[Self.metadataKey] = String(decoding: try encoder.encode(description), as: UTF8.self)
        try SafeTensors.write(contents, metadata: metadata, to: path)
    }

    /// Opens a case that was saved.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - threads: the number of workers, as in `ComputeOptions`; the file says which paths were taken.
    ///   - customTypes: the types that are not of this library and that the model uses.
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read; of kind `format` if it holds no case.
    public init(contentsOf path: String, threads: Int? = nil, customTypes: CustomTypes = CustomTypes()) throws
    {
        let file = try SafeTensors(contentsOf: path)
        guard file.metadata["format"] == Self.format else {
            throw ConvNetError(
                .format, "The file holds no case to run again", at: "\(path), metadata \"format\"",
                expected: "\"\(Self.format)\"",
                received: file.metadata["format"].map { "\"\($0)\"" } ?? "nothing",
                remedy:
                    "Name a file that fit(nonFinite: .stop(savingCaseIn:)) has saved; load a model by Model.load(from:)"
            )
        }
        func refusal(_ what: String) -> ConvNetError {
            ConvNetError(
                .format, "The case is damaged: \(what)", at: "\(path), metadata \"\(Self.metadataKey)\"")
        }
        let description = try StableJSON.decode(
            Description.self, from: (file.metadata[Self.metadataKey] ?? "").utf8,
            at: "\(path), metadata \"\(Self.metadataKey)\"")
        let model = try Model.load(
            file,
            options: ComputeOptions(
                threads: threads, gemmPath: description.gemmPath, convolutionPath: description.convolutionPath
            ),
            customTypes: customTypes, format: Self.format, passingOver: Self.prefix)
        guard let compilation = model.compilation else { throw refusal("its model has no loss") }
        let batchesDone = description.batchesDone ?? description.step
        for (what, number) in [("step", description.step), ("batchesDone", batchesDone)] {
            guard (0...(1 << 53)).contains(number) else { throw refusal("\(what) \(number)") }
        }
        compilation.optimizer.step = description.step
        compilation.optimizer.batchesDone = batchesDone
        let weights = try file.tensor(named: Self.prefix + "weights").elements
        let targets: Targets =
            if let labels = description.labels {
                .labels(Labels(labels))
            } else {
                .values(try file.tensor(named: Self.prefix + "targets"))
            }
        self.init(
            model: model, samples: try file.tensor(named: Self.prefix + "samples"), targets: targets,
            weights: weights, indices: description.indices, epoch: description.epoch, batch: description.batch
        )
        do {
            let data = try data
            try model.check(data, batchSize: max(data.count, 1), loss: compilation.loss, for: "replay")
            try SampleWeights(samples: weights).validate(for: data)
        } catch let error as ConvNetError {
            throw error.located(at: path)
        }
        guard indices.count == targets.count else {
            throw refusal("\(indices.count) places of \(targets.count) samples")
        }
    }
}
