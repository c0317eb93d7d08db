/// A random matrix with orthonormal columns (or rows, if there are fewer rows than columns), times a gain. Keras'
/// `Orthogonal`.
///
/// The parameter is seen as a matrix: all axes but the last are its rows, the last its columns. A matrix of normal
/// random numbers, the longer side first, is factorised by LAPACK in double precision as Q · R; the columns of Q
/// take the signs that make the diagonal of R positive; Q is transposed if the parameter is wider than tall.
///
/// Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of learning in deep linear neural
/// networks (2014). The values depend on OpenBLAS' kernels in their last bits.
public struct Orthogonal: Initializer, Hashable {
    /// `Orthogonal`.
    public static let kind = "Orthogonal"

    /// The factor of the orthonormal matrix: finite.
    public var gain: Double

    /// Makes the rule.
    ///
    /// - Parameter gain: The factor of the orthonormal matrix. Default 1, as in Keras.
    public init(gain: Double = 1) { self.gain = gain }

    /// Writes a random orthonormal matrix.
    ///
    /// - Throws: `ConvNetError` of kind `shape` for fewer than two axes or if there are not as many values as
    ///   elements, of kind `argument` if `gain` is not finite or the matrix is larger than LAPACK takes, of kind
    ///   `environment` if LAPACK lacks memory.
    public func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws {
        guard shape.rank >= 2 else {
            throw ConvNetError(
                .shape,
                "Orthogonal initial values need a matrix",
                at: Self.kind,
                expected: "a shape of at least two axes",
                received: "\(shape)"
            )
        }
        try requireRoom(in: values, for: shape)
        try require("gain", gain, expected: "a finite number")
        guard !values.isEmpty else { return }
        let columns = shape[shape.rank - 1]
        let rows = values.count / columns
        let (long, short) = (max(rows, columns), min(rows, columns))
        let matrix = (0..<values.count).map { _ in random.standardNormal() }
        let q = try QRFactorization(matrix, rows: long, columns: short).signFixedQ
        for row in 0..<rows {
            for column in 0..<columns {
                let element = rows >= columns ? q[row * short + column] : q[column * short + row]
                values[row * columns + column] = Float(gain * element)
            }
        }
    }
}

extension Initializer where Self == Orthogonal {
    /// A random orthonormal matrix times `gain`; Keras' default is 1.
    public static func orthogonal(gain: Double = 1) -> Orthogonal { Orthogonal(gain: gain) }
}
