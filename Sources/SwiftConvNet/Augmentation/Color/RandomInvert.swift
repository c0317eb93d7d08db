/// While training, turns pictures into their negatives, with a probability. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomInvert(factor: 0.2, valueRange: 0...1)
/// ```
public struct RandomInvert: ImageTransform, Hashable {
    /// `RandomInvert`.
    public static let kind = "RandomInvert"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the probability that a picture is inverted.
    public let factor: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that inverts pictures: `x` becomes the upper bound of the range less `x`; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of the probability that a picture is changed, in 0...1. A number stands for the range from 0 to
    ///     itself. Default 1.
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        factor: Factor = 1,
        valueRange: ClosedRange<Float> = 0...255,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.factor = factor
        self.valueRange = valueRange
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try factor.validate(in: 0...1, as: "factor")
        try requireValueRange(valueRange)
        return picture
    }

    /// Whether the picture is inverted.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Bool {
        let probability = factor.draw(&random, atLeast: 0)
        return random.nextUniform() < probability
    }

    public func apply(_ isInverted: Bool, to picture: PictureContext) {
        guard isInverted, picture.role == .picture else { return picture.copy() }
        for place in picture.source.indices {
            picture.output[place] = valueRange.upperBound - picture.source[place]
        }
    }
}
