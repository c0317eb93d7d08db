/// While training, shifts the rows of pictures against each other, and the columns, by random factors. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks are moved with their pictures, and read at the nearest pixel.
///
/// ```swift
/// RandomShear(xFactor: 0.2, yFactor: 0.2)
/// ```
public struct RandomShear: ImageTransform, Hashable {
    /// `RandomShear`.
    public static let kind = "RandomShear"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of shifts of a row against the one above, in pixels.
    public let xFactor: Factor
    /// The range of shifts of a column against the one on its left, in pixels.
    public let yFactor: Factor
    /// What lies beyond the edges.
    public let fillMode: FillMode
    /// How pictures are read between their pixels.
    public let interpolation: Interpolation
    public let seed: UInt64?
    /// The number beyond the edges with `fillMode: .constant`.
    public let fillValue: Float

    /// A layer that shears pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - xFactor: the range of shifts of a row against the one above, in pixels, in 0...1. A number stands for the range from its
    ///     negative to itself. Half of the pictures are sheared the other way. Default 0.
    ///   - yFactor: the range of shifts of a column against the one on its left, likewise. Default 0.
    ///   - interpolation: how pictures are read between their pixels: `.bilinear`, the default, or `.nearest`.
    ///   - fillMode: what lies beyond the edges. Default: the picture, mirrored.
    ///   - fillValue: the number beyond the edges with `fillMode: .constant`. Default 0.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        xFactor: Factor = 0,
        yFactor: Factor = 0,
        interpolation: Interpolation = .bilinear,
        fillMode: FillMode = .reflect,
        fillValue: Float = 0,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.xFactor = xFactor
        self.yFactor = yFactor
        self.interpolation = interpolation
        self.fillMode = fillMode
        self.fillValue = fillValue
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a factor or a way of reading pictures is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try xFactor.validate(in: 0...1, as: "xFactor")
        try yFactor.validate(in: 0...1, as: "yFactor")
        try warp.validate()
        return picture
    }

    /// A shear by a number of each range, or the other way.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Projection {
        let sign: Float = random.nextUniform() > 0.5 ? -1 : 1
        let y = yFactor.draw(&random, atLeast: -1), x = xFactor.draw(&random, atLeast: -1)
        return Projection(a1: x * sign, b0: y * sign)
    }

    public func apply(_ map: Projection, to picture: PictureContext) { warp.run(map, picture) }

    private var warp: Warp {
        Warp(interpolation: interpolation, fillMode: fillMode, fillValue: fillValue)
    }
}
