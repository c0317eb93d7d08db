/// The mean of the squares of `max(0, 1 - target · prediction)`.
///
/// Prediction of any shape, and a `Tensor` of as many targets, -1 or 1, per sample; `Labels` of 0 and 1 if there is one output.
/// Targets of 0 and 1 become -1 and 1 if all targets of the batch are 0 or 1, as in Keras.
public struct SquaredHinge: Loss, Hashable {
    public static let kind = "SquaredHinge"
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameter reduction: how the loss values of a batch become one number.
    public init(reduction: LossReduction = .sumOverBatchSize) { self.reduction = reduction }

    public func validate(output: Shape, targets: TargetKind) throws {
        try BinaryTargets.validate(targets, output: output, loss: Self.kind)
    }

    public func classCount(output: Shape, targets: TargetKind) -> Int? { targets == .labels ? 2 : nil }

    /// Whether targets are 0 and 1 shows only in the whole batch.
    public var needsWholeBatch: Bool { true }

    public func evaluate(_ sample: LossSample) -> Float {
        evaluate(sample, areBinary: BinaryTargets.areBinary(sample))
    }

    public func evaluate(_ batch: LossBatch) -> Float {
        let areBinary = BinaryTargets.areBinary(batch), values = valueCount(of: batch.shape)
        return batch.reduce(reduction, valueCount: values, counted: { _ in values }) {
            evaluate($0, areBinary: areBinary)
        }
    }

    private func evaluate(_ sample: LossSample, areBinary: Bool) -> Float {
        sample.mean { prediction, given in
            let target = areBinary ? 2 * given - 1 : given
            let margin = 1 - target * prediction
            return margin < 0 ? (0, 0) : (margin * margin, -2 * margin * target)
        }
    }
}

extension Loss where Self == SquaredHinge {
    /// The mean of the squares of `max(0, 1 - target · prediction)`: `SquaredHinge`.
    public static func squaredHinge(reduction: LossReduction = .sumOverBatchSize) -> Self {
        SquaredHinge(reduction: reduction)
    }
}
