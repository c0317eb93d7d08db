/// The root of the mean of the squared differences between targets and predictions.
///
/// Prediction of any shape, and a `Tensor` of as many target values per sample.
public struct RootMeanSquaredError: MeanMetric, Hashable {
    public static let kind = "RootMeanSquaredError"
    public let name: String
    public var isBetterWhenHigher: Bool { false }

    /// The metric, and the name under which it is reported.
    public init(name: String = "root_mean_squared_error") { self.name = name }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        try targets.validateValues(for: output, metric: name)
        return self
    }

    /// The mean of the squares: the root comes after the mean over samples.
    public func value(_ sample: MetricSample) -> Double {
        let sum = sample.prediction.indices.reduce(0.0) {
            let difference = Double(sample.prediction[$1]) - Double(sample.target[$1])
            return $0 + difference * difference
        }
        return sum / Double(max(sample.prediction.count, 1))
    }

    public func result(_ state: [Double]) -> Double { Share.of(state[0], in: state[1]).squareRoot() }
}

extension Metric where Self == RootMeanSquaredError {
    /// The root of the mean of squared differences: `RootMeanSquaredError`.
    public static func rootMeanSquaredError() -> Self { RootMeanSquaredError() }
    /// The root of the mean of squared differences: `RootMeanSquaredError`.
    public static func rmse() -> Self { RootMeanSquaredError() }
}
