/// While training, makes the colours of pictures duller by a random share. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, 3]`, red, green and blue. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomColorDegeneration(factor: 0.3, valueRange: 0...1)
/// ```
public struct RandomColorDegeneration: ImageTransform, Hashable {
    /// `RandomColorDegeneration`.
    public static let kind = "RandomColorDegeneration"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the share of grey.
    public let factor: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that makes colours duller; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of the share of grey, in 0...1: with 1 no colour is left. A number stands for the range from 0
    ///     to itself, as Keras' documentation says; its layer takes the range from the negative on.
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

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range, of kind `shape` if pictures have no colours.
    public func outputShape(for picture: Shape) throws -> Shape {
        try factor.validate(in: 0...1, as: "factor")
        try requireValueRange(valueRange)
        try requireColors(picture, for: Self.kind)
        return picture
    }

    /// The share of grey.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Float {
        factor.draw(&random, atLeast: 0)
    }

    public func apply(_ share: Float, to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        for pixel in stride(from: 0, to: picture.source.count, by: 3) {
            let gray = luminance(picture.source, pixel)
            for place in pixel..<(pixel + 3) {
                let value = picture.source[place]
                picture.output[place] = valueRange.clamp(value + share * (gray - value))
            }
        }
    }
}
