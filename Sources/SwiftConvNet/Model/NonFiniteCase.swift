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
    /// The samples, `[samples, …]`.
    public let samples: Tensor
    /// Their targets.
    public let targets: Targets
    /// How much each sample's loss counted, class weights included.
    public let weights: [Float]
    /// The places of the samples in the dataset that the model was trained on.
    public let indices: [Int]
    /// The epoch; the first is 1.
    public let epoch: Int
    /// The step within the epoch; the first is 1.
    public let batch: Int

    init(
        model: Model, samples: Tensor, targets: Targets, weights: [Float], indices: [Int], epoch: Int,
        batch: Int
    ) {
        self.model = model
        self.samples = samples
        self.targets = targets
        self.weights = weights
        self.indices = indices
        self.epoch = epoch
        self.batch = batch
    }

    /// Reads a batch once more.
    package init(
        _ model: Model, _ indices: [Int], of dataset: any Dataset, weights: SampleWeights, epoch: Int,
        batch: Int
    ) throws {
        func tensor(
            _ shape: Shape, read: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void
        ) throws -> Tensor {
            let stride = shape.elementCount
            return try Tensor(shape: shape.batched(indices.count)) { all in
                for (place, index) in indices.enumerated() {
                    try read(
                        index,
                        UnsafeMutableBufferPointer(rebasing: all[(place * stride)..<((place + 1) * stride)]))
                }
            }
        }
        let labels = dataset.targetKind == .labels ? try indices.map { try dataset.readLabel($0) } : nil
        let targets: Targets =
            if let labels {
                .labels(Labels(labels))
            } else if case .values(let shape) = dataset.targetKind {
                .values(try tensor(shape) { try dataset.readTarget($0, into: $1) })
            } else {
                throw ConvNetError(.data, "The dataset has no targets", at: "NonFiniteCase")
            }
        self.init(
            model: model, samples: try tensor(dataset.sampleShape) { try dataset.readSample($0, into: $1) },
            targets: targets,
            weights: indices.enumerated().map { place, index in
                weights.weight(
                    of: index, label: weights.classes == nil ? nil : targets.label(of: place))
            },
            indices: indices, epoch: epoch, batch: batch)
    }

    /// The samples as a dataset.
    var data: ArrayDataset { get throws { try ArrayDataset(.values(samples), targets) } }

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
            .numeric, (first?.title ?? "The loss or a gradient") + " is not finite",
            at: "\(layer)epoch \(epoch), batch \(batch), step \(model.stepCount), \(sampleList(first))",
            expected: "finite numbers", received: first.map { "\($0.range)" }, remedy: remedy)
    }

    /// The samples in which it was seen first, or else all of the batch; no more than eight by name.
    private func sampleList(_ first: Replay.Row?) -> String {
        let listed = first.map { $0.samples.map { indices[$0] } }.flatMap { $0.isEmpty ? nil : $0 } ?? indices
        let names = listed.prefix(8).map(String.init).joined(separator: ", ")
        let rest = listed.count > 8 ? " and \(listed.count - 8) more" : ""
        return "samples \(names)\(rest) of the batch's \(indices.count)"
    }
}
