/// How predictions become answers: yes above a threshold, for each of some thresholds.
struct Decisions: Hashable, Sendable {
    let thresholds: [Float]
    /// Whether the thresholds divide 0...1 evenly: then Keras rounds predictions to them.
    let isEven: Bool
    /// How many of the largest predictions of a place can be yes; `nil` for all.
    let topK: Int?
    /// The one class that counts; `nil` for all.
    let classId: Int?

    /// No thresholds: those of a metric that has not been resolved.
    init() {
        thresholds = []
        isEven = false
        topK = nil
        classId = nil
    }

    /// Checks settings and targets.
    ///
    /// - Parameter thresholds: in 0...1; `nil` for 0.5, or for none if only the largest predictions count.
    /// - Throws: `ConvNetError` of kind `argument` for settings out of range, of kind `data` for targets that do not fit.
    init(
        thresholds: [Float]?,
        topK: Int? = nil,
        classId: Int? = nil,
        output: Shape,
        targets: TargetKind,
        metric: String
    ) throws {
        if let thresholds {
            guard !thresholds.isEmpty else {
                throw ConvNetError(
                    .argument,
                    "A metric needs a threshold",
                    at: "\(metric), thresholds",
                    expected: "at least one, or nil",
                    received: "none"
                )
            }
            try Self.validate(thresholds, metric: metric)
        }
        if let topK {
            try TopK.validate(topK)
            guard topK <= output.last ?? 1 else {
                throw ConvNetError(
                    .argument,
                    "There are not so many predictions",
                    at: "\(metric), topK",
                    expected: "1...\(output.last ?? 1)",
                    received: "\(topK)"
                )
            }
        }
        try Self.validate(classId: classId, output: output, metric: metric)
        try targets.validateAnswers(for: output, metric: metric)
        self.thresholds = thresholds ?? [topK == nil ? 0.5 : -1e10]
        isEven = Self.areEven(self.thresholds)
        self.topK = topK
        self.classId = classId
    }

    static func validate(_ thresholds: [Float], metric: String) throws {
        guard let odd = thresholds.first(where: { !(0...1).contains($0) }) else { return }
        throw ConvNetError(
            .argument,
            "Not a threshold of a probability",
            at: "\(metric), thresholds",
            expected: "0...1",
            received: "\(odd)"
        )
    }

    static func validate(classId: Int?, output: Shape, metric: String) throws {
        guard let classId, !(0..<(output.last ?? 1)).contains(classId) else { return }
        throw ConvNetError(
            .argument,
            "There is no such class",
            at: "\(metric), classId",
            expected: "0..<\(output.last ?? 1)",
            received: "\(classId)"
        )
    }

    /// Whether thresholds are those of `numpy.linspace(0, 1, count)`, with the tolerances of `numpy.allclose`.
    static func areEven(_ thresholds: [Float]) -> Bool {
        thresholds.count >= 3
            && thresholds.enumerated().allSatisfy { index, threshold in
                let even = Float(index) / Float(thresholds.count - 1)
                return abs(threshold - even) <= 1e-7 + 1e-5 * even
            }
    }

    /// How many of evenly divided thresholds a prediction is above, in Keras' arithmetic.
    static func evenCount(below prediction: Float, of count: Int) -> Int {
        let limited = prediction.isNaN ? 0 : min(max(prediction, 0), 1)
        return Int((limited * Float(count - 1)).rounded(.up))
    }

    /// Whether a prediction is above a threshold.
    func isAbove(_ prediction: Float, _ threshold: Int) -> Bool {
        isEven
            ? prediction > -.infinity
                && Self.evenCount(below: prediction, of: thresholds.count) > threshold
            : prediction > thresholds[threshold]
    }

    /// Calls a closure for each answer that counts; a prediction that is not among the largest is minus infinity.
    func forEach(_ sample: MetricSample, _ body: (_ isTrue: Bool, _ prediction: Float) -> Void) {
        let size = max(sample.shape.last ?? 1, 1)
        for first in stride(from: 0, to: sample.prediction.count, by: size) {
            let least = topK.map {
                TopK.last($0, of: UnsafeBufferPointer(rebasing: sample.prediction[first..<(first + size)]))
            }
            for place in 0..<size where classId == nil || classId == place {
                var prediction = sample.prediction[first + place]
                if let least, !least.includes(prediction, at: place) { prediction = -.infinity }
                body(sample.target(at: first + place) != 0, prediction)
            }
        }
    }
}

extension TargetKind {
    /// Checks that there is an answer, yes or no, for each number of an output; labels of 0 and 1 answer one question.
    func validateAnswers(for output: Shape, metric: String) throws {
        if self == .labels, output.elementCount == 1 { return }
        guard areValues(of: output) else {
            throw ConvNetError(
                .data,
                "The metric \(metric) compares predictions with as many answers, 0 or 1",
                at: "metrics",
                expected: "a Tensor of \(output) values per sample",
                received: "\(self)",
                remedy: self == .labels ? "Use labels.oneHot(classCount:)" : nil
            )
        }
    }
}
