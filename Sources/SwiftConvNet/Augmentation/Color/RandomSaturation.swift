/// While training, makes the colours of pictures paler or stronger by a random factor. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, 3]`, red, green and blue. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomSaturation(factor: [0.4, 0.6], valueRange: 0...1)
/// ```
public struct RandomSaturation: ImageTransform, Hashable {
    /// `RandomSaturation`.
    public static let kind = "RandomSaturation"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the change: 0 leaves no colour, 0.5 all as it is, 1 has the strongest colours.
    public let factor: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that changes the saturation; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of the change, in 0...1: the saturation is multiplied by f / (1 - f), so that 0 leaves no
    ///     colour, 0.5 all as it is, and 1 has the strongest colours. A number stands for the range from 0 to itself, as
    ///     Keras' documentation says; its layer takes the range from the negative on.
    ///   - valueRange: the range of the pictures' values, which begins at 0. Default 0...255.
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

    /// What the saturation is multiplied with.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Float {
        let share = factor.draw(&random, atLeast: 0)
        return share / (1 - share + 1e-7)
    }

    /// Multiplies the saturation, to at most 1. (Keras' limit is the upper bound of the range, which gives colours of less than 0 with
    /// 0...255.)
    public func apply(_ ratio: Float, to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        for pixel in stride(from: 0, to: picture.source.count, by: 3) {
            var color = HSV(picture.source, pixel)
            color.saturation = min(max(color.saturation * ratio, 0), 1)
            color.write(to: picture.output, pixel)
        }
    }
}
