/// While training, makes pictures sharper or more blurred by a random factor. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomSharpness(factor: 0.7, valueRange: 0...1)
/// ```
public struct RandomSharpness: ImageTransform, Hashable {
    /// `RandomSharpness`.
    public static let kind = "RandomSharpness"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the change: 0 smooths, 0.5 leaves all as it is, 1 sharpens.
    public let factor: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that changes the sharpness; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of the change, in 0...1: 0 smooths, 0.5 leaves all as it is, 1 sharpens as much as 0 smooths. A
    ///     number stands for the range from 0 to itself.
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

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try factor.validate(in: 0...1, as: "factor")
        try requireValueRange(valueRange)
        return picture
    }

    /// The change.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Float {
        factor.draw(&random, atLeast: 0)
    }

    public func apply(_ sharpness: Float, to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        let (height, width, channels) = (picture.height, picture.width, picture.channels)
        let share = 1 - sharpness * 2
        for row in 0..<height {
            for column in 0..<width {
                for channel in 0..<channels {
                    let place = (row * width + column) * channels + channel
                    let value = picture.source[place]
                    // A mean in which the middle counts five times, of 13; pixels beyond the edges are 0, as Keras has them.
                    var sum = 4 * value
                    for y in max(row - 1, 0)...min(row + 1, height - 1) {
                        for x in max(column - 1, 0)...min(column + 1, width - 1) {
                            sum += picture.source[(y * width + x) * channels + channel]
                        }
                    }
                    picture.output[place] = valueRange.clamp(value + share * (sum / 13 - value))
                }
            }
        }
    }
}
