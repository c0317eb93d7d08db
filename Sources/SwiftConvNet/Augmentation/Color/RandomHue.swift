/// While training, turns the hues of pictures by a random angle. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, 3]`, red, green and blue. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomHue(factor: 0.1, valueRange: 0...1)
/// ```
public struct RandomHue: ImageTransform, Hashable {
    /// `RandomHue`.
    public static let kind = "RandomHue"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of angles, in half turns.
    public let factor: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that changes the hues; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of angles, in half turns of the circle of hues, in 0...1; half of the pictures are turned the
    ///     other way. A number stands for the range from 0 to itself.
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

    /// What is added to the hues, in turns.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Float {
        let sign: Float = random.nextUniform() > 0.5 ? -1 : 1
        return sign * factor.draw(&random, atLeast: 0) * 0.5
    }

    public func apply(_ angle: Float, to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        let low = valueRange.lowerBound, width = valueRange.width
        for pixel in stride(from: 0, to: picture.source.count, by: 3) {
            var color = HSV(
                red: (picture.source[pixel] - low) / width,
                green: (picture.source[pixel + 1] - low) / width,
                blue: (picture.source[pixel + 2] - low) / width
            )
            color.hue += angle
            if color.hue > 1 { color.hue -= 1 }
            if color.hue < 0 { color.hue += 1 }
            color.write(to: picture.output, pixel)
            for place in pixel..<(pixel + 3) {
                picture.output[place] = min(max(picture.output[place], 0), 1) * width + low
            }
        }
    }
}
