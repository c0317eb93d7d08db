import SwiftConvNet
import Testing

@Suite("LinearAlgebra: QR factorisation")
struct LinearAlgebraQRTests {
    @Test(
        "Q is orthonormal and Q · R is the matrix",
        arguments: [[6, 6], [50, 7], [9, 1], [1, 1], [4, 0]]
    )
    func factors(sizes: [Int]) throws {
        let (rows, columns) = (sizes[0], sizes[1])
        var random = RandomStream(seed: 2, purpose: .user)
        let a = (0..<(rows * columns)).map { _ in Double(random.normal()) }
        let factors = try QRFactorization(a, rows: rows, columns: columns)
        let q = factors.q
        #expect(q.count == a.count && factors.diagonalOfR.count == columns)
        func dot(_ x: [Double], _ i: Int, _ y: [Double], _ j: Int) -> Double {
            (0..<rows).reduce(0) { $0 + x[$1 * columns + i] * y[$1 * columns + j] }
        }
        // 1e-13: some hundreds of roundings of 1.1e-16.
        for i in 0..<columns {
            for j in 0..<columns {
                #expect(abs(dot(q, i, q, j) - (i == j ? 1 : 0)) < 1e-13)
                let r = dot(q, i, a, j)
                if i > j { #expect(abs(r) < 1e-13) }
                if i == j { #expect(abs(r - factors.diagonalOfR[i]) < 1e-13) }
            }
            let sign = dot(factors.signFixedQ, i, q, i)
            #expect(abs(sign - (factors.diagonalOfR[i] < 0 ? -1 : 1)) < 1e-13)
        }
    }

    @Test("what has no factorisation throws")
    func errors() {
        let cases: [([Double], Int, Int, ConvNetError.Kind)] = [
            ([1, 2], 1, 2, .argument), ([1, 2, 3], 2, 2, .argument), ([], -1, -1, .argument),
            ([1, .nan, 3, 4], 2, 2, .numeric),
        ]
        for (matrix, rows, columns, kind) in cases {
            let error = #expect(throws: ConvNetError.self) {
                try QRFactorization(matrix, rows: rows, columns: columns)
            }
            #expect(error?.kind == kind)
        }
    }
}
