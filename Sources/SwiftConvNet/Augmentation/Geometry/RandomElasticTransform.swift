/// While training, distorts pictures as if they were of rubber: each pixel moves a little, neighbours alike. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`, with values in `valueRange`; results beyond it become its
/// bounds. What random numbers depend on is said at ``ImageTransform``. Masks are moved with their pictures, and read at the nearest
/// pixel.
///
/// Source: Simard, Steinkraus, Platt, Best practices for convolutional neural networks applied to visual document analysis, 2003;
/// the numbers are Keras'.
///
/// ```swift
/// RandomElasticTransform(factor: 0.5, scale: [0.3, 0.8], valueRange: 0...1)
/// ```
public struct RandomElasticTransform: ImageTransform, Hashable {
    /// Whether the picture is changed, how much, and from where the moves come.
    public typealias Parameters = (isChanged: Bool, scale: Float, noise: RandomStream)

    /// `RandomElasticTransform`.
    public static let kind = "RandomElasticTransform"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the probability that a picture is changed.
    public let factor: Factor
    /// The range of the strength.
    public let scale: Factor
    /// How pictures are read between their pixels.
    public let interpolation: Interpolation
    /// What lies beyond the edges.
    public let fillMode: FillMode
    /// The number beyond the edges with `fillMode: .constant`.
    public let fillValue: Float
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    public let seed: UInt64?

    /// A layer that distorts pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of the probability that a picture is changed, in 0...1. A number stands for the range from 0 to itself.
    ///     Default 1.
    ///   - scale: the range of the strength s, in 0...1: normally distributed moves with a deviation of 0.05 s of the shorter side are
    ///     blurred with the same deviation and multiplied by 0.1 s of the longer side. A number stands for the range from 0 to
    ///     itself. Default 1.
    ///   - interpolation: how pictures are read between their pixels: `.bilinear`, the default, or `.nearest`.
    ///   - fillMode: what lies beyond the edges. Default: the picture, mirrored.
    ///   - fillValue: the number beyond the edges with `fillMode: .constant`. Default 0.
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        factor: Factor = 1,
        scale: Factor = 1,
        interpolation: Interpolation = .bilinear,
        fillMode: FillMode = .reflect,
        fillValue: Float = 0,
        valueRange: ClosedRange<Float> = 0...255,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.factor = factor
        self.scale = scale
        self.interpolation = interpolation
        self.fillMode = fillMode
        self.fillValue = fillValue
        self.valueRange = valueRange
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try factor.validate(in: 0...1, as: "factor")
        try scale.validate(in: 0...1, as: "scale")
        try requireValueRange(valueRange)
        try Warp(interpolation: interpolation, fillMode: fillMode, fillValue: fillValue).validate()
        return picture
    }

    /// The moves along x and along y, one of both blurred along one axis, and the weights of the blur.
    public func scratchCount(for picture: Shape) -> Int {
        3 * picture[0] * picture[1] + window(deviation(scale: 1, of: picture))
    }

    /// A strength, and whether the picture is changed.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Parameters {
        let probability = factor.draw(&random, atLeast: 0)
        let isChanged = random.nextUniform() < probability
        return (isChanged, scale.draw(&random, atLeast: 0), random)
    }

    public func apply(_ parameters: Parameters, to picture: PictureContext) {
        guard parameters.isChanged, parameters.scale > 0 else {
            picture.copy()
            return limit(picture)
        }
        var noise = parameters.noise
        for place in 0..<(2 * picture.height * picture.width) { picture.scratch[place] = noise.normal() }
        distort(picture, scale: parameters.scale)
    }

    /// Distorts a picture by the normally distributed numbers in its scratch memory: for all pixels one along x, then for all one
    /// along y.
    package func distort(_ picture: PictureContext, scale: Float) {
        let pixels = picture.height * picture.width
        let across = picture.scratch, down = across + pixels, half = down + pixels
        let sigma = deviation(scale: scale, of: picture.shape)
        let strength = 0.1 * scale * Float(max(picture.height, picture.width))
        let blur = Blur(size: window(sigma), sigma: sigma, weights: half + pixels)
        for axis in 0..<2 {
            let field = axis == 0 ? across : down
            for place in 0..<pixels { field[place] *= sigma }
            blur.run(field, half, rows: picture.height, count: picture.width, stride: 1)
            blur.run(half, field, rows: 1, count: picture.height, stride: picture.width)
        }
        let isNearest = interpolation == .nearest || picture.role == .mask
        for row in 0..<picture.height {
            for column in 0..<picture.width {
                let place = row * picture.width + column
                let x = Float(column) + strength * across[place], y = Float(row) + strength * down[place]
                read(picture, x: x, y: y, isNearest: isNearest, to: place)
            }
        }
        limit(picture)
    }

    private func limit(_ picture: PictureContext) {
        guard picture.role == .picture else { return }
        for place in picture.output.indices {
            picture.output[place] = valueRange.clamp(picture.output[place])
        }
    }

    /// The deviation of moves, and of the blur, in pixels.
    private func deviation(scale: Float, of picture: Shape) -> Float {
        0.05 * scale * Float(min(picture[0], picture[1]))
    }

    /// The odd number of weights of the blur.
    private func window(_ deviation: Float) -> Int { 6 * Int(deviation) | 1 }

    private func read(_ picture: PictureContext, x: Float, y: Float, isNearest: Bool, to pixel: Int) {
        let left = isNearest ? x.rounded(.toNearestOrEven) : x.rounded(.down)
        let top = isNearest ? y.rounded(.toNearestOrEven) : y.rounded(.down)
        let right = x - left, bottom = y - top, channels = picture.channels
        for channel in 0..<channels {
            func value(_ down: Int, _ across: Int) -> Float {
                guard let row = index(Int(top) + down, of: picture.height),
                    let column = index(Int(left) + across, of: picture.width)
                else { return fillValue }
                return picture.source[(row * picture.width + column) * channels + channel]
            }
            picture.output[pixel * channels + channel] =
                isNearest
                ? value(0, 0)
                : (1 - bottom) * (1 - right) * value(0, 0) + (1 - bottom) * right * value(0, 1)
                    + bottom * (1 - right) * value(1, 0) + bottom * right * value(1, 1)
        }
    }

    /// The pixel that stands for one that may be beyond the edges.
    ///
    /// Source: `map_coordinates` of Keras' TensorFlow backend, which mirrors at the upper left edge without, and at the lower right
    /// edge with, the pixel at the edge.
    private func index(_ place: Int, of count: Int) -> Int? {
        switch fillMode {
        case .constant: return (0..<count).contains(place) ? place : nil
        case .nearest: return min(max(place, 0), count - 1)
        case .wrap: return (place % count + count) % count
        case .reflect:
            let rest = abs(place) % (2 * count)
            return rest < count ? rest : 2 * count - rest - 1
        }
    }
}
