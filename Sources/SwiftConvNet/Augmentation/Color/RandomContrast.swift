/// While training, changes the contrast of pictures by a random factor. In inference, passes everything.
///
/// For each channel of each picture, values become `(x - mean) · factor + mean`, with the mean of the channel; results beyond
/// `valueRange` become its bounds. Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend
/// on is said at ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomContrast(factor: 0.3, valueRange: 0...1)
/// ```
public struct RandomContrast: ImageTransform, Hashable {
    /// `RandomContrast`.
    public static let kind = "RandomContrast"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// By how much the factor may be less and more than 1.
    public let factor: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that changes the contrast; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: by how much deviations from the mean may become smaller and larger, in 0...1: bounds a and b stand for a factor
    ///     from 1 - a to 1 + b, a number for that of two equal bounds, as Keras' documentation says; its layer takes 0 for a then.
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
        try factor.validate(in: 0...1, as: "factor")
        try requireValueRange(valueRange)
        return picture
    }

    /// What deviations from the mean are multiplied with.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Float {
        let (lower, upper) = factor.range(atLeast: -1)
        return random.uniform(from: 1 - Double(abs(lower)), to: 1 + Double(upper))
    }

    public func apply(_ contrast: Float, to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        let channels = picture.channels, count = picture.source.count
        for channel in 0..<channels {
            // In double precision: the order of additions does not show then.
            var sum = 0.0
            for place in stride(from: channel, to: count, by: channels) {
                sum += Double(picture.source[place])
            }
            let mean = Float(sum / Double(max(count / channels, 1)))
            for place in stride(from: channel, to: count, by: channels) {
                picture.output[place] = valueRange.clamp((picture.source[place] - mean) * contrast + mean)
            }
        }
    }
}
