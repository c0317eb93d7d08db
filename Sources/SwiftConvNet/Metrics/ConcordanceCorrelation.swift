/// Lin's concordance correlation between the targets and predictions of a sample, along the last axis, from -1 to 1. Other than Pearson's it falls when means or spreads differ.
///
/// Prediction `[…, values]`, and a `Tensor` of as many target values per sample. Keras' `axis` is the last one. The metric is the mean over
/// samples, so that each needs several values.
public struct ConcordanceCorrelation: MeanMetric, Hashable {
    public static let kind = "ConcordanceCorrelation"
    public let name: String

    /// The metric, and the name under which it is reported.
    public init(name: String = "concordance_correlation") { self.name = name }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        try targets.validateValues(for: output, metric: name)
        return self
    }

    public func value(_ sample: MetricSample) -> Double {
        sample.meanOfRows { moments in
            let difference = moments.targetMean - moments.predictionMean
            return 2 * moments.covariance
                / (moments.targetVariance + moments.predictionVariance + difference * difference
                    + Double(CrossEntropy.epsilon))
        }
    }
}

extension Metric where Self == ConcordanceCorrelation {
    /// Lin's concordance correlation between the targets and predictions of a sample: `ConcordanceCorrelation`.
    public static func concordanceCorrelation() -> Self { ConcordanceCorrelation() }
}
