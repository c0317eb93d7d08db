/// One minus the Tversky index of targets and predictions: `1 - both / (both + alpha · missed + beta · wrong + 1e-7)`.
///
/// `both` is the sum of `t · p`, `missed` that of `t · (1 - p)`, `wrong` that of `(1 - t) · p`: with `alpha` above `beta` a missed
/// place costs more than a wrong one. With 0.5 for both it is about `Dice`. Prediction of any shape, and a `Tensor` of as many
/// target values per sample. By default the sums go over the whole batch, as in Keras; with `axis: [1, 2, 3]` each image has a loss
/// of its own.
///
/// Where sums go over the batch axis, the loss is multiplied with the mean weight of the batch's samples. (Keras multiplies with the
/// sum of the weights for `LossReduction.sum`, if weights are given.)
public struct Tversky: OverlapLoss, Hashable {
    public static let kind = "Tversky"
    /// How much a missed place costs.
    public let alpha: Float
    /// How much a wrong place costs.
    public let beta: Float
    public let reduction: LossReduction
    /// The axes of the sums, the batch axis being axis 0, negative numbers counting from the last axis; `nil` for all.
    public let axis: [Int]?

    /// The loss.
    ///
    /// - Parameters:
    ///   - alpha: how much a missed place costs, at least 0.
    ///   - beta: how much a wrong place costs, at least 0.
    ///   - reduction: how the loss values of a batch become one number.
    ///   - axis: the axes of the sums, the batch axis being axis 0, negative numbers counting from the last axis; `nil` for all.
    public init(
        alpha: Float = 0.5,
        beta: Float = 0.5,
        reduction: LossReduction = .sumOverBatchSize,
        axis: [Int]? = nil
    ) {
        self.alpha = alpha
        self.beta = beta
        self.reduction = reduction
        self.axis = axis
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        for (name, value) in [("alpha", alpha), ("beta", beta)] where !value.isFinite || value < 0 {
            throw ConvNetError(
                .argument,
                "Not a cost",
                at: name,
                expected: "a finite number of at least 0",
                received: "\(value)"
            )
        }
        try LossAxes.validate(axis, output: output)
        try targets.validateValues(for: output, loss: Self.kind)
    }

    public func valueCount(of output: Shape) -> Int { overlapValueCount(of: output) }

    /// The sums go over all samples, or give values that are weighted by sample.
    public var needsWholeBatch: Bool { true }

    public func evaluate(_ batch: LossBatch) -> Float { overlapLoss(batch, reduction) }

    public func evaluate(_ sample: LossSample) -> Float { sample.alone { overlapLoss($0, .mean) } }

    func value(_ sums: OverlapSums) -> (loss: Double, slope: (target: Double, constant: Double)) {
        let missed = sums.target - sums.both, wrong = sums.prediction - sums.both
        let alpha = Double(alpha), beta = Double(beta)
        let size = sums.both + alpha * missed + beta * wrong + Double(CrossEntropy.epsilon)
        // The size changes by t (1 - alpha - beta) + beta.
        let share = sums.both / (size * size)
        return (1 - sums.both / size, (share * (1 - alpha - beta) - 1 / size, share * beta))
    }
}

extension Loss where Self == Tversky {
    /// One minus the Tversky index, by default of the whole batch: `Tversky`.
    public static func tversky(
        alpha: Float = 0.5,
        beta: Float = 0.5,
        reduction: LossReduction = .sumOverBatchSize,
        axis: [Int]? = nil
    ) -> Self {
        Tversky(alpha: alpha, beta: beta, reduction: reduction, axis: axis)
    }
}
