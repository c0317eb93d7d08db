/// While training, takes the colours of pictures away, with a probability. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, 3]`, red, green and blue. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomGrayscale(factor: 0.1)
/// ```
public struct RandomGrayscale: ImageTransform, Hashable {
    /// `RandomGrayscale`.
    public static let kind = "RandomGrayscale"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The probability that a picture loses its colours.
    public let factor: Float
    public let seed: UInt64?

    /// A layer that makes pictures grey; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the probability that a picture loses its colours, in 0...1. Default 0.5.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        factor: Float = 0.5,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.factor = factor
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if the factor is out of its range, of kind `shape` if pictures have no colours.
    public func outputShape(for picture: Shape) throws -> Shape {
        try Factor(factor).validate(in: 0...1, as: "factor")
        try requireColors(picture, for: Self.kind)
        return picture
    }

    /// Whether the picture becomes grey.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Bool {
        random.nextUniform() < factor
    }

    public func apply(_ isGray: Bool, to picture: PictureContext) {
        guard isGray, picture.role == .picture else { return picture.copy() }
        for pixel in stride(from: 0, to: picture.source.count, by: 3) {
            let gray = luminance(picture.source, pixel)
            for place in pixel..<(pixel + 3) { picture.output[place] = gray }
        }
    }
}
