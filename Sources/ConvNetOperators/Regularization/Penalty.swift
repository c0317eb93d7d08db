/// The penalty of each sample's tensor: one number.
struct Penalty: Operator {
    let regularizer: any Regularizer

    func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        guard regularizer.isSumOverElements else {
            throw ConvNetError(
                .argument,
                "The penalty for what a layer puts out is a sum over elements",
                at: "activityRegularizer",
                expected: "L1, L2 or L1L2, or another whose isSumOverElements is true",
                received: "\(type(of: regularizer).kind)"
            )
        }
        try regularizer.validate(for: inputs[0].shape)
        return [ValueType([])]
    }

    func kernel(at site: Site) -> any Kernel { PenaltyKernel(regularizer, shape: site.inputs[0].shape) }
}

/// Computes penalties sample by sample.
private struct PenaltyKernel: Kernel {
    let regularizer: any Regularizer
    let shape: Shape
    let count: Int

    init(_ regularizer: any Regularizer, shape: Shape) {
        self.regularizer = regularizer
        self.shape = shape
        count = shape.elementCount
    }

    var backwardReads: BackwardReads { .inputs }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                for sample in 0..<context.count {
                    let values = UnsafeBufferPointer(start: context.input() + sample * count, count: count)
                    context.output[sample] = Float(regularizer.penalty(values, shape: shape, gradient: nil))
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                for sample in 0..<context.count {
                    let values = UnsafeBufferPointer(start: context.input() + sample * count, count: count)
                    let target = context.inputGradient() + sample * count
                    target.update(repeating: 0, count: count)
                    let gradient = PenaltyGradient(target, scale: context.outputGradient[sample])
                    _ = regularizer.penalty(values, shape: shape, gradient: gradient)
                }
            }
        ]
    }
}

extension Lowering {
    /// Adds a penalty for a value to the loss, in training and in evaluation: its mean over the samples, as Keras divides the
    /// penalty of a batch by the number of samples.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the penalty is not a sum over elements, or a factor is out of range; of kind
    ///   `shape` if the value is the same for all samples.
    public mutating func addPenalty(of value: Value, _ regularizer: any Regularizer) throws {
        try addLoss(emit(Penalty(regularizer: regularizer), value)[0])
    }
}
