/// The mean of the absolute differences between targets and predictions.
///
/// Prediction of any shape, and a `Tensor` of as many target values per sample. Where the two are equal the
/// gradient is 0.
public struct MeanAbsoluteError: Loss, Hashable {
    public static let kind = "MeanAbsoluteError"

    /// The loss; it has no settings.
    public init() {}

    public func validate(output: Shape, targets: TargetKind) throws {
        try targets.validateValues(for: output, loss: Self.kind)
    }

    public func evaluate(_ sample: LossSample) -> Float {
        let count = Float(sample.prediction.count)
        var sum: Float = 0
        for place in sample.prediction.indices {
            let difference = sample.prediction[place] - sample.target[place]
            sum += abs(difference)
            guard let gradient = sample.gradient else { continue }
            let sign: Float = difference > 0 ? 1 : difference < 0 ? -1 : difference
            gradient[place] = sample.scale * sign / count
        }
        return sum / count
    }
}

extension Loss where Self == MeanAbsoluteError {
    /// The mean of absolute differences: `MeanAbsoluteError`.
    public static func meanAbsoluteError() -> Self { MeanAbsoluteError() }
    /// The mean of absolute differences: `MeanAbsoluteError`.
    public static func mae() -> Self { MeanAbsoluteError() }
}
