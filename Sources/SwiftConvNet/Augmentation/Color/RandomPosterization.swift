/// While training, leaves a random number of bits of each value. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomPosterization(factor: [3, 6])
/// ```
public struct RandomPosterization: ImageTransform, Hashable {
    /// `RandomPosterization`.
    public static let kind = "RandomPosterization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the number of bits that stay.
    public let factor: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that posterizes pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of the number of bits of 8 that stay: whole numbers in 1...8, of which the upper one is drawn
    ///     only if both are equal, as in Keras. A number stands for the range from 1 to itself.
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
        try factor.validate(in: 1...8, as: "factor")
        guard factor.numbers.allSatisfy({ $0 == $0.rounded() }) else {
            throw ConvNetError(
                .argument,
                "A number of bits is a whole number",
                at: "factor",
                expected: "whole numbers in 1...8",
                received: "\(factor)"
            )
        }
        try requireValueRange(valueRange)
        return picture
    }

    /// The number of bits that stay.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Int {
        let (lower, upper) = factor.range(atLeast: 1)
        return Int(lower) + (upper > lower ? random.integer(below: Int(upper - lower)) : 0)
    }

    public func apply(_ bits: Int, to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        let low = valueRange.lowerBound, width = valueRange.width
        for place in picture.source.indices {
            let value = (picture.source[place] - low) / width * 255
            let byte = bin(of: value, among: 256)
            picture.output[place] = Float((byte >> (8 - bits)) << (8 - bits)) / 255 * width + low
        }
    }
}
