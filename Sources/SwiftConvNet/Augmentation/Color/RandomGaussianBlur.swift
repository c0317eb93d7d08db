/// While training, blurs pictures by a normal distribution of random width, with a probability. In inference, passes
/// everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks stay as they are.
///
/// ```swift
/// RandomGaussianBlur(factor: 0.5, kernelSize: 5, valueRange: 0...1)
/// ```
public struct RandomGaussianBlur: ImageTransform, Hashable {
    /// `RandomGaussianBlur`.
    public static let kind = "RandomGaussianBlur"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the probability that a picture is blurred.
    public let factor: Factor
    /// The height and width of the window.
    public let kernelSize: Size2D
    /// The range of the standard deviations, in pixels.
    public let sigma: Factor
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that blurs pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of the probability that a picture is changed, in 0...1. A number stands for the range from 0 to
    ///     itself. Default 1.
    ///   - kernelSize: the height and width of the window, odd numbers in 1...1023. Default 3.
    ///   - sigma: the range of the standard deviations along both axes, in pixels, in 0...1. A number stands for the range
    ///     from 0 to itself. Default 1.
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        factor: Factor = 1,
        kernelSize: Size2D = 3,
        sigma: Factor = 1,
        valueRange: ClosedRange<Float> = 0...255,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.factor = factor
        self.kernelSize = kernelSize
        self.sigma = sigma
        self.valueRange = valueRange
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try factor.validate(in: 0...1, as: "factor")
        try sigma.validate(in: 0...1, as: "sigma")
        try requireValueRange(valueRange)
        guard
            [kernelSize.height, kernelSize.width].allSatisfy({ (1...1023).contains($0) && $0 % 2 == 1 }
            )
        else {
            throw ConvNetError(
                .argument,
                "A window that blurs has a pixel in its middle",
                at: "kernelSize",
                expected: "odd numbers in 1...1023",
                received: "\(kernelSize)"
            )
        }
        return picture
    }

    /// The picture, blurred along one axis.
    public func scratchCount(for picture: Shape) -> Int {
        picture.elementCount + max(kernelSize.height, kernelSize.width)
    }

    /// Whether the picture is blurred, and the standard deviations.
    public func draw(
        _ random: inout RandomStream,
        for picture: Shape
    ) -> (isBlurred: Bool, sigmaX: Float, sigmaY: Float) {
        let probability = factor.draw(&random, atLeast: 0)
        let isBlurred = random.nextUniform() < probability
        let x = sigma.draw(&random, atLeast: 0) + 1e-6
        return (isBlurred, x, sigma.draw(&random, atLeast: 0) + 1e-6)
    }

    public func apply(
        _ parameters: (isBlurred: Bool, sigmaX: Float, sigmaY: Float),
        to picture: PictureContext
    ) {
        guard picture.role == .picture, let source = picture.source.baseAddress,
            let output = picture.output.baseAddress
        else { return picture.copy() }
        if parameters.isBlurred {
            let half = picture.scratch + max(kernelSize.height, kernelSize.width)
            let rows = Blur(size: kernelSize.width, sigma: parameters.sigmaX, weights: picture.scratch)
            rows.run(source, half, rows: picture.height, count: picture.width, stride: picture.channels)
            let columns = Blur(size: kernelSize.height, sigma: parameters.sigmaY, weights: picture.scratch)
            columns.run(
                half,
                output,
                rows: 1,
                count: picture.height,
                stride: picture.width * picture.channels
            )
        } else {
            picture.copy()
        }
        for place in picture.output.indices {
            picture.output[place] = valueRange.clamp(picture.output[place])
        }
    }
}
