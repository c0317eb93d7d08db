import CKernels

/// Computes one term of the objective and, for training, the gradient with respect to what the loss starts from.
struct LossKernel {
    let term: Objective.Term
    /// Its number among the terms.
    let index: Int
    /// The prediction's shape, without the batch axis.
    let shape: Shape
    /// Whether the loss starts from the logits before a final activation.
    let startsFromLogits: Bool
    let backward: Bool
    let batch: BatchBuffers

    /// Whether one part computes the loss of all samples: it compares them, or divides by the sum of their weights.
    private var isWhole: Bool {
        term.loss.needsWholeBatch || term.loss.reduction == .meanWithSampleWeight
    }

    /// Input 0 is the prediction, input 1 the logits if the loss starts there.
    var stage: Stage { isWhole ? batchStage : sampleStage }

    /// The loss of each sample, by itself.
    private var sampleStage: Stage {
        let count = shape.elementCount, output = term.output, factor = term.factor
        let values = term.loss.reduction == .sum ? Float(term.loss.valueCount(of: shape)) : nil
        return Stage(.samples) { context in
            let predictions = context.input(0)
            let logits = startsFromLogits ? context.input(1) : nil
            let gradients = backward ? context.inputGradient(0) : nil
            for (place, sample) in context.samples.enumerated() {
                let weight = factor * batch.weights[sample]
                let value = term.loss.evaluate(
                    LossSample(
                        prediction: UnsafeBufferPointer(start: predictions + place * count, count: count),
                        logits: logits.map { UnsafeBufferPointer(start: $0 + place * count, count: count) },
                        shape: shape,
                        label: batch.label(output, of: sample),
                        target: UnsafeBufferPointer(batch.target(output, of: sample)),
                        gradient: gradients.map {
                            UnsafeMutableBufferPointer(start: $0 + place * count, count: count)
                        },
                        scale: values.map { weight * $0 } ?? weight / Float(batch.count)
                    )
                )
                // The mean over the samples of what is kept is the loss of the batch.
                let share = values.map { $0 * Float(batch.count) } ?? 1
                batch.setLoss(value * share, term: index, factor: factor, of: sample)
            }
        }
    }

    /// The loss of the batch, which every sample has.
    private var batchStage: Stage {
        let count = shape.elementCount, output = term.output, factor = term.factor
        return Stage(.once) { context in
            let all = context.count * count
            let value = term.loss.evaluate(
                LossBatch(
                    shape: shape,
                    predictions: UnsafeBufferPointer(start: context.input(0), count: all),
                    logits: startsFromLogits
                        ? UnsafeBufferPointer(start: context.input(1), count: all) : nil,
                    gradients: backward
                        ? UnsafeMutableBufferPointer(start: context.inputGradient(0), count: all) : nil,
                    weights: UnsafeBufferPointer(start: batch.weights, count: context.count),
                    scale: factor,
                    labels: batch.labels(output),
                    targets: batch.targets(output)
                )
            )
            batch.setBatchLoss(value, term: index, factor: factor)
        }
    }
}
