/// A batch whose loss or gradients were not finite, with all that it takes to run it again: the model as it was before
/// the step, samples, targets, weights, seed and step.
///
/// `fit` saves one if its policy is `.stop(savingCaseIn:)`; `replay` shows what each layer made of the batch.
///
/// ```swift
/// print(try NonFiniteCase(contentsOf: "runs/nonfinite-epoch2-batch17.safetensors").replay())
/// ```
public struct NonFiniteCase {
    /// The model with the parameters, moving statistics and step from before the batch.
    public let model: Model
    /// The inputs of the samples, by the names of inputs, and what they are compared with, by the names of outputs.
    public let data: TensorDataset
    /// How much each sample's loss counted, class weights included.
    public let weights: [Float]
    /// The places of the samples in the dataset that the model was trained on.
    public let indices: [Int]
    /// The epoch; the first is 1.
    public let epoch: Int
    /// The step within the epoch; the first is 1.
    public let batch: Int

    init(
        model: Model,
        data: TensorDataset,
        weights: [Float],
        indices: [Int],
        epoch: Int,
        batch: Int
    ) {
        self.model = model
        self.data = data
        self.weights = weights
        self.indices = indices
        self.epoch = epoch
        self.batch = batch
    }

    /// Some samples of a dataset.
    package init(
        _ model: Model,
        _ indices: [Int],
        of dataset: any Dataset,
        weights: SampleWeights,
        epoch: Int,
        batch: Int
    ) throws {
        let feed = try model.feed(dataset, batchSize: max(indices.count, 1), for: "NonFiniteCase")
        try self.init(model, indices, of: feed, weights: weights, epoch: epoch, batch: batch)
    }

    /// Reads a batch once more.
    init(
        _ model: Model,
        _ indices: [Int],
        of feed: Feed,
        weights: SampleWeights,
        epoch: Int,
        batch: Int
    ) throws {
        let dataset = feed.dataset
        // As the step has read it.
        let reading = Reading(seed: model.seed, epoch: epoch, isTraining: true)
        func values(_ field: Int) throws -> Tensor {
            let shape = feed.fields[field].shape, stride = shape.elementCount
            return try Tensor(shape: shape.batched(indices.count)) { all in
                for (place, index) in indices.enumerated() {
                    try dataset.readValues(
                        field,
                        of: index,
                        in: reading,
                        into: UnsafeMutableBufferPointer(
                            rebasing: all[(place * stride)..<((place + 1) * stride)]
                        )
                    )
                }
            }
        }
        var parts = try zip(model.inputNames, feed.inputs).map { name, field in
            (name: name, role: Field.Role.input, content: Targets.values(try values(field)))
        }
        for (name, target) in zip(model.outputNames, feed.targets) {
            guard let field = target.field else { continue }
            let content: Targets =
                target.kind == .labels
                ? .labels(Labels(try indices.map { try dataset.label(field, of: $0, in: reading) }))
                : .values(try values(field))
            parts.append((name, .target, content))
        }
        let own = try feed.weight.map { try values($0).elements }
        let first = parts.first { $0.role == .target }?.content
        self.init(
            model: model,
            data: try TensorDataset(parts),
            weights: indices.enumerated().map { place, index in
                (own?[place] ?? 1)
                    * weights.weight(
                        of: index,
                        label: weights.classes == nil ? nil : first?.label(of: place)
                    )
            },
            indices: indices,
            epoch: epoch,
            batch: batch
        )
    }

    /// What `fit` throws: the first layer, the batch, and where the case was saved.
    func error(savingIn folder: String?) -> ConvNetError {
        // Should the batch not run again, what happened must still be told.
        let first = (try? replay())?.firstNonFinite
        var remedy =
            "The model keeps the weights of the step before; try a smaller learning rate, or clipping"
        if let folder {
            let path = "\(folder)/nonfinite-epoch\(epoch)-batch\(batch).safetensors"
            do {
                try Folders.make(forFile: path)
                try save(to: path)
                remedy += ". The batch is saved, for NonFiniteCase.replay to run it again: \(path)"
            } catch {
                remedy += ". The batch could not be saved: \(error)"
            }
        }
        let layer = first.flatMap { $0.layer.isEmpty ? nil : "\($0.layer), " } ?? ""
        return ConvNetError(
            .numeric,
            (first?.title ?? "The loss or a gradient") + " is not finite",
            at: "\(layer)epoch \(epoch), batch \(batch), step \(model.stepCount), \(sampleList(first))",
            expected: "finite numbers",
            received: first.map { "\($0.range)" },
            remedy: remedy
        )
    }

    /// The samples in which it was seen first, or else all of the batch; no more than eight by name.
    private func sampleList(_ first: Replay.Row?) -> String {
        let listed = first.map { $0.samples.map { indices[$0] } }.flatMap { $0.isEmpty ? nil : $0 } ?? indices
        let names = listed.prefix(8).map(String.init).joined(separator: ", ")
        let rest = listed.count > 8 ? " and \(listed.count - 8) more" : ""
        return "samples \(names)\(rest) of the batch's \(indices.count)"
    }
}
