/// Right and wrong answers at each of many thresholds, gathered in buckets: a prediction is counted once, in the bucket of the
/// number of thresholds that it is above.
struct ThresholdCurve: Hashable, Sendable {
    /// What a threshold makes of the predictions.
    struct Counts {
        var truePositives = 0.0, falsePositives = 0.0, trueNegatives = 0.0, falseNegatives = 0.0

        // In Float, as Keras compares them with what is asked for.
        var recall: Float { Share.of(Float(truePositives), in: Float(truePositives + falseNegatives)) }
        var precision: Float { Share.of(Float(truePositives), in: Float(truePositives + falsePositives)) }
        var specificity: Float { Share.of(Float(trueNegatives), in: Float(trueNegatives + falsePositives)) }
    }

    /// Ascending.
    let thresholds: [Float]
    let isEven: Bool
    /// Whether a threshold below 0 comes first, so that every prediction is above it.
    let hasMargin: Bool
    let classId: Int?
    /// How many curves there are: one, or one for each label.
    let labelCount: Int
    /// The factor of each label's weights in one curve for all; `nil` for 1 each.
    let labelWeights: [Float]?

    /// The largest number of thresholds: some millions of numbers would be kept for each metric.
    static let largestThresholdCount = 1_000_000

    /// No thresholds: those of a metric that has not been resolved.
    init() {
        self.init(thresholds: [], isEven: false, hasMargin: false)
    }

    init(
        thresholds: [Float],
        isEven: Bool,
        hasMargin: Bool,
        classId: Int? = nil,
        labelCount: Int = 1,
        labelWeights: [Float]? = nil
    ) {
        self.thresholds = thresholds
        self.isEven = isEven
        self.hasMargin = hasMargin
        self.classId = classId
        self.labelCount = labelCount
        self.labelWeights = labelWeights
    }

    /// The curve of a metric at a point.
    ///
    /// - Parameter least: what is asked for at least, in 0...1, and its name.
    /// - Throws: `ConvNetError` of kind `argument` for settings out of range, of kind `data` for targets that do not fit.
    init(
        least: (name: String, value: Float),
        numThresholds: Int,
        classId: Int?,
        output: Shape,
        targets: TargetKind,
        metric: String
    ) throws {
        guard (0...1).contains(least.value) else {
            throw ConvNetError(
                .argument,
                "Not a share",
                at: "\(metric), \(least.name)",
                expected: "0...1",
                received: "\(least.value)"
            )
        }
        try Self.validate(numThresholds, atLeast: 1, metric: metric)
        try Decisions.validate(classId: classId, output: output, metric: metric)
        try targets.validateAnswers(for: output, metric: metric)
        let thresholds =
            numThresholds == 1 ? [0.5] : (0..<numThresholds).map { Float($0) / Float(numThresholds - 1) }
        self.init(
            thresholds: thresholds,
            isEven: numThresholds > 1,
            hasMargin: false,
            classId: classId
        )
    }

    static func validate(_ numThresholds: Int, atLeast least: Int, metric: String) throws {
        guard (least...largestThresholdCount).contains(numThresholds) else {
            throw ConvNetError(
                .argument,
                "Not a number of thresholds",
                at: "\(metric), numThresholds",
                expected: "\(least)...\(largestThresholdCount)",
                received: "\(numThresholds)"
            )
        }
    }

    /// For each label a bucket for true answers above each number of thresholds, then as many for false answers.
    var stateCount: Int { 2 * bucketCount * labelCount }
    private var bucketCount: Int { thresholds.count + 1 }

    /// How many thresholds a prediction is above.
    private func bucket(_ prediction: Float) -> Int {
        if isEven {
            let count = Decisions.evenCount(below: prediction, of: thresholds.count)
            return hasMargin ? max(count, 1) : count
        }
        var low = 0, high = thresholds.count
        while low < high {
            let middle = (low + high) / 2
            if prediction > thresholds[middle] { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// - Parameter transform: applied to each prediction first.
    func update(
        _ state: inout [Double],
        with sample: MetricSample,
        transform: (Float) -> Float = { $0 }
    ) {
        let size = max(sample.shape.last ?? 1, 1)
        for place in sample.prediction.indices {
            let label = place % size
            guard classId == nil || classId == label else { continue }
            let isTrue = sample.target(at: place) != 0
            let bucket = bucket(transform(sample.prediction[place]))
            let row = labelCount > 1 ? 2 * label : 0
            let weight = Double(sample.weight) * Double(labelWeights?[label] ?? 1)
            state[(isTrue ? row : row + 1) * bucketCount + bucket] += weight
        }
    }

    /// What each threshold makes of the predictions of a label.
    func counts(_ state: [Double], label: Int = 0) -> [Counts] {
        let first = 2 * label * bucketCount
        let trues = state[first..<(first + bucketCount)]
        let falses = state[(first + bucketCount)..<(first + 2 * bucketCount)]
        var counts = [Counts](repeating: Counts(), count: thresholds.count)
        var positives = 0.0, wrong = 0.0
        for index in thresholds.indices.reversed() {
            positives += trues[trues.startIndex + index + 1]
            wrong += falses[falses.startIndex + index + 1]
            counts[index].truePositives = positives
            counts[index].falsePositives = wrong
        }
        let allTrue = positives + (trues.first ?? 0), allFalse = wrong + (falses.first ?? 0)
        for index in counts.indices {
            counts[index].falseNegatives = allTrue - counts[index].truePositives
            counts[index].trueNegatives = allFalse - counts[index].falsePositives
        }
        return counts
    }

    /// The largest value of one share where another is at least a number; 0 if that is nowhere.
    func largest(
        _ state: [Double],
        _ value: KeyPath<Counts, Float>,
        where constraint: KeyPath<Counts, Float>,
        isAtLeast least: Float
    ) -> Double {
        let feasible = counts(state).filter { $0[keyPath: constraint] >= least }
        return Double(feasible.reduce(0) { max($0, $1[keyPath: value]) })
    }
}
