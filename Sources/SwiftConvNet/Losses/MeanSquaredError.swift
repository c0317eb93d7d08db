/// The mean of the squared differences between targets and predictions.
///
/// Prediction of any shape, and a `Tensor` of as many target values per sample.
public struct MeanSquaredError: Loss, Hashable {
    public static let kind = "MeanSquaredError"

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
            sum += difference * difference
            if let gradient = sample.gradient { gradient[place] = sample.scale * 2 * difference / count }
        }
        return sum / count
    }
}

extension Loss where Self == MeanSquaredError {
    /// The mean of squared differences: `MeanSquaredError`.
    public static func meanSquaredError() -> Self { MeanSquaredError() }
    /// The mean of squared differences: `MeanSquaredError`.
    public static func mse() -> Self { MeanSquaredError() }
}
