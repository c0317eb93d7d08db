import Foundation

/// While training, turns pictures around their middle, by a random angle. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks are moved with their pictures, and read at the nearest pixel.
///
/// ```swift
/// RandomRotation(factor: 0.1)  // up to 36 degrees either way
/// ```
public struct RandomRotation: ImageTransform, Hashable {
    /// `RandomRotation`.
    public static let kind = "RandomRotation"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of angles, in full turns; positive ones are counter-clockwise.
    public let factor: Factor
    /// What lies beyond the edges.
    public let fillMode: FillMode
    /// How pictures are read between their pixels.
    public let interpolation: Interpolation
    public let seed: UInt64?
    /// The number beyond the edges with `fillMode: .constant`.
    public let fillValue: Float

    /// A layer that turns pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of angles, in full turns of at most 1; positive ones are counter-clockwise. A number stands for the
    ///     range from its negative to itself.
    ///   - fillMode: what lies beyond the edges. Default: the picture, mirrored.
    ///   - interpolation: how pictures are read between their pixels: `.bilinear`, the default, or `.nearest`.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - fillValue: the number beyond the edges with `fillMode: .constant`. Default 0.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        factor: Factor,
        fillMode: FillMode = .reflect,
        interpolation: Interpolation = .bilinear,
        seed: UInt64? = nil,
        fillValue: Float = 0,
        name: String? = nil
    ) {
        self.factor = factor
        self.fillMode = fillMode
        self.interpolation = interpolation
        self.seed = seed
        self.fillValue = fillValue
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a factor or a way of reading pictures is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try factor.validate(in: -1...1, as: "factor")
        try warp.validate()
        return picture
    }

    /// A turn by an angle of the range.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Projection {
        rotation(degrees: factor.draw(&random, atLeast: -1) * 360, of: picture)
    }

    /// The turn of a picture by an angle, counter-clockwise.
    package func rotation(degrees: Float, of picture: Shape) -> Projection {
        let radians = Double(degrees) / 180 * Double.pi
        let cosine = cos(radians), sine = sin(radians)
        let x = 0.5 * Double(picture[1] - 1), y = 0.5 * Double(picture[0] - 1)
        return Projection(
            a0: Float(cosine),
            a1: Float(-sine),
            a2: Float(x - cosine * x + sine * y),
            b0: Float(sine),
            b1: Float(cosine),
            b2: Float(y - sine * x - cosine * y)
        )
    }

    public func apply(_ map: Projection, to picture: PictureContext) { warp.run(map, picture) }

    private var warp: Warp {
        Warp(interpolation: interpolation, fillMode: fillMode, fillValue: fillValue)
    }
}
