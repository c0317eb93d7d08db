import Foundation
import SwiftConvNet
import Testing

@Suite("Random: streams and distributions")
struct RandomStreamTests {
    private func values(_ count: Int, seed: UInt64 = 1, _ draw: (inout RandomStream) -> Float) -> [Double] {
        var random = RandomStream(seed: seed, purpose: .user)
        return (0..<count).map { _ in Double(draw(&random)) }
    }

    private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return (mean, variance.squareRoot())
    }

    @Test("the raw values that stand in checkpoints are what they were")
    func rawValues() {
        #expect(RandomPurpose.allCases.map(\.rawValue) == [1, 2, 3, 4, 255])
    }

    @Test("the first numbers of a stream are what they were")
    func firstNumbers() {
        // The documented layout, word by word: a change breaks the resumption of older checkpoints.
        var random = RandomStream(seed: 42, purpose: .initialization, 1, 2, 3)
        let block = Philox.block(counter: [0, 1, 2, 0x0100_0003], key: [42, 0])
        #expect(random.next() == UInt64(block.y) << 32 | UInt64(block.x))
        #expect(random.nextUniform() == Float(block.z >> 8) / 16_777_216)
        #expect(random.nextWord() == block.w)
        #expect(random.nextWord() == Philox.block(counter: [1, 1, 2, 0x0100_0003], key: [42, 0]).x)
    }

    @Test("what one stream gives does not depend on the others, nor on their order")
    func independence() {
        func first(_ count: Int, of stream: RandomStream) -> [UInt64] {
            var stream = stream
            return (0..<count).map { _ in stream.next() }
        }
        var streams: [RandomStream] = []
        for purpose in RandomPurpose.allCases {
            for (a, b, c) in [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)] as [(UInt32, UInt32, UInt32)] {
                for seed in [0, 1, 1 << 32] as [UInt64] {
                    streams.append(RandomStream(seed: seed, purpose: purpose, a, b, c))
                }
            }
        }
        let alone = streams.map { first(10, of: $0) }
        #expect(Set(alone).count == streams.count)
        // All streams by turns, the last one first.
        var turns = streams
        var results = streams.map { _ in [UInt64]() }
        for _ in 0..<10 {
            for place in turns.indices.reversed() { results[place].append(turns[place].next()) }
        }
        #expect(results == alone)
    }

    /// Means of n values of deviation s stray by s/√n, deviations by about s/√(2n) (less for the uniform one); the
    /// bounds are five times that. The seeds are fixed, so that a pass is a pass for ever.
    @Test("uniform numbers have the mean, the deviation and the even spread of their distribution")
    func uniform() {
        let sample = values(200_000) { $0.nextUniform() }
        let (mean, deviation) = moments(sample)
        let expected = (1.0 / 12).squareRoot()
        #expect(abs(mean - 0.5) < 5 * expected / 200_000.0.squareRoot())
        #expect(abs(deviation - expected) < 5 * expected / 400_000.0.squareRoot())
        #expect(sample.allSatisfy { $0 >= 0 && $0 < 1 && ($0 * 0x1p24).rounded() == $0 * 0x1p24 })
        // Chi-square over 100 boxes: mean 99, deviation √198 = 14.1.
        var boxes = [Double](repeating: 0, count: 100)
        for value in sample { boxes[Int(value * 100)] += 1 }
        let chiSquare = boxes.reduce(0) { $0 + ($1 - 2000) * ($1 - 2000) / 2000 }
        #expect(abs(chiSquare - 99) < 5 * 14.1)
    }

    @Test("uniform numbers stay in their range, even if rounding would leave it")
    func uniformRange() {
        let sample = values(100_000) { $0.uniform(in: -3..<5) }
        let (mean, deviation) = moments(sample)
        let expected = 8 / 12.0.squareRoot()
        #expect(sample.allSatisfy { $0 >= -3 && $0 < 5 })
        #expect(abs(mean - 1) < 5 * expected / 100_000.0.squareRoot())
        #expect(abs(deviation - expected) < 5 * expected / 200_000.0.squareRoot())
        // 1 and the next number above it: three of four values round up to the bound.
        let narrow = Float(1)..<Float(1).nextUp
        #expect(values(1000) { $0.uniform(in: narrow) }.allSatisfy { $0 == 1 })
        #expect(values(10) { $0.uniform(in: 2..<2) } == [Double](repeating: 2, count: 10))
        let limit = Float.greatestFiniteMagnitude
        let far = values(1000) { $0.uniform(in: -limit..<limit) }
        #expect(far.allSatisfy { abs($0) <= Double(limit) })
    }

    @Test("normal numbers have the moments and the tails of their distribution")
    func normal() {
        let sample = values(200_000) { $0.normal(mean: 2, standardDeviation: 3) }
        let (mean, deviation) = moments(sample)
        #expect(abs(mean - 2) < 5 * 3 / 200_000.0.squareRoot())
        #expect(abs(deviation - 3) < 5 * 3 / 400_000.0.squareRoot())
        // The shares of values within one, two and three deviations: by the error function.
        for width in [1.0, 2, 3] {
            let share = Double(sample.count { abs($0 - 2) < 3 * width }) / 200_000
            let expected = erf(width / 2.0.squareRoot())
            #expect(abs(share - expected) < 5 * (expected * (1 - expected) / 200_000).squareRoot())
        }
        // Neighbours are not correlated (deviation of the sum: 9/√n).
        let products = zip(sample, sample.dropFirst()).map { ($0 - 2) * ($1 - 2) }
        let covariance = products.reduce(0, +) / 200_000
        #expect(abs(covariance) < 5 * 9 / 200_000.0.squareRoot())
    }

    @Test("truncated normal numbers lie within two deviations, and have the deviation that Keras counts on")
    func truncatedNormal() {
        let sample = values(200_000) { $0.truncatedNormal(mean: -1, standardDeviation: 0.5) }
        let (mean, deviation) = moments(sample)
        let expected = 0.5 * 0.87962566103423978
        #expect(sample.allSatisfy { abs($0 + 1) <= 1 })
        #expect(abs(mean + 1) < 5 * expected / 200_000.0.squareRoot())
        #expect(abs(deviation - expected) < 5 * expected / 400_000.0.squareRoot())
        // Drawn again, not moved to the limit.
        #expect(sample.count { abs($0 + 1) > 0.999 } < 400)
    }

    @Test("integers below a bound are even")
    func integers() {
        var random = RandomStream(seed: 3, purpose: .user)
        for bound in [1, 2, 3, 7, 100] {
            var boxes = [Double](repeating: 0, count: bound)
            let expected = 50_000.0 / Double(bound)
            for _ in 0..<50_000 { boxes[random.integer(below: bound)] += 1 }
            let chiSquare = boxes.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
            let freedom = Double(bound - 1)
            #expect(abs(chiSquare - freedom) <= 5 * (2 * freedom).squareRoot())
        }
        // A bound for which a third of all 64-bit numbers must be drawn again.
        let bound = Int.max / 2 + Int.max / 4
        let upper = (0..<3000).count { _ in random.integer(below: bound) >= bound / 2 }
        #expect(abs(upper - 1500) < 5 * 28)
    }

    @Test("a permutation holds every number once", arguments: [0, 1, 2, 10, 60_000])
    func permutation(count: Int) {
        var random = RandomStream(seed: 9, purpose: .shuffle, 4)
        let order = random.permutation(of: count)
        #expect(order.sorted() == Array(0..<count))
        if count > 9 { #expect(order != Array(0..<count)) }
        var again = RandomStream(seed: 9, purpose: .shuffle, 4)
        #expect(again.permutation(of: count) == order)
        var other = RandomStream(seed: 9, purpose: .shuffle, 5)
        if count > 9 { #expect(other.permutation(of: count) != order) }
    }

    @Test("every order of four is equally likely")
    func permutationIsUnbiased() {
        var counts: [[Int]: Double] = [:]
        for epoch in 0..<24_000 {
            var random = RandomStream(seed: 1, purpose: .shuffle, UInt32(epoch))
            counts[random.permutation(of: 4), default: 0] += 1
        }
        #expect(counts.count == 24)
        // 23 degrees of freedom: mean 23, deviation √46 = 6.8.
        let chiSquare = counts.values.reduce(0) { $0 + ($1 - 1000) * ($1 - 1000) / 1000 }
        #expect(abs(chiSquare - 23) < 5 * 6.8)
    }

    @Test("works with the standard library's functions")
    func standardLibrary() {
        var random = RandomStream(seed: 1, purpose: .user)
        #expect((0..<100).contains(Int.random(in: 0..<100, using: &random)))
    }
}
