/// Pearson's correlation between the targets and predictions of a sample, along the last axis, from -1 to 1. NaN if all of either are equal, as in Keras.
///
/// Prediction `[…, values]`, and a `Tensor` of as many target values per sample. Keras' `axis` is the last one. The metric is the mean over
/// samples, so that each needs several values.
public struct PearsonCorrelation: MeanMetric, Hashable {
    public static let kind = "PearsonCorrelation"
    public let name: String

    /// The metric, and the name under which it is reported.
    public init(name: String = "pearson_correlation") { self.name = name }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        try targets.validateValues(for: output, metric: name)
        return self
    }

    public func value(_ sample: MetricSample) -> Double {
        sample.meanOfRows { moments in
            moments.covariance / (moments.targetVariance * moments.predictionVariance).squareRoot()
        }
    }
}

extension Metric where Self == PearsonCorrelation {
    /// Pearson's correlation between the targets and predictions of a sample: `PearsonCorrelation`.
    public static func pearsonCorrelation() -> Self { PearsonCorrelation() }
}
