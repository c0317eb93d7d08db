import SwiftConvNet
import Testing

/// Means and variances over many draws of a fixed seed; the bounds are five standard deviations of what is measured.
@Suite("Random numbers: gamma and beta distributions")
struct RandomGammaTests {
    private func moments(_ values: [Double]) -> (mean: Double, variance: Double, fourth: Double) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let fourth = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) * ($1 - mean) } / count
        return (mean, variance, fourth)
    }

    private func expect(_ values: [Double], mean: Double, variance: Double) {
        let count = Double(values.count), found = moments(values)
        #expect(abs(found.mean - mean) < 5 * (variance / count).squareRoot())
        #expect(abs(found.variance - variance) < 5 * (found.fourth / count).squareRoot())
    }

    @Test(arguments: [0.1, 0.5, 1, 2.5, 20] as [Float])
    func gamma(_ shape: Float) {
        var random = RandomStream(seed: 1, purpose: .user)
        let values = (0..<40_000).map { _ in Double(random.gamma(shape: shape)) }
        #expect(values.allSatisfy { $0 >= 0 && $0.isFinite })
        expect(values, mean: Double(shape), variance: Double(shape))
    }

    @Test(arguments: [(0.2, 0.2), (1, 1), (0.5, 2), (4, 3), (30, 0.3)] as [(Float, Float)])
    func beta(_ alpha: Float, _ beta: Float) {
        var random = RandomStream(seed: 2, purpose: .user)
        let values = (0..<40_000).map { _ in Double(random.beta(alpha, beta)) }
        let a = Double(alpha), b = Double(beta), sum = a + b
        #expect(values.allSatisfy { (0...1).contains($0) })
        expect(values, mean: a / sum, variance: a * b / (sum * sum * (sum + 1)))
    }

    @Test("With parameters near 0 there is a 0 or a 1, each as often")
    func tinyParameters() {
        var random = RandomStream(seed: 3, purpose: .user)
        let values = (0..<4000).map { _ in random.beta(1e-6, 1e-6) }
        #expect(values.allSatisfy { $0 < 1e-3 || $0 > 0.999 })
        #expect(
            abs(Double(values.count { $0 > 0.5 }) / 4000 - 0.5) < 5 * (0.25 / 4000 as Double).squareRoot()
        )
    }
}
