import SwiftConvNet

/// Scores of samples for each class, and the classes that are right: what evaluations of classifiers begin with, checked.
struct ScoredSamples {
    /// `[samples, classes]`.
    let scores: [Float]
    let classCount: Int
    let labels: [Int]

    var count: Int { labels.count }

    /// - Parameters:
    ///   - scores: `[samples, classes]`.
    ///   - labels: the true classes, one per sample.
    ///   - what: what errors call the evaluation.
    /// - Throws: `ConvNetError` of kind `shape` for another shape, of kind `argument` for another number of labels, of kind `data` for
    ///   a label that is no class, or a score that is not finite.
    init(_ scores: Tensor, _ labels: some Collection<some BinaryInteger>, for what: String) throws {
        guard scores.shape.rank == 2, let classCount = scores.shape.last, classCount >= 1 else {
            throw ConvNetError(
                .shape,
                "\(what) needs a score for each class",
                at: what,
                expected: "[samples, classes], at least 1 class",
                received: "\(scores.shape)"
            )
        }
        guard labels.count == scores.shape[0] else {
            throw ConvNetError(
                .argument,
                "\(what) needs a label for each sample",
                at: what,
                expected: "\(scores.shape[0]) labels",
                received: "\(labels.count)"
            )
        }
        self.classCount = classCount
        self.scores = scores.elements
        self.labels = try labels.enumerated().map { place, label in
            guard let index = Int(exactly: label), (0..<classCount).contains(index) else {
                throw ConvNetError(
                    .data,
                    "A label is no class",
                    at: "\(what), label \(place)",
                    expected: "a class in 0..<\(classCount)",
                    received: "\(label)"
                )
            }
            return index
        }
        if let odd = self.scores.firstIndex(where: { !$0.isFinite }) {
            throw ConvNetError(
                .data,
                "A score is not finite",
                at: "\(what), sample \(odd / classCount), class \(odd % classCount)",
                expected: "a finite number",
                received: "\(self.scores[odd])"
            )
        }
    }

    /// The scores of one sample.
    func row(_ sample: Int) -> ArraySlice<Float> {
        scores[(sample * classCount)..<((sample + 1) * classCount)]
    }

    /// The class of the largest score of a sample; of equals the first.
    func prediction(_ sample: Int) -> Int {
        let row = row(sample)
        var best = row.startIndex
        for place in row.indices where row[place] > row[best] { best = place }
        return best - row.startIndex
    }

    /// Checks that scores are probabilities.
    ///
    /// - Throws: `ConvNetError` of kind `data` for a score outside of 0...1. Their sum may be another than 1: sigmoids are welcome.
    func requireProbabilities(for what: String) throws {
        guard let odd = scores.firstIndex(where: { !(0...1.0001).contains($0) }) else { return }
        throw ConvNetError(
            .data,
            "A score is no probability",
            at: "\(what), sample \(odd / classCount), class \(odd % classCount)",
            expected: "a number in 0...1",
            received: "\(scores[odd])",
            remedy: "Pass what softmax makes of logits"
        )
    }
}

/// The names of classes; numbers unless they are given.
///
/// - Throws: `ConvNetError` of kind `argument` for another number of names.
func checkedNames(_ names: [String]?, count: Int, for what: String) throws -> [String] {
    guard let names else { return (0..<count).map { "\($0)" } }
    guard names.count == count else {
        throw ConvNetError(
            .argument,
            "There is not a name for each class",
            at: "\(what), classNames",
            expected: "\(count)",
            received: "\(names.count)"
        )
    }
    return names
}
