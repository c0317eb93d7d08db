/// One minus the Dice coefficient of targets and predictions: `1 - 2 · sum(t · p) / (sum(t) + sum(p) + 1e-7)`.
///
/// For segmentation: targets of 0 and 1, predictions in 0...1. Prediction of any shape, and a `Tensor` of as many target values
/// per sample. By default the sums go over the whole batch, as in Keras, so that the loss depends on which samples are in a batch
/// together; with `axis: [1, 2, 3]` each image has a loss of its own.
///
/// Where sums go over the batch axis, the loss is multiplied with the mean weight of the batch's samples. (Keras multiplies with the
/// sum of the weights for `LossReduction.sum`, if weights are given.)
public struct Dice: OverlapLoss, Hashable {
    public static let kind = "Dice"
    public let reduction: LossReduction
    /// The axes of the sums, the batch axis being axis 0, negative numbers counting from the last axis; `nil` for all.
    public let axis: [Int]?

    /// The loss.
    ///
    /// - Parameters:
    ///   - reduction: how the loss values of a batch become one number.
    ///   - axis: the axes of the sums, the batch axis being axis 0, negative numbers counting from the last axis; `nil` for all.
    public init(reduction: LossReduction = .sumOverBatchSize, axis: [Int]? = nil) {
        self.reduction = reduction
        self.axis = axis
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        try LossAxes.validate(axis, output: output)
        try targets.validateValues(for: output, loss: Self.kind)
    }

    public func valueCount(of output: Shape) -> Int { overlapValueCount(of: output) }

    /// The sums go over all samples, or give values that are weighted by sample.
    public var needsWholeBatch: Bool { true }

    public func evaluate(_ batch: LossBatch) -> Float { overlapLoss(batch, reduction) }

    public func evaluate(_ sample: LossSample) -> Float { sample.alone { overlapLoss($0, .mean) } }

    func value(_ sums: OverlapSums) -> (loss: Double, slope: (target: Double, constant: Double)) {
        let size = sums.target + sums.prediction + Double(CrossEntropy.epsilon)
        return (1 - 2 * sums.both / size, (-2 / size, 2 * sums.both / (size * size)))
    }
}

extension Loss where Self == Dice {
    /// One minus the Dice coefficient, by default of the whole batch: `Dice`.
    public static func dice(reduction: LossReduction = .sumOverBatchSize, axis: [Int]? = nil) -> Self {
        Dice(reduction: reduction, axis: axis)
    }
}
