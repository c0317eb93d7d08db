/// While training, makes pictures smaller or larger around their middle, by random factors. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks are moved with their pictures, and read at the nearest pixel.
///
/// ```swift
/// RandomZoom(heightFactor: 0.1)          // by a tenth either way, as wide as high
/// RandomZoom(heightFactor: [-0.3, -0.1])  // larger only
/// ```
public struct RandomZoom: ImageTransform, Hashable {
    /// `RandomZoom`.
    public static let kind = "RandomZoom"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of changes of the height: 0.2 shows 1.2 heights of the picture, -0.2 shows 0.8.
    public let heightFactor: Factor
    /// The range of changes of the width; `nil` is the change of the height, so that things keep their shape.
    public let widthFactor: Factor?
    /// What lies beyond the edges.
    public let fillMode: FillMode
    /// How pictures are read between their pixels.
    public let interpolation: Interpolation
    public let seed: UInt64?
    /// The number beyond the edges with `fillMode: .constant`.
    public let fillValue: Float

    /// A layer that zooms; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - heightFactor: the range of changes of the height, above -1 and at most 1: 0.2 shows 1.2 heights of the picture, which becomes smaller,
    ///     -0.2 shows 0.8 of it. A number stands for the range from its negative to itself.
    ///   - widthFactor: the range of changes of the width, likewise. Default `nil`: the change of the height, so that things keep
    ///     their shape.
    ///   - fillMode: what lies beyond the edges. Default: the picture, mirrored.
    ///   - interpolation: how pictures are read between their pixels: `.bilinear`, the default, or `.nearest`.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - fillValue: the number beyond the edges with `fillMode: .constant`. Default 0.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        heightFactor: Factor,
        widthFactor: Factor? = nil,
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
        try widthFactor?.validate(in: -1...1, as: "widthFactor")
        guard !(heightFactor.numbers + (widthFactor?.numbers ?? [])).contains(-1) else {
            throw ConvNetError(
                .argument,
                "A zoom leaves nothing of the picture to be seen",
                at: "heightFactor, widthFactor",
                expected: "bounds above -1",
                received: "-1"
            )
        }
        try warp.validate()
        return picture
    }

    /// A zoom by a number of each range.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Projection {
        let height = 1 + heightFactor.draw(&random, atLeast: -1)
        let width = widthFactor.map { 1 + $0.draw(&random, atLeast: -1) } ?? height
        return zoom(height: height, width: width, of: picture)
    }

    /// What shows so many heights and widths of a picture.
    package func zoom(height: Float, width: Float, of picture: Shape) -> Projection {
        Projection(
            a0: width,
            a2: Float(picture[1] - 1) / 2 * (1 - width),
            b1: height,
            b2: Float(picture[0] - 1) / 2 * (1 - height)
        )
    }

    public func apply(_ map: Projection, to picture: PictureContext) { warp.run(map, picture) }

    private var warp: Warp {
        Warp(interpolation: interpolation, fillMode: fillMode, fillValue: fillValue)
    }
}
