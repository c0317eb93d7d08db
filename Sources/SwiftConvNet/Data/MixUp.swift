/// A dataset whose samples are mixed with others while training: pictures and targets as weighted means of two samples.
///
/// ```swift
/// let train = try MixUp(data, alpha: 0.2, classes: 10)
/// try model.compile(optimizer: .adamW(), loss: .categoricalCrossentropy())
/// ```
///
/// The weight is from the distribution Beta(alpha, alpha). The partner is drawn from the *whole* dataset by the model's seed, the
/// epoch and the sample's index; Keras' layer takes it from the same batch, so that a sample would depend on who else is in its
/// batch. All inputs, targets and weights are mixed. A class becomes an array with its share at each class, in an evaluation with a 1
/// at the class: validation data need the same wrapper, or targets of the same shape. A mask of class numbers has no meaningful mean:
/// `CutMix` is for those.
///
/// Split the data first (`split(validation:)`): with `fit(validationSplit:)` the samples of validation would be among the partners.
///
/// Source: Zhang and others, mixup: Beyond empirical risk minimization, 2017.
public struct MixUp: Dataset {
    /// The dataset whose samples are mixed.
    public let base: any Dataset
    /// Both parameters of the beta distribution.
    public let alpha: Float
    /// What random numbers depend on, in place of the model's seed.
    public let seed: UInt64?
    public let identity: String?
    private let mixed: MixedFields

    private struct Settings: Encodable {
        let alpha: Float
        let seed: UInt64?
    }

    /// A dataset that mixes samples; `alpha` is Keras'.
    ///
    /// - Parameters:
    ///   - base: the dataset whose samples are mixed.
    ///   - alpha: both parameters of the beta distribution, above 0: small ones mix little. Default 0.2.
    ///   - classes: the number of classes, where targets are classes. Default `nil`: that of the dataset's class names.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    /// - Throws: `ConvNetError` of kind `argument` if `alpha` is not positive, or the number of classes is not known.
    public init(_ base: any Dataset, alpha: Float = 0.2, classes: Int? = nil, seed: UInt64? = nil) throws {
        guard alpha > 0, alpha.isFinite else {
            throw ConvNetError(
                .argument,
                "There is no such beta distribution",
                at: "MixUp, alpha",
                expected: "a finite number above 0",
                received: "\(alpha)"
            )
        }
        mixed = try MixedFields(base, classes: classes, for: "MixUp")
        let settings = try StableJSON.text(of: Settings(alpha: alpha, seed: seed))
        identity = "MixUp \(settings)" + (base.identity.map { " of \($0)" } ?? "")
        self.base = base
        self.alpha = alpha
        self.seed = seed
    }

    public var count: Int { base.count }
    public var fields: [Field] { mixed.fields }
    public var hasTargetsInMemory: Bool { base.hasTargetsInMemory }
    public var readsAhead: Int { base.readsAhead }
    public var classNames: [String]? { base.classNames }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        let pair = reading.isTraining ? partner(of: index, in: reading) : nil
        try mixed.read(index, partner: pair?.partner, in: reading, into: sample) { _, mine, other in
            mix(mine, other, weight: pair?.weight ?? 1)
        }
    }

    /// The sample that is mixed with another one, and the weight of the latter.
    package func partner(of index: Int, in reading: Reading) -> (partner: Int, weight: Float) {
        var random = reading.seeded(seed).random(index)
        let weight = random.beta(alpha, alpha)
        return (random.integer(below: count), weight)
    }
}
