/// A dataset whose pictures get a part of another sample's picture while training, and targets that count with the areas.
///
/// ```swift
/// let train = try CutMix(data, classes: 10)
/// try model.compile(optimizer: .adamW(), loss: .categoricalCrossentropy())
/// ```
///
/// The partner is drawn from the *whole* dataset by the model's seed, the epoch and the sample's index; Keras' layer takes it from the
/// same batch, so that a sample would depend on who else is in its batch. A class becomes an array with its share at each class, in an
/// evaluation with a 1 at the class: validation data need the same wrapper, or targets of the same shape. Masks get the same part of
/// the partner's mask. Other inputs stay as they are.
///
/// Split the data first (`split(validation:)`): with `fit(validationSplit:)` the samples of validation would be among the partners.
///
/// Source: Yun and others, CutMix: Regularization strategy to train strong classifiers with localizable features, 2019.
public struct CutMix: Dataset {
    /// The dataset whose samples are mixed.
    public let base: any Dataset
    /// The range of both parameters of the beta distribution.
    public let factor: Factor
    /// What random numbers depend on, in place of the model's seed.
    public let seed: UInt64?
    public let identity: String?
    private let mixed: MixedFields
    /// The fields of which a part is taken: the picture first.
    private let cut: [Int]

    private struct Settings: Encodable {
        let factor: Factor
        let field: String
        let masks: [String]
        let seed: UInt64?
    }

    /// A partner, what is taken of it, and how much is left of the sample.
    package struct Pair: Hashable {
        package let partner: Int
        package let rows: Range<Int>, columns: Range<Int>
        package let weight: Float
    }

    /// A dataset that mixes samples; `factor` is Keras'.
    ///
    /// - Parameters:
    ///   - base: the dataset whose samples are mixed.
    ///   - factor: the range of both parameters of the beta distribution of the area that stays, in 0...1. A number stands for the
    ///     range from 0 to itself. Default 1.
    ///   - classes: the number of classes, where targets are classes. Default `nil`: that of the dataset's class names.
    ///   - field: the input that is a picture, `[height, width, channels]`. Default `nil`: the only such input.
    ///   - masks: the fields that have a class for each pixel, `[height, width]` or `[height, width, channels]`. Default `nil`: all
    ///     such targets.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    /// - Throws: `ConvNetError` of kind `argument` if the factor is out of its range, the number of classes is not known, or there
    ///   is no such field.
    public init(
        _ base: any Dataset,
        factor: Factor = 1,
        classes: Int? = nil,
        field: String? = nil,
        masks: [String]? = nil,
        seed: UInt64? = nil
    ) throws {
        try factor.validate(in: 0...1, as: "CutMix, factor")
        mixed = try MixedFields(base, classes: classes, for: "CutMix")
        let fields = base.fields
        let picture = try Augmented.picture(named: field, in: fields, of: "CutMix")
        let masks = masks ?? Augmented.masks(in: fields, of: fields[picture])
        cut = [picture] + (try masks.map { try Augmented.mask(named: $0, in: fields, of: fields[picture]) })
        let settings = Settings(factor: factor, field: fields[picture].name, masks: masks, seed: seed)
        identity = "CutMix \(try StableJSON.text(of: settings))" + (base.identity.map { " of \($0)" } ?? "")
        self.base = base
        self.factor = factor
        self.seed = seed
    }

    public var count: Int { base.count }
    public var fields: [Field] { mixed.fields }
    public var hasTargetsInMemory: Bool { base.hasTargetsInMemory }
    public var readsAhead: Int { base.readsAhead }
    public var classNames: [String]? { base.classNames }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        let pair = reading.isTraining ? pair(of: index, in: reading) : nil
        try mixed.read(index, partner: pair?.partner, in: reading, into: sample) { field, mine, other in
            guard let pair else { return }
            if cut.contains(field) {
                paste(pair, mine, other, columns: fields[field].shape[1])
            } else if fields[field].role != .input {
                mix(mine, other, weight: pair.weight)
            }
        }
    }

    /// The partner of a sample, and what is taken of it.
    package func pair(of index: Int, in reading: Reading) -> Pair {
        var random = reading.seeded(seed).random(index)
        // Keras adds this, for no distribution has parameters of 0.
        let alpha = factor.draw(&random, atLeast: 0) + 1e-6
        let ratio = (1 - random.beta(alpha, alpha)).squareRoot()
        let shape = fields[cut[0]].shape
        let height = ratio * Float(shape[0]), width = ratio * Float(shape[1])
        let left = random.nextUniform() * (Float(shape[1]) - width)
        let top = random.nextUniform() * (Float(shape[0]) - height)
        return Pair(
            partner: random.integer(below: count),
            rows: RandomErasing.pixels(from: top, to: top + height, of: shape[0]),
            columns: RandomErasing.pixels(from: left, to: left + width, of: shape[1]),
            weight: 1 - width * height / (Float(shape[0]) * Float(shape[1]))
        )
    }

    /// Writes a part of another picture.
    private func paste(
        _ pair: Pair,
        _ mine: UnsafeMutableBufferPointer<Float>,
        _ other: UnsafeBufferPointer<Float>,
        columns: Int
    ) {
        let channels = mine.count / (fields[cut[0]].shape[0] * columns)
        for row in pair.rows {
            let first = (row * columns + pair.columns.lowerBound) * channels
            for place in first..<(first + pair.columns.count * channels) { mine[place] = other[place] }
        }
    }
}
