/// Spreads the values of each channel of a picture over the whole range: the least becomes the lower bound, the greatest the
/// upper one. It does so in inference, too.
///
/// Input and output, without the batch axis: `[height, width, channels]`. A channel of one value, and masks, stay as they are.
///
/// ```swift
/// AutoContrast(valueRange: 0...1)
/// ```
public struct AutoContrast: ImageTransform, Hashable {
    /// `AutoContrast`.
    public static let kind = "AutoContrast"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>

    /// A layer that spreads values; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        valueRange: ClosedRange<Float> = 0...255,
        name: String? = nil
    ) {
        self.valueRange = valueRange
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if the range is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try requireValueRange(valueRange)
        return picture
    }

    /// Yes.
    public var actsInInference: Bool { true }

    /// Nothing is random.
    public func draw(_ random: inout RandomStream, for picture: Shape) {}

    public func apply(_ parameters: Void, to picture: PictureContext) {
        picture.copy()
        guard picture.role == .picture else { return }
        let channels = picture.channels, count = picture.source.count
        let start = valueRange.lowerBound, width = valueRange.width
        for channel in 0..<channels {
            var low = Float.infinity, high = -Float.infinity
            for place in stride(from: channel, to: count, by: channels) {
                let value = (picture.source[place] - start) / width * 255
                (low, high) = (min(low, value), max(high, value))
            }
            guard high > low else { continue }
            let scale = 255 / (high - low)
            for place in stride(from: channel, to: count, by: channels) {
                let value = (picture.source[place] - start) / width * 255
                picture.output[place] = min(max(value * scale - low * scale, 0), 255) / 255 * width + start
            }
        }
    }
}
