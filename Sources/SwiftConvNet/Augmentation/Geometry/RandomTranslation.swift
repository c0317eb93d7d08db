/// While training, shifts pictures by random distances. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks are moved with their pictures, and read at the nearest pixel.
///
/// ```swift
/// RandomTranslation(heightFactor: 0.1, widthFactor: 0.1)
/// RandomTranslation(heightFactor: [0, 0.2], widthFactor: 0)  // downwards only
/// ```
public struct RandomTranslation: ImageTransform, Hashable {
    /// `RandomTranslation`.
    public static let kind = "RandomTranslation"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of shifts downwards, as a share of the height.
    public let heightFactor: Factor
    /// The range of shifts to the right, as a share of the width.
    public let widthFactor: Factor
    /// What lies beyond the edges.
    public let fillMode: FillMode
    /// How pictures are read between their pixels.
    public let interpolation: Interpolation
    public let seed: UInt64?
    /// The number beyond the edges with `fillMode: .constant`.
    public let fillValue: Float

    /// A layer that shifts pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - heightFactor: the range of shifts downwards, as a share of the height in -1...1. A number stands for the range from its
    ///     negative to itself.
    ///   - widthFactor: the range of shifts to the right, as a share of the width, likewise.
    ///   - fillMode: what lies beyond the edges. Default: the picture, mirrored.
    ///   - interpolation: how pictures are read between their pixels: `.bilinear`, the default, or `.nearest`.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - fillValue: the number beyond the edges with `fillMode: .constant`. Default 0.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        heightFactor: Factor,
        widthFactor: Factor,
        fillMode: FillMode = .reflect,
        interpolation: Interpolation = .bilinear,
        seed: UInt64? = nil,
        fillValue: Float = 0,
        name: String? = nil
    ) {
        self.heightFactor = heightFactor
        self.widthFactor = widthFactor
        self.fillMode = fillMode
        self.interpolation = interpolation
        self.seed = seed
        self.fillValue = fillValue
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a factor or a way of reading pictures is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try heightFactor.validate(in: -1...1, as: "heightFactor")
        try widthFactor.validate(in: -1...1, as: "widthFactor")
        try warp.validate()
        return picture
    }

    /// A shift by a part of the height and of the width.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Projection {
        let down = heightFactor.draw(&random, atLeast: -1) * Float(picture[0])
        let right = widthFactor.draw(&random, atLeast: -1) * Float(picture[1])
        return Projection(a2: -right, b2: -down)
    }

    public func apply(_ map: Projection, to picture: PictureContext) { warp.run(map, picture) }

    private var warp: Warp {
        Warp(interpolation: interpolation, fillMode: fillMode, fillValue: fillValue)
    }
}
