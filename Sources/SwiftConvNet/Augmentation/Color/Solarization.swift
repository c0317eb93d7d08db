/// While training, adds a random number to the values of pictures, and inverts those above a random threshold. In inference,
/// passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// Solarization(thresholdFactor: [0.5, 1], valueRange: 0...1)
/// ```
public struct Solarization: ImageTransform, Hashable {
    /// `Solarization`.
    public static let kind = "Solarization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of what is added, as a share of the range of values.
    public let additionFactor: Factor
    /// The range of the threshold, as a share of the range of values.
    public let thresholdFactor: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that solarizes pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - additionFactor: the range of what is added, as a share of the range of values, in 0...1. A number stands for the
    ///     range from 0 to itself. Default 0.
    ///   - thresholdFactor: the range of the threshold, as a share of the range of values, in 0...1; what is not below it is
    ///     inverted. A number stands for the range from 0 to itself. Default 0: everything is inverted.
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        additionFactor: Factor = 0,
        thresholdFactor: Factor = 0,
        valueRange: ClosedRange<Float> = 0...255,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.additionFactor = additionFactor
        self.thresholdFactor = thresholdFactor
        self.valueRange = valueRange
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try additionFactor.validate(in: 0...1, as: "additionFactor")
        try thresholdFactor.validate(in: 0...1, as: "thresholdFactor")
        try requireValueRange(valueRange)
        return picture
    }

    /// What is added, and the threshold, for values in 0...255.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> (addition: Float, threshold: Float)
    {
        let addition = additionFactor.draw(&random, atLeast: 0) * 255
        return (addition, thresholdFactor.draw(&random, atLeast: 0) * 255)
    }

    public func apply(_ parameters: (addition: Float, threshold: Float), to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        let low = valueRange.lowerBound, width = valueRange.width
        for place in picture.source.indices {
            let value = (picture.source[place] - low) / width * 255 + parameters.addition
            let kept = min(max(value, 0), 255)
            picture.output[place] = (kept < parameters.threshold ? kept : 255 - kept) / 255 * width + low
        }
    }
}
