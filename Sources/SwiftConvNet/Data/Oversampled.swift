/// A dataset in which samples of rare classes are repeated, until no class is much rarer than the most frequent one.
///
/// ```swift
/// let (train, held) = try data.split(validation: 0.2, stratified: true)
/// try model.fit(Oversampled(train), validationData: held)
/// ```
///
/// Split first: a sample and its repetition on both sides of a split would make validation too good. Every sample is there
/// as often as every other of its class, or once more; which ones, a seed draws. Class weights (`[Int: Float].balanced`)
/// have the same mean effect without longer epochs. Augmentation belongs around this dataset, not inside: then each
/// repetition, which has an index of its own, is changed in its own way.
public struct Oversampled: Dataset {
    /// The dataset whose samples are repeated.
    public let base: any Dataset
    /// For each sample the index in `base`: first all of them in their order, then the repetitions, class by class.
    public let indices: [Int]
    private let settings: String

    /// Repeats samples of rare classes.
    ///
    /// - Parameters:
    ///   - base: samples with a class, or one-hot values; the classes are read once.
    ///   - ratio: how many samples a class has at least, as a share of the most frequent one's; above 0, at most 1.
    ///     Default: 1, all classes alike.
    ///   - seed: from which the samples that are there once more are drawn. Default: 0.
    ///   - field: the name of the target that has the class; `nil`, the default, if there is only one.
    /// - Throws: `ConvNetError` of kind `argument` if the ratio is out of its range, or there is no class; of kind
    ///   `environment` if there is not enough memory for the indices; what the dataset throws.
    public init(_ base: some Dataset, ratio: Double = 1, seed: UInt64 = 0, by field: String? = nil) throws {
        guard ratio > 0, ratio <= 1 else {
            throw ConvNetError(
                .argument,
                "The ratio is no share of the most frequent class",
                at: "Oversampled, ratio",
                expected: "above 0, at most 1",
                received: "\(ratio)"
            )
        }
        let groups = try SampleClasses(of: base, in: field, for: "Oversampled").samples
        let most = groups.map(\.indices.count).max() ?? 0
        let least = Int((Double(most) * ratio).rounded())
        let total = groups.reduce(0) { $0 + max($1.indices.count, least) }
        try MemoryCheck.require(total * MemoryLayout<Int>.stride, for: "the indices of \(total) samples")
        var indices = Array(0..<base.count)
        indices.reserveCapacity(total)
        for (number, group) in groups.enumerated() where group.indices.count < least {
            let (times, rest) = least.quotientAndRemainder(dividingBy: group.indices.count)
            for _ in 1..<max(times, 1) { indices += group.indices }
            // 1 << 24: streams of `split` are below.
            var random = RandomStream(
                seed: seed,
                purpose: .shuffle,
                0,
                1 << 24 + UInt32(truncatingIfNeeded: number)
            )
            let drawn = random.permutation(of: group.indices.count).prefix(rest).sorted()
            indices += drawn.map { group.indices[$0] }
        }
        self.base = base
        self.indices = indices
        settings = "ratio \(ratio), seed \(seed)" + (field.map { ", by \($0)" } ?? "")
    }

    public var count: Int { indices.count }
    public var fields: [Field] { base.fields }
    public var hasTargetsInMemory: Bool { base.hasTargetsInMemory }
    public var readsAhead: Int { base.readsAhead }
    public var classNames: [String]? { base.classNames }
    public var identity: String? { "Oversampled(\(settings)) of \(base.identity ?? "samples")" }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        try base.read(indices[index], in: reading, into: sample)
    }
}
