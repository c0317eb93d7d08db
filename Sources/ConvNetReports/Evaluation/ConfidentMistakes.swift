import SwiftConvNet

/// The samples that a classifier gets wrong, first those of which it is surest: what to look at when labels or a network are in doubt.
///
/// ```swift
/// let scores = try Tensor([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
/// let mistakes = try ConfidentMistakes(probabilities: scores, labels: [1, 1, 1])
/// print(mistakes.mistakes.map(\.sample))   // [0, 2]
/// ```
public struct ConfidentMistakes: Sendable, Hashable {
    /// One of them.
    public struct Mistake: Sendable, Hashable {
        /// The index of the sample.
        public let sample: Int
        /// Its true class.
        public let label: Int
        /// The class that was predicted instead.
        public let predicted: Int
        /// The probability of the class that was predicted.
        public let confidence: Double
        /// The probability of the true class.
        public let labelProbability: Double
    }

    /// The mistakes, the most confident first; of equals the first sample first.
    public let mistakes: [Mistake]
    /// The number of all mistakes, of which `mistakes` may be a part.
    public let count: Int
    /// The number of samples.
    public let sampleCount: Int
    /// The names of the classes.
    public let classNames: [String]

    /// - Parameters:
    ///   - probabilities: `[samples, classes]`.
    ///   - labels: the true classes, one per sample.
    ///   - classNames: the names of the classes; their numbers unless given.
    ///   - limit: how many mistakes are kept. Default 25.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` if sizes differ, of kind `data` for a label that is no class or a number
    ///   that is no probability.
    public init(
        probabilities: Tensor,
        labels: some Collection<some BinaryInteger>,
        classNames: [String]? = nil,
        limit: Int = 25
    ) throws {
        let samples = try ScoredSamples(probabilities, labels, for: "ConfidentMistakes")
        try samples.requireProbabilities(for: "ConfidentMistakes")
        self.classNames = try checkedNames(classNames, count: samples.classCount, for: "ConfidentMistakes")
        let all = samples.labels.enumerated().compactMap { sample, label -> Mistake? in
            let predicted = samples.prediction(sample)
            guard predicted != label else { return nil }
            let row = samples.row(sample)
            return Mistake(
                sample: sample,
                label: label,
                predicted: predicted,
                confidence: Double(row[row.startIndex + predicted]),
                labelProbability: Double(row[row.startIndex + label])
            )
        }
        count = all.count
        sampleCount = samples.count
        mistakes = Array(
            all.sorted { ($1.confidence, $0.sample) < ($0.confidence, $1.sample) }.prefix(max(limit, 0))
        )
    }

    /// The pictures of the mistakes, each with what it was taken for, how surely, and what it is.
    ///
    /// - Parameters:
    ///   - data: the samples, in the order of the probabilities; pictures are their first input, `[height, width]` or `[height, width,
    ///     channels]`.
    ///   - valueRange: what is black and what is white. Default 0...1.
    /// - Throws: `ConvNetError` of kind `argument` if there are fewer samples or the range is empty, of kind `shape` if they are no
    ///   pictures; what the dataset throws.
    public func pictures(
        of data: any Dataset,
        valueRange: ClosedRange<Float> = 0...1
    ) throws -> [CaptionedImage] {
        try mistakes.map { mistake in
            let image = try Bitmap(data, at: mistake.sample, valueRange: valueRange)
            let percent = "\(percentNumber(mistake.confidence)) %"
            return CaptionedImage(
                image,
                caption: "\(classNames[mistake.predicted])\n\(percent) #\(mistake.sample)\n"
                    + "is \(classNames[mistake.label])",
                mark: .wrong
            )
        }
    }

    /// The pictures as a grid, to be drawn as SVG or PNG.
    ///
    /// - Throws: as `pictures(of:valueRange:)`.
    public func grid(
        of data: any Dataset,
        title: String = "The most confident mistakes",
        valueRange: ClosedRange<Float> = 0...1
    ) throws -> ImageGrid {
        ImageGrid(title: title, images: try pictures(of: data, valueRange: valueRange))
    }
}

extension Bitmap {
    /// The picture that is the first input of a sample: `[height, width]` or `[height, width, channels]`.
    ///
    /// - Parameters:
    ///   - data: the samples.
    ///   - sample: the index of one of them.
    ///   - valueRange: what is black and what is white; values beyond are cut off. Default 0...1.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such sample or input or the range is empty, of kind `shape` if it is
    ///   no picture; what the dataset throws.
    public init(_ data: any Dataset, at sample: Int, valueRange: ClosedRange<Float> = 0...1) throws {
        guard let field = data.fields.firstIndex(where: { $0.role == .input }) else {
            throw ConvNetError(.argument, "The dataset has no input", at: "Bitmap")
        }
        let width = valueRange.upperBound - valueRange.lowerBound
        guard width > 0, width.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a range of values",
                at: "valueRange",
                expected: "two finite numbers, the second one larger",
                received: "\(valueRange)"
            )
        }
        let values = try Tensor(shape: data.fields[field].shape) {
            try data.readValues(field, of: sample, into: $0)
        }
        try self.init(values.map { ($0 - valueRange.lowerBound) / width })
    }
}
