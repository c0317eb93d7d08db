import SwiftConvNet
import Testing

@Suite("LinearAlgebra: GEMM paths")
struct LinearAlgebraGEMMTests {
    private func check(_ matrices: MatrixCase, _ path: GEMMPath, seed: UInt64 = 1, cIsNaN: Bool = false) {
        let (error, paddingIsUntouched) = matrices.run(path, seed: seed, cIsNaN: cIsNaN)
        #expect(error <= 1, "\(path): \(matrices) is wrong by more than rounding")
        #expect(paddingIsUntouched, "\(path): \(matrices) wrote beyond the rows of C")
    }

    @Test("300 random calls agree with Double", arguments: GEMMPath.allCases)
    func randomCalls(path: GEMMPath) {
        var random = RandomStream(seed: 20, purpose: .user)
        let factors: [Float] = [0, 1, -1, 0.5, -2.25]
        for number in 0..<300 {
            let matrices = MatrixCase(
                m: random.integer(below: 70),
                n: random.integer(below: 70),
                k: random.integer(below: 70),
                transposeA: random.integer(below: 2) == 1,
                transposeB: random.integer(below: 2) == 1,
                paddingA: random.integer(below: 5),
                paddingB: random.integer(below: 5),
                paddingC: random.integer(below: 5),
                alpha: factors[random.integer(below: factors.count)],
                beta: factors[random.integer(below: factors.count)]
            )
            check(matrices, path, seed: UInt64(number))
        }
    }

    /// Every path's tiles: 6 × 8 registers; 96, 384, 256 and 256, 64, 64 elements; OpenBLAS' are its own.
    @Test(
        "sizes at and beyond the limits of the tiles agree with Double, in every transposition",
        arguments: GEMMPath.allCases,
        [
            [1, 1, 1], [1, 97, 513], [389, 1, 67], [127, 131, 1], [6, 8, 256], [7, 9, 257], [5, 7, 255],
            [96, 384, 64], [97, 385, 65], [257, 193, 63], [101, 397, 263], [12, 16, 600],
        ]
    )
    func tileLimits(path: GEMMPath, sizes: [Int]) {
        for transposes in 0..<4 {
            for (alpha, beta) in [(1, 0), (-0.75, 1.5)] as [(Float, Float)] {
                let matrices = MatrixCase(
                    m: sizes[0],
                    n: sizes[1],
                    k: sizes[2],
                    transposeA: transposes & 1 != 0,
                    transposeB: transposes & 2 != 0,
                    paddingA: 3,
                    paddingB: 1,
                    paddingC: 2,
                    alpha: alpha,
                    beta: beta
                )
                check(matrices, path)
            }
        }
    }

    @Test("all combinations of alpha and beta agree with Double", arguments: GEMMPath.allCases)
    func factors(path: GEMMPath) {
        for alpha in [0, 1, -1, 0.3] as [Float] {
            for beta in [0, 1, -1, 0.7] as [Float] {
                check(MatrixCase(m: 13, n: 17, k: 300, alpha: alpha, beta: beta), path)
            }
        }
    }

    @Test("beta 0 overwrites NaN", arguments: GEMMPath.allCases)
    func overwritesNaN(path: GEMMPath) {
        for k in [0, 1, 9, 300] {
            for alpha in [0, 1, 2] as [Float] {
                check(MatrixCase(m: 19, n: 21, k: k, paddingC: 3, alpha: alpha), path, cIsNaN: true)
            }
        }
    }

    @Test("without rows, columns or terms nothing is read that is not there", arguments: GEMMPath.allCases)
    func emptySizes(path: GEMMPath) {
        for sizes in [[0, 5, 7], [5, 0, 7], [0, 0, 0], [5, 7, 0]] {
            for beta in [0, 0.5] as [Float] {
                check(MatrixCase(m: sizes[0], n: sizes[1], k: sizes[2], alpha: 2, beta: beta), path)
            }
        }
    }

    @Test("NaN and infinity of the factors reach the product, and only its row and column")
    func specialValues() {
        for path in GEMMPath.allCases {
            var a = [Float](repeating: 1, count: 20 * 30)
            let b = [Float](repeating: 1, count: 30 * 40)
            a[3 * 30 + 29] = .nan
            a[11 * 30] = .infinity
            var c = [Float](repeating: 0, count: 20 * 40)
            path.multiply(m: 20, n: 40, k: 30, a: a, lda: 30, b: b, ldb: 40, c: &c, ldc: 40)
            for i in 0..<20 {
                for value in c[(i * 40)..<(i * 40 + 40)] {
                    switch i {
                    case 3: #expect(value.isNaN, "\(path)")
                    case 11: #expect(value == .infinity, "\(path)")
                    default: #expect(value == 30, "\(path)")
                    }
                }
            }
        }
    }

    @Test("calls from several threads at once give the bits of one alone", arguments: GEMMPath.allCases)
    func concurrentCalls(path: GEMMPath) async {
        guard path != .openBLAS || OpenBLAS.supportsConcurrentCalls else { return }
        OpenBLAS.useOneThread()
        @Sendable func product(_ seed: UInt64) -> [Float] {
            var random = RandomStream(seed: seed, purpose: .user)
            let a = (0..<(61 * 77)).map { _ in random.normal() }
            let b = (0..<(77 * 53)).map { _ in random.normal() }
            var c = [Float](repeating: 0, count: 61 * 53)
            path.multiply(m: 61, n: 53, k: 77, a: a, lda: 77, b: b, ldb: 53, c: &c, ldc: 53)
            return c
        }
        let expected = (0..<8).map { product(UInt64($0)) }
        await withTaskGroup(of: (Int, [Float]).self) { group in
            for call in 0..<64 { group.addTask { (call % 8, product(UInt64(call % 8))) } }
            for await (seed, result) in group { #expect(result == expected[seed]) }
        }
    }

    @Test("the checker notices an error of one part in a hundred thousand, and a value beyond a row")
    func checkerCanFail() {
        let matrices = MatrixCase(m: 30, n: 30, k: 10, paddingC: 1)
        let right = matrices.run(.naive)
        #expect(right.error <= 1 && right.paddingIsUntouched)
        let scaled = matrices.run(.naive) { c in for i in c.indices { c[i] *= 1.00001 } }
        #expect(scaled.error > 1 && !scaled.paddingIsUntouched)
        #expect(matrices.run(.naive) { $0[17] = .nan }.error > 1)
        #expect(!matrices.run(.naive) { $0[30] = 0 }.paddingIsUntouched)
    }
}
