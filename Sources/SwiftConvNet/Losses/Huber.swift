/// The mean of half the squared difference where that is at most `delta`, and of a straight line beyond.
///
/// With the difference `e`: `e² / 2` for `|e| <= delta`, else `delta · |e| - delta² / 2`. Prediction of any shape, and a
/// `Tensor` of as many target values per sample.
public struct Huber: ElementwiseLoss, Hashable {
    public static let kind = "Huber"
    /// Where the square becomes a line, above 0.
    public let delta: Float
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameters:
    ///   - delta: where the square becomes a line, above 0.
    ///   - reduction: how the loss values of a batch become one number.
    public init(delta: Float = 1, reduction: LossReduction = .sumOverBatchSize) {
        self.delta = delta
        self.reduction = reduction
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        guard delta.isFinite, delta > 0 else {
            throw ConvNetError(
                .argument,
                "Not a size of a difference",
                at: "delta",
                expected: "a finite number above 0",
                received: "\(delta)"
            )
        }
        try targets.validateValues(for: output, loss: Self.kind)
    }

    public func value(_ prediction: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        let difference = prediction - target
        let size = abs(difference)
        return size <= delta
            ? (0.5 * difference * difference, difference)
            : (delta * size - 0.5 * delta * delta, delta * difference.signOrItself)
    }
}

extension Loss where Self == Huber {
    /// Half the squared difference, and a straight line beyond `delta`: `Huber`.
    public static func huber(delta: Float = 1, reduction: LossReduction = .sumOverBatchSize) -> Self {
        Huber(delta: delta, reduction: reduction)
    }
}
