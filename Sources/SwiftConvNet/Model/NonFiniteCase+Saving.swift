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
        /// The classes of a model with one output.
        let labels: [Int32]?
        /// The classes of a model with several inputs or outputs, by output.
        let outputLabels: [String: [Int32]]?
        let convolutionPath: ComputeOptions.ConvolutionPath
        let gemmPath: GEMMPath
    }

    /// Saves the case in one safetensors file: that of a model without its optimizer's slots, with the arrays
    /// `case/samples`, `case/weights` and, unless targets are classes, `case/targets`. Of several inputs and outputs each has an
    /// array: `case/input/left`, `case/target/angle`.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be written; what a user's type throws while it is encoded.
    public func save(to path: String) throws {
        var labels: [String: [Int32]] = [:]
        var contents =
            model.parameterContents()
            + [
                SafeTensors.Content(
                    name: Self.prefix + "weights",
                    tensor: try Tensor(weights, shape: [weights.count])
                )
            ]
        let isPlain = model.inputNames.count == 1 && model.outputNames.count == 1
        for (field, content) in zip(data.fields, data.contents) {
            switch content {
            case .labels(let classes): labels[field.name] = classes.values
            case .values(let tensor):
                contents.append(
                    SafeTensors.Content(name: Self.array(field.role, field.name, isPlain), tensor: tensor)
                )
            }
        }
        let description = Description(
            epoch: epoch,
            batch: batch,
            step: model.stepCount,
            batchesDone: model.compilation?.optimizer.batchesDone,
            indices: indices,
            labels: isPlain ? labels.first?.value : nil,
            outputLabels: isPlain ? nil : labels,
            convolutionPath: model.options.convolutionPath,
            gemmPath: model.options.gemmPath
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var metadata = try model.description(withState: nil).metadata(format: Self.format)
        metadata[Self.metadataKey] = String(decoding: try encoder.encode(description), as: UTF8.self)
        try SafeTensors.write(contents, metadata: metadata, to: path)
    }

    /// The name of an array.
    private static func array(_ role: Field.Role, _ name: String, _ isPlain: Bool) -> String {
        prefix + (isPlain ? (role == .input ? "samples" : "targets") : "\(role.rawValue)/\(name)")
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
                .format,
                "The file holds no case to run again",
                at: "\(path), metadata \"format\"",
                expected: "\"\(Self.format)\"",
                received: file.metadata["format"].map { "\"\($0)\"" } ?? "nothing",
                remedy:
                    "Name a file that fit(nonFinite: .stop(savingCaseIn:)) has saved; load a model by Model.load(from:)"
            )
        }
        func refusal(_ what: String) -> ConvNetError {
            ConvNetError(
                .format,
                "The case is damaged: \(what)",
                at: "\(path), metadata \"\(Self.metadataKey)\""
            )
        }
        let description = try StableJSON.decode(
            Description.self,
            from: (file.metadata[Self.metadataKey] ?? "").utf8,
            at: "\(path), metadata \"\(Self.metadataKey)\""
        )
        let model = try Model.load(
            file,
            options: ComputeOptions(
                threads: threads,
                gemmPath: description.gemmPath,
                convolutionPath: description.convolutionPath
            ),
            customTypes: customTypes,
            format: Self.format,
            passingOver: Self.prefix
        )
        guard let compilation = model.compilation else { throw refusal("its model has no loss") }
        let batchesDone = description.batchesDone ?? description.step
        for (what, number) in [("step", description.step), ("batchesDone", batchesDone)] {
            guard (0...(1 << 53)).contains(number) else { throw refusal("\(what) \(number)") }
        }
        compilation.optimizer.step = description.step
        compilation.optimizer.batchesDone = batchesDone
        let weights = try file.tensor(named: Self.prefix + "weights").elements
        let isPlain = model.inputNames.count == 1 && model.outputNames.count == 1
        var parts = try model.inputNames.map { name in
            let tensor = try file.tensor(named: Self.array(.input, name, isPlain))
            return (name: name, role: Field.Role.input, content: Targets.values(tensor))
        }
        let criteria = compilation.criteria
        for (output, name) in model.outputNames.enumerated() {
            let isJudged = criteria.objective.terms.contains { $0.output == output }
            guard isJudged || !criteria.metrics[output].isEmpty else { continue }
            let classes = isPlain ? description.labels : description.outputLabels?[name]
            let content: Targets =
                try classes.map { .labels(Labels($0)) }
                ?? .values(file.tensor(named: Self.array(.target, name, isPlain)))
            parts.append((name, .target, content))
        }
        do {
            self.init(
                model: model,
                data: try TensorDataset(parts),
                weights: weights,
                indices: description.indices,
                epoch: description.epoch,
                batch: description.batch
            )
            _ = try model.feed(data, batchSize: max(data.count, 1), for: "replay")
            try SampleWeights(samples: weights).validate(for: data)
        } catch let error as ConvNetError {
            throw error.located(at: path)
        }
        guard indices.count == data.count else {
            throw refusal("\(indices.count) places of \(data.count) samples")
        }
    }
}
