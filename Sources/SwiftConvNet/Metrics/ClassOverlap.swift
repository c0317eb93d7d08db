/// What the metrics of intersection over union share: for each class how often it was right, true, and predicted.
struct ClassOverlap: Hashable, Sendable {
    private let classCount: Int
    /// The classes that count.
    private let targetClassIds: [Int]
    private let ignoreClass: Int?
    /// Whether targets, and predictions, are class numbers rather than a row of values for each place.
    private let hasSparseTargets: Bool, hasSparsePredictions: Bool

    /// The largest number of classes.
    private static let largestClassCount = 1_000_000

    /// That of a metric that has not been resolved.
    init() {
        classCount = 0
        targetClassIds = []
        ignoreClass = nil
        hasSparseTargets = true
        hasSparsePredictions = true
    }

    /// - Throws: `ConvNetError` of kind `argument` for settings out of range, of kind `data` for targets that do not fit.
    init(
        numClasses: Int,
        targetClassIds: [Int]? = nil,
        ignoreClass: Int? = nil,
        sparseYTrue: Bool = true,
        sparseYPred: Bool = true,
        output: Shape,
        targets: TargetKind,
        metric: String
    ) throws {
        guard (1...Self.largestClassCount).contains(numClasses) else {
            throw ConvNetError(
                .argument,
                "Not a number of classes",
                at: "\(metric), numClasses",
                expected: "1...\(Self.largestClassCount)",
                received: "\(numClasses)"
            )
        }
        let ids = targetClassIds ?? Array(0..<numClasses)
        guard !ids.isEmpty, ids.allSatisfy({ (0..<numClasses).contains($0) }) else {
            throw ConvNetError(
                .argument,
                "There are no such classes",
                at: "\(metric), targetClassIds",
                expected: "at least one of 0..<\(numClasses)",
                received: "\(ids)"
            )
        }
        let places = sparseYPred ? output.elementCount : output.dropLast().reduce(1, *)
        guard Self.placeCount(of: targets, isSparse: sparseYTrue) == places else {
            let shape = sparseYPred ? output : Shape(Array(output.dropLast()))
            throw ConvNetError(
                .data,
                "The metric \(metric) needs a class for each place of the predictions",
                at: "metrics",
                expected: sparseYTrue
                    ? "a Tensor of class numbers, \(shape) each" : "a Tensor of shape \(shape) + [classes]",
                received: "\(targets)",
                remedy: sparseYPred
                    ? "If predictions are a value for each class, give sparseYPred: false" : nil
            )
        }
        classCount = numClasses
        self.targetClassIds = ids
        self.ignoreClass = ignoreClass
        hasSparseTargets = sparseYTrue
        hasSparsePredictions = sparseYPred
    }

    private static func placeCount(of targets: TargetKind, isSparse: Bool) -> Int? {
        switch targets {
        case .none: nil
        case .labels: isSparse ? 1 : nil
        case .values(let shape): isSparse ? shape.elementCount : shape.dropLast().reduce(1, *)
        }
    }

    /// For each class how often it was right, then how often it was true or predicted.
    var stateCount: Int { 2 * classCount }

    /// - Parameter transform: applied to predictions that are class numbers.
    func update(
        _ state: inout [Double],
        with sample: MetricSample,
        transform: (Float) -> Float = { $0 }
    ) {
        let places =
            hasSparsePredictions
            ? sample.prediction.count : sample.prediction.count / max(sample.shape.last ?? 1, 1)
        for place in 0..<places {
            let target =
                hasSparseTargets
                ? number(sample.target(at: place)) : largest(sample.target, place, of: places)
            let predicted =
                hasSparsePredictions
                ? number(transform(sample.prediction[place])) : largest(sample.prediction, place, of: places)
            guard let target, let predicted, target != ignoreClass else { continue }
            let weight = Double(sample.weight)
            if target == predicted { state[target] += weight }
            state[classCount + target] += weight
            state[classCount + predicted] += weight
        }
    }

    /// The class of a number, whose fraction does not count, as in Keras; `nil` if there is none.
    private func number(_ value: Float) -> Int? {
        guard value > -1, value < Float(classCount) else { return nil }
        let whole = Int(value)
        return whole < classCount ? whole : nil
    }

    /// The class of the largest value at a place; `nil` if there is none.
    private func largest(_ values: UnsafeBufferPointer<Float>, _ place: Int, of places: Int) -> Int? {
        let size = values.count / max(places, 1)
        let row = UnsafeBufferPointer(rebasing: values[(place * size)..<((place + 1) * size)])
        guard !row.isEmpty else { return nil }
        let best = argmax(row)
        return best < classCount ? best : nil
    }

    /// The mean over the classes that count of intersection over union; a class that is nowhere is left out.
    func result(_ state: [Double]) -> Double {
        let epsilon = Double(CrossEntropy.epsilon)
        var sum = 0.0, count = 0.0
        for index in targetClassIds {
            let union = state[classCount + index] - state[index]
            guard union > 1e-9 else { continue }
            sum += state[index] / (union + epsilon)
            count += 1
        }
        return sum / (count + epsilon)
    }
}
