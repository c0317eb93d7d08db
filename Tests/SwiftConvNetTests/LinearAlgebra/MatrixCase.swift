import SwiftConvNet
import Testing

/// One call of `GEMMPath.multiply`, with random matrices, and its independent answer in `Double`.
///
/// The matrices lie in larger ones: the elements of a row are followed by others, up to the leading
/// dimension, that hold NaN in A and B, so that reading one shows, and a mark in C, so that writing one shows.
struct MatrixCase: CustomStringConvertible {
    var m: Int, n: Int, k: Int
    var transposeA = false, transposeB = false
    var paddingA = 0, paddingB = 0, paddingC = 0
    var alpha: Float = 1, beta: Float = 0

    static let mark: Float = 12345.5

    var description: String {
        "\(m)x\(n)x\(k)\(transposeA ? " Aᵀ" : "")\(transposeB ? " Bᵀ" : "") padding \(paddingA),\(paddingB),\(paddingC)"
            + " alpha \(alpha) beta \(beta)"
    }

    /// Runs the path, lets `tamper` change the result, and returns the largest error as a multiple of what rounding may cause, and whether the elements
    /// beyond the rows of C are untouched.
    ///
    /// A sum of k products, in any order and with or without fused multiply-add, is wrong by at most
    /// about k · u · Σ|a||b|, u = 2⁻²⁴ (Higham, Accuracy and Stability of Numerical Algorithms, 3.1). alpha and
    /// beta add a handful of roundings, their sizes are those of the terms: (k + 4) · u · (|alpha| Σ|a||b| + |beta c|).
    func run(
        _ path: GEMMPath,
        seed: UInt64 = 1,
        cIsNaN: Bool = false,
        tamper: (inout [Float]) -> Void = { _ in }
    ) -> (error: Double, paddingIsUntouched: Bool) {
        var random = RandomStream(seed: seed, purpose: .user)
        let lda = (transposeA ? m : k) + paddingA, ldb = (transposeB ? k : n) + paddingB, ldc = n + paddingC
        let a = matrix(transposeA ? k : m, transposeA ? m : k, leading: lda, beyond: .nan, &random)
        let b = matrix(transposeB ? n : k, transposeB ? k : n, leading: ldb, beyond: .nan, &random)
        var c = matrix(m, n, leading: ldc, beyond: Self.mark, &random)
        if cIsNaN { for i in 0..<m { for j in 0..<n { c[i * ldc + j] = .nan } } }
        let before = c
        c.withUnsafeMutableBufferPointer { c in
            guard let base = c.baseAddress else { return }
            path.multiply(
                m: m,
                n: n,
                k: k,
                a: a,
                lda: lda,
                transposeA: transposeA,
                b: b,
                ldb: ldb,
                transposeB: transposeB,
                c: base,
                ldc: ldc,
                alpha: alpha,
                beta: beta
            )
        }
        tamper(&c)
        var worst = 0.0
        for i in 0..<m {
            for j in 0..<n {
                var sum = 0.0, magnitude = 0.0
                for p in 0..<k {
                    let product =
                        Double(transposeA ? a[p * lda + i] : a[i * lda + p])
                        * Double(transposeB ? b[j * ldb + p] : b[p * ldb + j])
                    sum += product
                    magnitude += abs(product)
                }
                sum *= Double(alpha)
                magnitude *= abs(Double(alpha))
                if beta != 0 {
                    sum += Double(beta) * Double(before[i * ldc + j])
                    magnitude += abs(Double(beta) * Double(before[i * ldc + j]))
                }
                let allowed = Double(k + 4) * 0x1p-24 * magnitude
                let error = abs(Double(c[i * ldc + j]) - sum)
                // NaN is an error without limit.
                worst = error <= allowed ? max(worst, allowed == 0 ? 0 : error / allowed) : .infinity
            }
        }
        let untouched = (0..<m).allSatisfy { i in (n..<ldc).allSatisfy { c[i * ldc + $0] == Self.mark } }
        return (worst, untouched)
    }

    private func matrix(
        _ rows: Int,
        _ columns: Int,
        leading: Int,
        beyond: Float,
        _ random: inout RandomStream
    ) -> [Float] {
        // At least one element, for an empty array has no address.
        var elements = [Float](repeating: beyond, count: max(1, rows * leading))
        for i in 0..<rows { for j in 0..<columns { elements[i * leading + j] = random.normal() } }
        return elements
    }
}
