/// How the scores of classes become one.
public enum ScoreAverage: String, Sendable, Hashable, Codable, CaseIterable {
    /// One score of the answers for all classes together.
    case micro
    /// The mean of the classes' scores.
    case macro
    /// The mean of the classes' scores, each weighted by the number of its true answers.
    case weighted
}

/// What `FBetaScore` and `F1Score` share.
struct FScore: Hashable, Sendable {
    private var average: ScoreAverage?
    private var beta = 1.0
    private var threshold: Float?
    private var classCount = 0

    /// That of a metric that has not been resolved.
    init() {}

    /// - Throws: `ConvNetError` of kind `argument` for settings out of range, of kind `shape` or `data` for what cannot be compared.
    init(
        average: ScoreAverage?,
        beta: Float,
        threshold: Float?,
        output: Shape,
        targets: TargetKind,
        metric: String
    ) throws {
        guard beta > 0, beta.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a weight of the recall",
                at: "\(metric), beta",
                expected: "a finite number above 0",
                received: "\(beta)"
            )
        }
        if let threshold, !(threshold > 0 && threshold <= 1) {
            throw ConvNetError(
                .argument,
                "Not a threshold of a probability",
                at: "\(metric), threshold",
                expected: "above 0, up to 1",
                received: "\(threshold)"
            )
        }
        guard output.rank == 1 else {
            throw ConvNetError(
                .shape,
                "The metric \(metric) needs one prediction for each class",
                at: "metrics",
                expected: "[classes]",
                received: "\(output)"
            )
        }
        try targets.validateAnswers(for: output, metric: metric)
        self.average = average
        self.beta = Double(beta)
        self.threshold = threshold
        classCount = output.elementCount
    }

    /// Of each class true positives, false positives, false negatives, and true answers.
    var stateCount: Int { 4 * classCount }
    var valueCount: Int { average == nil ? classCount : 1 }

    func update(_ state: inout [Double], with sample: MetricSample) {
        let largest = sample.prediction.max() ?? 0
        let weight = Double(sample.weight)
        for place in sample.prediction.indices {
            let prediction = sample.prediction[place]
            // Where all are 0 none is the largest.
            let isYes =
                threshold.map { prediction > $0 } ?? (prediction >= largest && abs(prediction) > 1e-9)
            let target = Double(sample.target(at: place))
            state[4 * place] += isYes ? weight * target : 0
            state[4 * place + 1] += isYes ? weight * (1 - target) : 0
            state[4 * place + 2] += isYes ? 0 : weight * target
            state[4 * place + 3] += weight * target
        }
    }

    func values(_ state: [Double]) -> [Double] {
        var classes = (0..<classCount).map { Array(state[(4 * $0)..<(4 * $0 + 4)]) }
        if average == .micro {
            classes = [(0..<4).map { index in classes.reduce(0) { $0 + $1[index] } }]
        }
        let epsilon = Double(CrossEntropy.epsilon)
        let scores = classes.map { counts in
            let precision = counts[0] / (counts[0] + counts[1] + epsilon)
            let recall = counts[0] / (counts[0] + counts[2] + epsilon)
            let square = beta * beta
            return (1 + square) * precision * recall / (square * precision + recall + epsilon)
        }
        switch average {
        case nil: return scores
        case .micro, .macro: return [scores.reduce(0, +) / Double(max(scores.count, 1))]
        case .weighted:
            let all = classes.reduce(0) { $0 + $1[3] } + epsilon
            return [zip(scores, classes).reduce(0) { $0 + $1.0 * $1.1[3] / all }]
        }
    }
}
