/// The weighted harmonic mean of precision and recall: `(1 + beta²) · precision · recall / (beta² · precision + recall)`.
///
/// Prediction `[classes]`, and a `Tensor` of as many targets, 0 or 1, per sample. Without an `average` there is one value for each
/// class.
public struct FBetaScore: Metric, Hashable {
    public static let kind = "FBetaScore"
    /// How the scores of classes become one; `nil` for one value for each class.
    public let average: ScoreAverage?
    /// How much the recall counts, the precision counting 1; above 0.
    public let beta: Float
    /// Above which prediction a class is taken to be there, above 0, up to 1; `nil` for the class of the largest prediction.
    public let threshold: Float?
    public let name: String
    private var score = FScore()

    private enum CodingKeys: String, CodingKey { case average, beta, threshold, name }

    /// The metric.
    ///
    /// - Parameters:
    ///   - average: how the scores of classes become one; `nil` for one value for each class. Training and evaluation need one.
    ///   - beta: how much the recall counts, the precision counting 1; above 0.
    ///   - threshold: above which prediction a class is taken to be there, above 0, up to 1; `nil` for the class of the largest
    ///     prediction.
    ///   - name: the name under which it is reported.
    public init(
        average: ScoreAverage? = nil,
        beta: Float = 1,
        threshold: Float? = nil,
        name: String = "fbeta_score"
    ) {
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self.name = name
    }

    public var stateCount: Int { score.stateCount }
    public var valueCount: Int { score.valueCount }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.score = try FScore(
            average: average,
            beta: beta,
            threshold: threshold,
            output: output,
            targets: targets,
            metric: name
        )
        return metric
    }

    public func update(_ state: inout [Double], with sample: MetricSample) {
        score.update(&state, with: sample)
    }

    public func result(_ state: [Double]) -> Double { score.values(state).first ?? 0 }
    public func values(_ state: [Double]) -> [Double] { score.values(state) }
}

extension Metric where Self == FBetaScore {
    /// The harmonic mean of precision and recall, weighted: `FBetaScore`.
    public static func fBetaScore(
        average: ScoreAverage? = nil,
        beta: Float = 1,
        threshold: Float? = nil
    ) -> Self {
        FBetaScore(average: average, beta: beta, threshold: threshold)
    }
}
