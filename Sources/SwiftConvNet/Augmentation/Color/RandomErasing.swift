/// While training, writes noise or a colour over a random part of pictures. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// Source: Zhong and others, Random erasing data augmentation, 2017; the part's shape and the noise are Keras'.
///
/// ```swift
/// RandomErasing(factor: 0.5, scale: [0.05, 0.2], fillValue: [0.5], valueRange: 0...1)
/// ```
public struct RandomErasing: ImageTransform, Hashable {
    /// Whether anything is erased: the pixels whose row and column are at least the first and less than the second of two numbers;
    /// and from where noise comes.
    public typealias Parameters = (
        isErased: Bool, top: Float, bottom: Float, left: Float, right: Float, noise: RandomStream
    )

    /// `RandomErasing`.
    public static let kind = "RandomErasing"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the probability that a picture loses a part.
    public let factor: Factor
    /// The range of the squares of the part's height and width, as shares of the picture's.
    public let scale: Factor
    /// What is written: one number, or one for each channel; `nil` is noise.
    public let fillValue: [Float]?
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that erases parts of pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of the probability that a picture loses a part, in 0...1. A number stands for the range from 0 to
    ///     itself. Default 1.
    ///   - scale: the range of two numbers in 0...1: the height and the width of the part are their square roots, as shares of the
    ///     picture's. A number stands for the range from 0 to itself. Default [0.02, 0.33].
    ///   - fillValue: what is written: one number, or one for each channel. Default `nil`: normally distributed noise with the upper
    ///     bound of `valueRange` as its deviation. What lies beyond the range of values becomes its bounds.
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        factor: Factor = 1,
        scale: Factor = [0.02, 0.33],
        fillValue: [Float]? = nil,
        valueRange: ClosedRange<Float> = 0...255,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.factor = factor
        self.scale = scale
        self.fillValue = fillValue
        self.valueRange = valueRange
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try factor.validate(in: 0...1, as: "factor")
        try scale.validate(in: 0...1, as: "scale")
        try requireValueRange(valueRange)
        if let fillValue {
            guard fillValue.count == 1 || fillValue.count == picture[2], fillValue.allSatisfy(\.isFinite)
            else {
                throw ConvNetError(
                    .argument,
                    "The erased part has no colour",
                    at: "fillValue",
                    expected: "one finite number, or one for each of \(picture[2]) channels",
                    received: "\(fillValue)"
                )
            }
        }
        return picture
    }

    /// A part of the picture, and whether it is erased.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Parameters {
        let width = scale.draw(&random, atLeast: 0).squareRoot() * Float(picture[1])
        let height = scale.draw(&random, atLeast: 0).squareRoot() * Float(picture[0])
        let left = random.nextUniform() * (Float(picture[1]) - width)
        let top = random.nextUniform() * (Float(picture[0]) - height)
        let probability = factor.draw(&random, atLeast: 0)
        let isErased = random.nextUniform() < probability
        return (isErased, top, top + height, left, left + width, random)
    }

    public func apply(_ parameters: Parameters, to picture: PictureContext) {
        picture.copy()
        guard parameters.isErased, picture.role == .picture else { return }
        var noise = parameters.noise
        let rows = Self.pixels(from: parameters.top, to: parameters.bottom, of: picture.height)
        let columns = Self.pixels(from: parameters.left, to: parameters.right, of: picture.width)
        for row in rows {
            for column in columns {
                for channel in 0..<picture.channels {
                    let value: Float =
                        if let fillValue {
                            fillValue[fillValue.count == 1 ? 0 : channel]
                        } else {
                            noise.normal() * valueRange.upperBound
                        }
                    picture.output[(row * picture.width + column) * picture.channels + channel] =
                        valueRange.clamp(value)
                }
            }
        }
    }

    /// The pixels whose index is at least one bound and less than the other.
    static func pixels(from lower: Float, to upper: Float, of count: Int) -> Range<Int> {
        let first = min(max(Int(lower.rounded(.up)), 0), count)
        return first..<max(min(Int(upper.rounded(.up)), count), first)
    }
}
