/// While training, shows pictures as if seen from aside: their corners move at random, with a probability. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks are moved with their pictures, and read at the nearest pixel.
///
/// ```swift
/// RandomPerspective(factor: 0.5, scale: 0.3)
/// ```
public struct RandomPerspective: ImageTransform, Hashable {
    /// Whether the picture is changed, and where each place of the output lies in it.
    public typealias Parameters = (isChanged: Bool, map: Projection)

    /// `RandomPerspective`.
    public static let kind = "RandomPerspective"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the probability that a picture is changed.
    public let factor: Factor
    /// How far corners move, as a share of the height and of the width.
    public let scale: Float
    /// How pictures are read between their pixels.
    public let interpolation: Interpolation
    /// The number beyond the edges.
    public let fillValue: Float
    public let seed: UInt64?

    /// A layer that changes the perspective; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - factor: the range of the probability that a picture is changed, in 0...1. A number stands for the range from 0 to itself.
    ///     Default 1.
    ///   - scale: how far corners move, in 0...1: coordinates of a corner are multiplied by 1 - scale / 2 to 1 + scale / 2, so that
    ///     the upper left one stays. Default 1.
    ///   - interpolation: how pictures are read between their pixels: `.bilinear`, the default, or `.nearest`.
    ///   - fillValue: the number beyond the edges. Default 0.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        factor: Factor = 1,
        scale: Float = 1,
        interpolation: Interpolation = .bilinear,
        fillValue: Float = 0,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.factor = factor
        self.scale = scale
        self.interpolation = interpolation
        self.fillValue = fillValue
        self.seed = seed
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try factor.validate(in: 0...1, as: "factor")
        try Factor(scale).validate(in: 0...1, as: "scale")
        try warp.validate()
        return picture
    }

    /// New places of the corners.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Parameters {
        let probability = factor.draw(&random, atLeast: 0)
        let isChanged = random.nextUniform() < probability
        var moves = SIMD8<Float>()
        for index in moves.indices { moves[index] = scale * (random.nextUniform() - 0.5) }
        return (isChanged, projection(moves, of: picture))
    }

    public func apply(_ parameters: Parameters, to picture: PictureContext) {
        guard parameters.isChanged else { return picture.copy() }
        warp.run(parameters.map, picture)
    }

    /// The map that brings the corners of a picture to their new places.
    ///
    /// - Parameter moves: by which share of itself each coordinate grows: x and y of the upper left corner, the upper right one, the
    ///   lower left and the lower right one.
    package func projection(_ moves: SIMD8<Float>, of picture: Shape) -> Projection {
        let right = Double(picture[1] - 1), bottom = Double(picture[0] - 1)
        // Eight equations, two for each corner: rows of eight factors and the right-hand side.
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: 72) { rows in
            rows.initialize(repeating: 0)
            for corner in 0..<4 {
                let x = corner % 2 == 1 ? right : 0, y = corner >= 2 ? bottom : 0
                let u = x + x * Double(moves[2 * corner]), v = y + y * Double(moves[2 * corner + 1])
                let first = 18 * corner, second = first + 9
                (rows[first], rows[first + 1], rows[first + 2]) = (u, v, 1)
                (rows[first + 6], rows[first + 7], rows[first + 8]) = (-x * u, -x * v, x)
                (rows[second + 3], rows[second + 4], rows[second + 5]) = (u, v, 1)
                (rows[second + 6], rows[second + 7], rows[second + 8]) = (-y * u, -y * v, y)
            }
            guard Self.solve(rows) else { return Projection() }
            func value(_ row: Int) -> Float { Float(rows[9 * row + 8]) }
            return Projection(
                a0: value(0),
                a1: value(1),
                a2: value(2),
                b0: value(3),
                b1: value(4),
                b2: value(5),
                c0: value(6),
                c1: value(7)
            )
        }
    }

    /// Solves eight equations by elimination with the largest pivot of a column; false if they do not determine all.
    private static func solve(_ rows: UnsafeMutableBufferPointer<Double>) -> Bool {
        for column in 0..<8 {
            var pivot = column
            for row in column..<8 where abs(rows[9 * row + column]) > abs(rows[9 * pivot + column]) {
                pivot = row
            }
            guard abs(rows[9 * pivot + column]) > 1e-12 else { return false }
            for place in 0..<9 where pivot != column { rows.swapAt(9 * pivot + place, 9 * column + place) }
            let divisor = rows[9 * column + column]
            for place in 0..<9 { rows[9 * column + place] /= divisor }
            for row in 0..<8 where row != column {
                let factor = rows[9 * row + column]
                guard factor != 0 else { continue }
                for place in 0..<9 { rows[9 * row + place] -= factor * rows[9 * column + place] }
            }
        }
        return true
    }

    private var warp: Warp {
        Warp(interpolation: interpolation, fillMode: .constant, fillValue: fillValue)
    }
}
