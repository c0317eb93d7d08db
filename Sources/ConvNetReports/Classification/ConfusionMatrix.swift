import SwiftConvNet

/// How often samples of each class were taken for each class.
///
/// ```swift
/// let matrix = try ConfusionMatrix(labels: [0, 1, 1, 2], predictions: [0, 1, 2, 2], classCount: 3)
/// print(matrix.counts[1][2], matrix.accuracy ?? 0)   // 1 0.75
/// print(matrix.text())   // the counts
/// print(matrix)   // precision, recall and F1 by class
/// ```
public struct ConfusionMatrix: Sendable, Hashable {
    /// The names of the classes.
    public let classNames: [String]
    /// The number of samples, first by true class, then by predicted class.
    public let counts: [[Int]]

    /// The largest number of classes; the matrix has its square of numbers.
    public static let largestClassCount = 4096

    /// Counts samples by true and predicted class.
    ///
    /// - Parameters:
    ///   - labels: the true classes, `0..<classNames.count`; `Labels` or integers of any type.
    ///   - predictions: the predicted classes, one per label.
    ///   - classNames: the names of the classes, at least one.
    /// - Throws: `ConvNetError` of kind `argument` for no or too many classes or unequal counts, of kind
    ///   `data` for a class that is out of range.
    public init(
        labels: some Collection<some BinaryInteger>,
        predictions: some Collection<some BinaryInteger>,
        classNames: [String]
    ) throws {
        let classCount = classNames.count
        guard (1...Self.largestClassCount).contains(classCount) else {
            throw ConvNetError(
                .argument,
                "A confusion matrix cannot have this many classes",
                at: "ConfusionMatrix",
                expected: "1...\(Self.largestClassCount)",
                received: "\(classCount)"
            )
        }
        guard labels.count == predictions.count else {
            throw ConvNetError(
                .argument,
                "A confusion matrix needs one prediction per label",
                at: "ConfusionMatrix",
                expected: "\(labels.count) predictions",
                received: "\(predictions.count)"
            )
        }
        func checked(_ value: some BinaryInteger, _ role: String, _ place: Int) throws -> Int {
            guard let index = Int(exactly: value), (0..<classCount).contains(index) else {
                throw ConvNetError(
                    .data,
                    "A class is out of range",
                    at: "ConfusionMatrix, \(role) \(place)",
                    expected: "a class in 0..<\(classCount)",
                    received: "\(value)"
                )
            }
            return index
        }
        var counts = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
        for (place, (label, prediction)) in zip(labels, predictions).enumerated() {
            counts[try checked(label, "label", place)][try checked(prediction, "prediction", place)] += 1
        }
        self.classNames = classNames
        self.counts = counts
    }

    /// Counts samples by true and predicted class; the classes' names are their numbers.
    ///
    /// - Throws: as `init(labels:predictions:classNames:)`.
    public init(
        labels: some Collection<some BinaryInteger>,
        predictions: some Collection<some BinaryInteger>,
        classCount: Int
    ) throws {
        let names = (0..<min(max(classCount, 0), Self.largestClassCount + 1)).map { String($0) }
        try self.init(labels: labels, predictions: predictions, classNames: names)
    }
}

extension ConfusionMatrix {
    /// The number of classes.
    public var classCount: Int { classNames.count }

    /// The number of samples.
    public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The number of samples whose class was predicted rightly.
    public var rightCount: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

    /// The share of samples whose class was predicted rightly; `nil` without samples.
    public var accuracy: Double? { Self.share(rightCount, of: total) }

    /// Per class, the share of its samples that were predicted as it; `nil` for a class without samples.
    public var recall: [Double?] {
        counts.indices.map { Self.share(counts[$0][$0], of: counts[$0].reduce(0, +)) }
    }

    /// Per class, the share of the samples predicted as it that belong to it; `nil` for a class that was
    /// never predicted.
    public var precision: [Double?] {
        var predicted = [Int](repeating: 0, count: classCount)
        for row in counts {
            for (index, count) in row.enumerated() { predicted[index] += count }
        }
        return counts.indices.map { Self.share(counts[$0][$0], of: predicted[$0]) }
    }

    /// A pair of classes, one taken for the other.
    public struct Confusion: Sendable, Hashable {
        /// The true class.
        public var label: Int
        /// The class that was predicted instead.
        public var predicted: Int
        /// The number of samples.
        public var count: Int
    }

    /// The most frequent confusions, the most frequent first; of equals, the lower classes first.
    public func confusions(limit: Int = 5) -> [Confusion] {
        var all: [Confusion] = []
        for (label, row) in counts.enumerated() {
            for (predicted, count) in row.enumerated() where count > 0 && label != predicted {
                all.append(Confusion(label: label, predicted: predicted, count: count))
            }
        }
        let sorted = all.sorted { ($1.count, $0.label, $0.predicted) < ($0.count, $1.label, $1.predicted) }
        return Array(sorted.prefix(max(limit, 0)))
    }

    private static func share(_ part: Int, of whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }
}
