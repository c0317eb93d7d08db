/// While training, makes pictures brighter or darker by a random number. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`, with values in `valueRange`; results beyond it become its
/// bounds. What random numbers depend on is said at ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomBrightness(factor: 0.2, valueRange: 0...1)
/// ```
public struct RandomBrightness: ImageTransform, Hashable {
    /// `RandomBrightness`.
    public static let kind = "RandomBrightness"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of what is added, as a share of the range of values.
    public let factor: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that changes the brightness; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of what is added to all values of a picture, as a share of the range of values, in -1...1: with 1 a
    ///     picture becomes white. A number stands for the range from its negative to itself.
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        factor: Factor,
        valueRange: ClosedRange<Float> = 0...255,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.factor = factor
        self.valueRange = valueRange
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if the factor or the range is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try factor.validate(in: -1...1, as: "factor")
        try requireValueRange(valueRange)
        return picture
    }

    /// What is added to all values.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Float {
        factor.draw(&random, atLeast: -1) * valueRange.width
    }

    public func apply(_ summand: Float, to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        for place in picture.source.indices {
            picture.output[place] = valueRange.clamp(picture.source[place] + summand)
        }
    }
}
