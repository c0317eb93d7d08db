/// The penalty for rows, or columns, of a matrix that are not at right angles: `factor` times the mean of `|cos|` of the angles
/// between all pairs.
public struct OrthogonalRegularizer: Regularizer, Hashable {
    /// Which vectors are to be at right angles.
    public enum Mode: String, Sendable, Hashable, Codable {
        /// The rows of the matrix.
        case rows
        /// The columns of the matrix.
        case columns
    }

    public static let kind = "OrthogonalRegularizer"
    /// The factor of the mean, at least 0.
    public let factor: Float
    /// Which vectors are to be at right angles.
    public let mode: Mode

    /// The penalty; defaults are Keras'.
    public init(factor: Float = 0.01, mode: Mode = .rows) {
        self.factor = factor
        self.mode = mode
    }

    /// - Throws: `ConvNetError` of kind `argument` for a negative factor, of kind `shape` for what is no matrix, or has one vector.
    public func validate(for shape: Shape) throws {
        try require(factor, "factor")
        guard shape.rank == 2, shape[mode == .rows ? 0 : 1] >= 2 else {
            throw ConvNetError(
                .shape,
                "The penalty is one for matrices",
                at: Self.kind,
                expected: "two axes, and at least 2 \(mode.rawValue)",
                received: "\(shape)"
            )
        }
    }

    public func penalty(
        _ values: UnsafeBufferPointer<Float>,
        shape: Shape,
        gradient: PenaltyGradient?
    ) -> Double {
        let vectors = Vectors(values, rows: shape[0], columns: shape[1], mode)
        let pairs = Double(vectors.count) * Double(vectors.count - 1) / 2
        var sum = 0.0
        for first in 0..<vectors.count {
            for second in 0..<first {
                let cosine = vectors.cosine(first, second)
                sum += abs(cosine)
                guard let gradient, cosine != 0 else { continue }
                let factor = Double(factor) / pairs * (cosine < 0 ? -1 : 1)
                vectors.addGradient(of: cosine, first, second, times: factor, to: gradient)
                vectors.addGradient(of: cosine, second, first, times: factor, to: gradient)
            }
        }
        return Double(factor) * sum / pairs
    }
}

extension Regularizer where Self == OrthogonalRegularizer {
    /// The penalty for vectors that are not at right angles: `OrthogonalRegularizer`.
    public static func orthogonal(factor: Float = 0.01, mode: OrthogonalRegularizer.Mode = .rows) -> Self {
        OrthogonalRegularizer(factor: factor, mode: mode)
    }
}

/// The rows or the columns of a matrix.
private struct Vectors {
    let values: UnsafeBufferPointer<Float>
    /// The number of vectors and of their elements, and the steps from one to the next in memory.
    let count: Int, size: Int, stride: Int, step: Int

    init(
        _ values: UnsafeBufferPointer<Float>,
        rows: Int,
        columns: Int,
        _ mode: OrthogonalRegularizer.Mode
    ) {
        self.values = values
        (count, size, stride, step) =
            mode == .rows ? (rows, columns, columns, 1) : (columns, rows, 1, columns)
    }

    private func element(_ vector: Int, _ index: Int) -> Double {
        Double(values[vector * stride + index * step])
    }

    private func product(_ first: Int, _ second: Int) -> Double {
        var sum = 0.0
        for index in 0..<size { sum += element(first, index) * element(second, index) }
        return sum
    }

    /// What a vector is divided by: its norm, limited as Keras' `normalize` limits it.
    private func norm(_ vector: Int) -> Double { max(product(vector, vector), 1e-12).squareRoot() }

    func cosine(_ first: Int, _ second: Int) -> Double {
        product(first, second) / (norm(first) * norm(second))
    }

    /// Adds the derivative of the cosine of two vectors by the elements of the first.
    func addGradient(
        of cosine: Double,
        _ first: Int,
        _ second: Int,
        times factor: Double,
        to gradient: PenaltyGradient
    ) {
        let own = norm(first), other = norm(second)
        for index in 0..<size {
            let derivative =
                element(second, index) / (own * other) - cosine * element(first, index) / (own * own)
            gradient.add(Float(factor * derivative), at: first * stride + index * step)
        }
    }
}
