/// While training, changes each picture by some transforms of eleven, at random. In inference, passes everything.
///
/// They are `RandomShear`, `RandomTranslation`, `RandomRotation`, `RandomPosterization`, `Solarization`, `AutoContrast`, `Equalization`,
/// `RandomBrightness`, `RandomColorDegeneration`, `RandomContrast` and `RandomSharpness`, with the ranges that Keras gives them. Each
/// picture has transforms of its own; Keras' layer draws them once for a batch.
///
/// Input and output, without the batch axis: `[height, width, 3]`, red, green and blue. What random numbers depend on is said at
/// ``ImageTransform``. Masks move with their pictures and are read at the nearest pixel; changes of colours leave them as they are.
///
/// Source: Cubuk, Zoph, Shlens, Le, RandAugment: Practical automated data augmentation with a reduced search space, 2020.
///
/// ```swift
/// RandAugment(valueRange: 0...1, numOps: 2, factor: 0.3)
/// ```
public struct RandAugment: ImageTransform {
    /// `RandAugment`.
    public static let kind = "RandAugment"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    /// The number of transforms of a picture.
    public let numOps: Int
    /// The range of the strength.
    public let factor: Factor
    /// How pictures are read between their pixels.
    public let interpolation: Interpolation
    public let seed: UInt64?
    private let operations: AugmentOperations

    private enum CodingKeys: CodingKey { case name, valueRange, numOps, factor, interpolation, seed }

    /// A layer that applies random transforms; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - numOps: the number of transforms of a picture, in 1...100. Default 2.
    ///   - factor: the range of the strength, in 0...1, as the transforms' `factor`. A number stands for the range from 0 to itself.
    ///     Default 0.5.
    ///   - interpolation: how pictures are read between their pixels: `.bilinear`, the default, or `.nearest`.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        valueRange: ClosedRange<Float> = 0...255,
        numOps: Int = 2,
        factor: Factor = 0.5,
        interpolation: Interpolation = .bilinear,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.valueRange = valueRange
        self.numOps = numOps
        self.factor = factor
        self.interpolation = interpolation
        self.seed = seed
        self.name = name
        operations = AugmentOperations(factor: factor, interpolation: interpolation, valueRange: valueRange)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            valueRange: try container.decode(ClosedRange<Float>.self, forKey: .valueRange),
            numOps: try container.decode(Int.self, forKey: .numOps),
            factor: try container.decode(Factor.self, forKey: .factor),
            interpolation: try container.decode(Interpolation.self, forKey: .interpolation),
            seed: try container.decodeIfPresent(UInt64.self, forKey: .seed),
            name: try container.decodeIfPresent(String.self, forKey: .name)
        )
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range, of kind `shape` if pictures have no colours.
    public func outputShape(for picture: Shape) throws -> Shape {
        try requireCount(numOps, as: "numOps")
        try operations.validate(for: picture, factor)
        return picture
    }

    /// The picture between two transforms, and what they need.
    public func scratchCount(for picture: Shape) -> Int {
        picture.elementCount + operations.scratchCount(for: picture)
    }

    /// From where the choices and the transforms' numbers come.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> RandomStream { random }

    public func apply(_ random: RandomStream, to picture: PictureContext) {
        guard let output = picture.output.baseAddress, var source = picture.source.baseAddress else { return }
        var random = random
        let transforms = operations.transforms
        for step in 0..<numOps {
            // The last one writes to the output.
            let target = (numOps - step).isMultiple(of: 2) ? picture.scratch : output
            let choice = random.integer(below: transforms.count)
            transforms[choice].transform(
                picture.step(
                    from: source,
                    picture.shape,
                    to: target,
                    picture.shape,
                    scratchFrom: picture.source.count,
                    random: random.branch()
                )
            )
            source = UnsafePointer(target)
        }
    }
}
