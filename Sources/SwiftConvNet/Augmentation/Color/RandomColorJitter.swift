/// While training, changes brightness, contrast, saturation and hues of pictures, in this order. In inference, passes
/// everything.
///
/// Input and output, without the batch axis: `[height, width, 3]`, red, green and blue; any number of channels without saturation and hue. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomColorJitter(valueRange: 0...1, brightnessFactor: 0.2, contrastFactor: 0.2)
/// ```
public struct RandomColorJitter: ImageTransform, Hashable {
    /// `RandomColorJitter`.
    public static let kind = "RandomColorJitter"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    /// The factor of a `RandomBrightness`, if the brightness is changed.
    public let brightnessFactor: Factor?
    /// The factor of a `RandomContrast`, if the contrast is changed.
    public let contrastFactor: Factor?
    /// The factor of a `RandomSaturation`, if the saturation is changed.
    public let saturationFactor: Factor?
    /// The factor of a `RandomHue`, if the hue is changed.
    public let hueFactor: Factor?
    public let seed: UInt64?

    /// A layer that changes colours; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - brightnessFactor: the factor of a `RandomBrightness`. Default `nil`: the brightness stays.
    ///   - contrastFactor: the factor of a `RandomContrast`. Default `nil`: the contrast stays.
    ///   - saturationFactor: the factor of a `RandomSaturation`. Default `nil`: the saturation stays.
    ///   - hueFactor: the factor of a `RandomHue`. Default `nil`: the hue stays.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        valueRange: ClosedRange<Float> = 0...255,
        brightnessFactor: Factor? = nil,
        contrastFactor: Factor? = nil,
        saturationFactor: Factor? = nil,
        hueFactor: Factor? = nil,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.valueRange = valueRange
        self.brightnessFactor = brightnessFactor
        self.contrastFactor = contrastFactor
        self.saturationFactor = saturationFactor
        self.hueFactor = hueFactor
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range, of kind `shape` if pictures have no colours.
    public func outputShape(for picture: Shape) throws -> Shape {
        try requireValueRange(valueRange)
        for (role, factor, isOfColors) in [
            ("brightnessFactor", brightnessFactor, false), ("contrastFactor", contrastFactor, false),
            ("saturationFactor", saturationFactor, true), ("hueFactor", hueFactor, true),
        ] {
            guard let factor else { continue }
            try factor.validate(in: role == "brightnessFactor" ? -1...1 : 0...1, as: role)
            if isOfColors { try requireColors(picture, for: Self.kind) }
        }
        return picture
    }

    /// What the four layers draw.
    public func draw(
        _ random: inout RandomStream,
        for picture: Shape
    ) -> (brightness: Float?, contrast: Float?, saturation: Float?, hue: Float?) {
        // One after the other, in this order.
        let brightness = self.brightness?.draw(&random, for: picture)
        let contrast = self.contrast?.draw(&random, for: picture)
        let saturation = self.saturation?.draw(&random, for: picture)
        return (brightness, contrast, saturation, hue?.draw(&random, for: picture))
    }

    public func apply(
        _ drawn: (brightness: Float?, contrast: Float?, saturation: Float?, hue: Float?),
        to picture: PictureContext
    ) {
        picture.copy()
        guard picture.role == .picture, let output = picture.output.baseAddress else { return }
        // All four work in place: a pixel's new value depends on the pixel, and on means that are computed before.
        let own = picture.step(
            from: output,
            picture.shape,
            to: output,
            picture.shape,
            scratchFrom: 0,
            random: picture.random
        )
        if let value = drawn.brightness { brightness?.apply(value, to: own) }
        if let value = drawn.contrast { contrast?.apply(value, to: own) }
        if let value = drawn.saturation { saturation?.apply(value, to: own) }
        if let value = drawn.hue { hue?.apply(value, to: own) }
    }

    private var brightness: RandomBrightness? {
        brightnessFactor.map { RandomBrightness(factor: $0, valueRange: valueRange) }
    }
    private var contrast: RandomContrast? {
        contrastFactor.map { RandomContrast(factor: $0, valueRange: valueRange) }
    }
    private var saturation: RandomSaturation? {
        saturationFactor.map { RandomSaturation(factor: $0, valueRange: valueRange) }
    }
    private var hue: RandomHue? { hueFactor.map { RandomHue(factor: $0, valueRange: valueRange) } }
}
