import CKernels

/// Computes the loss of each sample and, for training, the gradient with respect to what the loss starts from.
struct LossKernel {
    package let loss: any Loss
    /// The prediction's shape, without the batch axis.
    let shape: Shape
    /// Whether the loss starts from the logits before a final activation.
    let startsFromLogits: Bool
    let backward: Bool
    package let batch: BatchBuffers

    /// Input 0 is the prediction, input 1 the logits if the loss starts there.
    var stage: Stage {
        let count = shape.elementCount
        return Stage(.samples) { context in
            let predictions = context.input(0)
            let logits = startsFromLogits ? context.input(1) : nil
            let gradients = backward ? context.inputGradient(0) : nil
            for (place, sample) in context.samples.enumerated() {
                let weight = batch.weights[sample]
                let value = loss.evaluate(
                    LossSample(
                        prediction: UnsafeBufferPointer(start: predictions + place * count, count: count),
                        logits: logits.map { UnsafeBufferPointer(start: $0 + place * count, count: count) },
                        shape: shape,
                        label: Int(batch.labels[sample]),
                        target: UnsafeBufferPointer(batch.target(of: sample)),
                        gradient: gradients.map {
                            UnsafeMutableBufferPointer(start: $0 + place * count, count: count)
                        },
                        scale: weight / Float(batch.count)))
                batch.losses[sample] = weight * value
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
