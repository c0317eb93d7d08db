import CKernels

/// Computes one term of the objective for each sample and, for training, the gradient with respect to what the loss starts from.
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

    /// Input 0 is the prediction, input 1 the logits if the loss starts there.
    var stage: Stage {
        let count = shape.elementCount, output = term.output, factor = term.factor
        return Stage(.samples) { context in
            let predictions = context.input(0)
            let logits = startsFromLogits ? context.input(1) : nil
            let gradients = backward ? context.inputGradient(0) : nil
            for (place, sample) in context.samples.enumerated() {
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
                        scale: factor * batch.weights[sample] / Float(batch.count)
                    )
                )
                batch.setLoss(value, term: index, factor: factor, of: sample)
            }
        }
    }
}

/// Adds what several readers of a value have stored as its gradient to what the first one stored.
struct GradientSum {
    /// Elements of one sample.
    package let count: Int
    let parts: Int

    /// The inputs are the gradients to be added, the output gradient is what they are added to.
    var stage: Stage {
        Stage(.samples) { context in
            for part in 0..<parts {
                ck_add(context.input(part), context.outputGradient, context.count * count)
            }
        }
    }
}
