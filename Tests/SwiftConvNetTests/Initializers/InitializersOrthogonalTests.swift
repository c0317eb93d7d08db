import SwiftConvNet
import Testing

@Suite("Initializers: Orthogonal")
struct InitializersOrthogonalTests {
    private func matrix(_ shape: Shape, gain: Double = 1, seed: UInt64 = 3) throws -> (
        rows: Int, columns: Int, [Double]
    ) {
        var random = RandomStream(seed: seed, purpose: .initialization)
        let values = try Orthogonal(gain: gain).tensor(shape: shape, random: &random).elements.map(
            Double.init
        )
        let columns = shape[shape.rank - 1]
        return (values.count / columns, columns, values)
    }

    @Test(
        "the shorter side is orthonormal, times the gain",
        arguments: [
            [40, 40], [60, 17], [17, 60], [3, 3, 8, 16], [3, 3, 2, 64], [1, 5], [5, 1], [1, 1],
        ] as [Shape],
        [1, -0.5, 2.5]
    )
    func orthonormality(shape: Shape, gain: Double) throws {
        let (rows, columns, q) = try matrix(shape, gain: gain)
        let isTall = rows >= columns
        let (short, long) = isTall ? (columns, rows) : (rows, columns)
        for i in 0..<short {
            for j in 0..<short {
                let product = (0..<long).reduce(0.0) { sum, p in
                    isTall
                        ? sum + q[p * columns + i] * q[p * columns + j]
                        : sum + q[i * columns + p] * q[j * columns + p]
                }
                // Each element is rounded to Float once: by 2⁻²⁵ of itself at most, on both sides.
                #expect(abs(product - (i == j ? gain * gain : 0)) < 4 * 0x1p-24 * gain * gain)
            }
        }
    }

    @Test("it is Q of the random matrix with the signs of Keras")
    func signs() throws {
        // R = Qᵀ A must be upper triangular with a positive diagonal, A being the stream's own normal numbers.
        let (rows, columns, q) = try matrix([9, 5], seed: 11)
        var random = RandomStream(seed: 11, purpose: .initialization)
        let a = (0..<(rows * columns)).map { _ in Double(random.normal()) }
        for i in 0..<columns {
            for j in 0..<columns {
                let r = (0..<rows).reduce(0.0) { $0 + q[$1 * columns + i] * a[$1 * columns + j] }
                if i > j { #expect(abs(r) < 1e-5) }
                if i == j { #expect(r > 0.01) }
            }
        }
    }

    @Test("wide parameters are the transposes of tall ones")
    func wide() throws {
        let (_, _, tall) = try matrix([9, 5])
        let (_, _, wide) = try matrix([5, 9])
        for i in 0..<9 { for j in 0..<5 { #expect(tall[i * 5 + j] == wide[j * 9 + i]) } }
    }

    @Test("both signs occur on the diagonal of square ones")
    func distribution() throws {
        // Without the sign fix LAPACK's Q has a first element of one sign only.
        let negative = try (0..<200).count { try matrix([3, 3], seed: UInt64($0)).2[0] < 0 }
        #expect(abs(negative - 100) < 5 * 7)
    }

    @Test("a vector or a number is no matrix", arguments: [[], [7]] as [Shape])
    func ranks(shape: Shape) {
        var random = RandomStream(seed: 1, purpose: .initialization)
        let error = #expect(throws: ConvNetError.self) {
            try Orthogonal().tensor(shape: shape, random: &random)
        }
        #expect(error?.kind == .shape)
    }
}
