/// The coefficient of determination: one minus the sum of squared differences over that of a prediction that is always the mean of
/// the targets. 1 is exact, 0 no better than the mean.
///
/// Prediction `[outputs]`, and a `Tensor` of as many target values per sample.
public struct R2Score: Metric, Hashable {
    /// How the scores of several outputs become one.
    public enum ClassAggregation: String, Sendable, Hashable, Codable, CaseIterable {
        /// Their mean.
        case uniformAverage = "uniform_average"
        /// Their mean, each weighted by the variance of its targets.
        case varianceWeightedAverage = "variance_weighted_average"
    }

    public static let kind = "R2Score"
    /// How the scores of several outputs become one; `nil` for one value for each.
    public let classAggregation: ClassAggregation?
    /// The number of independent regressors, for the adjusted score; 0 for the score itself.
    public let numRegressors: Int
    public let name: String
    private var outputCount = 0

    private enum CodingKeys: String, CodingKey { case classAggregation, numRegressors, name }

    /// The metric.
    ///
    /// - Parameters:
    ///   - classAggregation: how the scores of several outputs become one; `nil` for one value for each.
    ///   - numRegressors: the number of independent regressors, for the adjusted score; 0 for the score itself. With too few samples it is
    ///     the score itself, too. As in Keras every target value counts as a sample here.
    ///   - name: the name under which it is reported.
    public init(
        classAggregation: ClassAggregation? = .uniformAverage,
        numRegressors: Int = 0,
        name: String = "r2_score"
    ) {
        self.classAggregation = classAggregation
        self.numRegressors = numRegressors
        self.name = name
    }

    /// The number of target values, then for each output the sums of weights, of targets, of their squares, and of squared
    /// differences.
    public var stateCount: Int { 1 + 4 * outputCount }
    public var valueCount: Int { classAggregation == nil ? outputCount : 1 }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        guard numRegressors >= 0 else {
            throw ConvNetError(
                .argument,
                "Not a number of regressors",
                at: "\(name), numRegressors",
                expected: "at least 0",
                received: "\(numRegressors)"
            )
        }
        guard output.rank == 1 else {
            throw ConvNetError(
                .shape,
                "The metric \(name) needs a list of predictions",
                at: "metrics",
                expected: "[outputs]",
                received: "\(output)"
            )
        }
        try targets.validateValues(for: output, metric: name)
        var metric = self
        metric.outputCount = output.elementCount
        return metric
    }

    public func update(_ state: inout [Double], with sample: MetricSample) {
        state[0] += Double(sample.prediction.count)
        let weight = Double(sample.weight)
        for place in sample.prediction.indices {
            let target = Double(sample.target[place])
            let difference = target - Double(sample.prediction[place])
            state[4 * place + 1] += weight
            state[4 * place + 2] += weight * target
            state[4 * place + 3] += weight * target * target
            state[4 * place + 4] += weight * difference * difference
        }
    }

    public func result(_ state: [Double]) -> Double { values(state).first ?? 0 }

    public func values(_ state: [Double]) -> [Double] {
        var totals: [Double] = []
        var scores: [Double] = []
        for place in 0..<outputCount {
            let sums = state[(4 * place + 1)...]
            let (weight, sum, squares, residual) = (
                sums[4 * place + 1], sums[4 * place + 2], sums[4 * place + 3], sums[4 * place + 4]
            )
            let total = squares - sum * (sum / weight)
            let score = 1 - residual / total
            totals.append(total)
            scores.append(score.isInfinite ? 0 : score)
        }
        switch classAggregation {
        case nil: break
        case .uniformAverage: scores = [scores.reduce(0, +) / Double(scores.count)]
        case .varianceWeightedAverage:
            scores = [zip(totals, scores).reduce(0) { $0 + $1.0 * $1.1 } / totals.reduce(0, +)]
        }
        let count = state.first ?? 0, regressors = Double(numRegressors)
        guard numRegressors > 0, regressors < count - 1 else { return scores }
        return scores.map { 1 - (1 - $0) * (count - 1) / (count - regressors - 1) }
    }
}

extension Metric where Self == R2Score {
    /// The coefficient of determination: `R2Score`.
    public static func r2Score(
        classAggregation: R2Score.ClassAggregation? = .uniformAverage,
        numRegressors: Int = 0
    ) -> Self {
        R2Score(classAggregation: classAggregation, numRegressors: numRegressors)
    }
}
