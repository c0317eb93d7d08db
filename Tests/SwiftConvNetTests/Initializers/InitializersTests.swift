import Foundation
import SwiftConvNet
import Testing

@Suite("Initializers: constants, random values, files, errors")
struct InitializersTests {
    private func values(_ initializer: any Initializer, _ shape: Shape, seed: UInt64 = 7) throws -> [Double] {
        var random = RandomStream(seed: seed, purpose: .initialization)
        return try initializer.tensor(shape: shape, random: &random).elements.map(Double.init)
    }

    private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return (mean, variance.squareRoot())
    }

    static let shapes: [Shape] = [[3, 3, 32, 64], [1600, 128], [7], []]

    /// One of each, none with its defaults.
    static let oneOfEach: [any Initializer] = [
        .zeros, .ones, .constant(0.1),
        .varianceScaling(scale: 0.3, mode: .fanOut, distribution: .untruncatedNormal),
        .randomNormal(mean: 0.1, standardDeviation: 0.7), .randomUniform(minimum: -0.1, maximum: 0.3),
        .truncatedNormal(mean: -0.2, standardDeviation: 0.9), .orthogonal(gain: 1.4), .identity(),
    ]

    @Test("constants are constant", arguments: shapes)
    func constants(shape: Shape) throws {
        let count = shape.elementCount
        #expect(try values(.zeros, shape) == [Double](repeating: 0, count: count))
        #expect(try values(.ones, shape) == [Double](repeating: 1, count: count))
        #expect(try values(.constant(0.1), shape) == [Double](repeating: Double(Float(0.1)), count: count))
        #expect(try values(Constant(), shape) == [Double](repeating: 0, count: count))
    }

    /// The fans of the four shapes, counted by hand: [3, 3, 32, 64] has windows of 9.
    static let shapesWithFans: [(shape: Shape, input: Double, output: Double)] = [
        ([3, 3, 32, 64], 288, 576), ([1600, 128], 1600, 128), ([7], 7, 7), ([], 1, 1), ([5, 4, 3], 20, 15),
        ([2, 3, 4, 5, 6], 120, 144),
    ]

    @Test("fans are Keras'", arguments: shapesWithFans)
    func fans(shape: Shape, input: Double, output: Double) {
        #expect(Fans(shape).input == Int(input))
        #expect(Fans(shape).output == Int(output))
    }

    @Test("presets have the limits and deviations of their formulas", arguments: shapesWithFans)
    func presets(shape: Shape, input: Double, output: Double) throws {
        let uniform: [(VarianceScaling, Double)] = [
            (.glorotUniform, (6 / (input + output)).squareRoot()),
            (.heUniform, (6 / input).squareRoot()),
            (.lecunUniform, (3 / input).squareRoot()),
            (VarianceScaling(scale: 5, mode: .fanOut, distribution: .uniform), (15 / output).squareRoot()),
        ]
        for (initializer, limit) in uniform {
            let sample = try values(initializer, shape)
            #expect(sample.allSatisfy { abs($0) <= Double(Float(limit)) })
            guard sample.count > 1000 else { continue }
            let (mean, deviation) = moments(sample)
            let expected = limit / 3.0.squareRoot()
            let n = Double(sample.count)
            #expect(abs(mean) < 5 * expected / n.squareRoot())
            #expect(abs(deviation - expected) < 5 * expected / (2 * n).squareRoot())
            // The limits are reached, as closely as so many values come: within 20/n of the width.
            let extremes = (sample.min() ?? 0, sample.max() ?? 0)
            #expect(extremes.0 < -limit * (1 - 40 / n) && extremes.1 > limit * (1 - 40 / n))
        }
        let normal: [(VarianceScaling, Double)] = [
            (.glorotNormal, (2 / (input + output)).squareRoot()),
            (.heNormal, (2 / input).squareRoot()),
            (.lecunNormal, (1 / input).squareRoot()),
            (VarianceScaling(), (1 / input).squareRoot()),
        ]
        for (initializer, expected) in normal {
            let sample = try values(initializer, shape)
            let limit = 2 * expected / 0.87962566103423978
            #expect(sample.allSatisfy { abs($0) <= Double(Float(limit)) })
            guard sample.count > 1000 else { continue }
            let (mean, deviation) = moments(sample)
            let n = Double(sample.count)
            #expect(abs(mean) < 5 * expected / n.squareRoot())
            #expect(abs(deviation - expected) < 5 * expected / (2 * n).squareRoot())
            #expect((sample.map(abs).max() ?? 0) > 0.97 * limit)
        }
    }

    @Test("normal, truncated and uniform values have the moments of their properties")
    func plainDistributions() throws {
        let shape: Shape = [200, 500]
        let n = 100_000.0
        let cases: [(any Initializer, mean: Double, deviation: Double, limits: ClosedRange<Double>)] = [
            (.randomNormal(), 0, 0.05, -1...1),
            (.randomNormal(mean: 3, standardDeviation: 0.5), 3, 0.5, -1...7),
            (.randomUniform(), 0, 0.1 / 12.0.squareRoot(), -0.05000001...0.05000001),
            (.randomUniform(minimum: 1, maximum: 4), 2.5, 3 / 12.0.squareRoot(), 1...4),
            (.truncatedNormal(), 0, 0.05 * 0.87962566103423978, -0.1000001...0.1000001),
            (.truncatedNormal(mean: -1, standardDeviation: 2), -1, 2 * 0.87962566103423978, -5...3),
            (
                .varianceScaling(scale: 2, mode: .fanOut, distribution: .untruncatedNormal),
                0, (2.0 / 500).squareRoot(), -1...1
            ),
        ]
        for (initializer, expectedMean, expectedDeviation, limits) in cases {
            let sample = try values(initializer, shape)
            let (mean, deviation) = moments(sample)
            #expect(abs(mean - expectedMean) < 5 * expectedDeviation / n.squareRoot(), "\(initializer)")
            #expect(
                abs(deviation - expectedDeviation) < 5 * expectedDeviation / (2 * n).squareRoot(),
                "\(initializer)"
            )
            #expect(sample.allSatisfy { limits.contains($0) }, "\(initializer)")
        }
        // The truncated shapes stop at two deviations, the untruncated one does not.
        let untruncated = try values(.randomNormal(), shape)
        #expect(untruncated.contains { abs($0) > 0.15 })
    }

    @Test("the same seed gives the same values, another seed others", arguments: oneOfEach)
    func seeds(initializer: any Initializer) throws {
        let shape: Shape = [4, 6]
        #expect(try values(initializer, shape, seed: 1) == values(initializer, shape, seed: 1))
        let isRandom =
            !(initializer is Zeros || initializer is Ones || initializer is Constant)
            && !(initializer is IdentityInitializer)
        #expect(try (values(initializer, shape, seed: 1) != values(initializer, shape, seed: 2)) == isRandom)
    }

    @Test("a round trip through JSON changes nothing", arguments: oneOfEach)
    func roundTrip(initializer: any Initializer) throws {
        func decoded<Rule: Initializer>(_ initializer: Rule) throws -> any Initializer {
            try JSONDecoder().decode(Rule.self, from: JSONEncoder().encode(initializer))
        }
        let again = try decoded(initializer)
        #expect(type(of: again) == type(of: initializer))
        #expect("\(again)" == "\(initializer)")
        #expect(try values(again, [4, 6]) == values(initializer, [4, 6]))
    }

    @Test("the encoded form has Keras' configuration keys")
    func encodedForm() throws {
        func json(_ initializer: some Initializer) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(initializer), as: UTF8.self)
        }
        #expect(try json(.zeros) == "{}")
        #expect(try json(.constant(0.1)) == #"{"value":0.1}"#)
        #expect(
            try json(.glorotUniform) == #"{"distribution":"uniform","mode":"fan_avg","scale":1}"#
        )
        #expect(
            try json(.heNormal) == #"{"distribution":"truncated_normal","mode":"fan_in","scale":2}"#
        )
        #expect(try json(.randomNormal()) == #"{"mean":0,"stddev":0.05}"#)
        #expect(try json(.truncatedNormal()) == #"{"mean":0,"stddev":0.05}"#)
        #expect(try json(.randomUniform()) == #"{"maxval":0.05,"minval":-0.05}"#)
        #expect(try json(.orthogonal()) == #"{"gain":1}"#)
    }

    @Test("kinds are Keras' class names, each once")
    func kinds() {
        #expect(
            BuiltInInitializers.types.map { $0.kind } == [
                "Zeros", "Ones", "Constant", "VarianceScaling", "RandomNormal", "RandomUniform",
                "TruncatedNormal",
                "Orthogonal", "Identity",
            ]
        )
    }

    @Test("the identity has its gain on the diagonal, square or not")
    func identity() throws {
        #expect(try values(.identity(), [2, 2]) == [1, 0, 0, 1])
        #expect(try values(.identity(gain: 2.5), [2, 3]) == [2.5, 0, 0, 0, 2.5, 0])
        #expect(try values(.identity(), [3, 1]) == [1, 0, 0])
        #expect(throws: ConvNetError.self) { _ = try values(.identity(), [3, 3, 1, 1]) }
    }

    static let wrong: [any Initializer] = [
        .constant(.nan), .constant(.infinity),
        .varianceScaling(scale: -1), .varianceScaling(scale: 0), .varianceScaling(scale: .nan),
        .varianceScaling(scale: .infinity),
        .randomNormal(mean: .nan), .randomNormal(standardDeviation: -0.1),
        .randomNormal(standardDeviation: .nan),
        .randomNormal(standardDeviation: 1e300),
        .randomUniform(minimum: 1, maximum: 0), .randomUniform(minimum: -.infinity),
        .randomUniform(maximum: .nan),
        .truncatedNormal(mean: .infinity), .truncatedNormal(standardDeviation: -1),
        .orthogonal(gain: .nan), .orthogonal(gain: -.infinity), .identity(gain: .nan),
    ]

    @Test("arguments out of range throw, and name the place", arguments: wrong)
    func wrongArguments(initializer: any Initializer) throws {
        let error = #expect(throws: ConvNetError.self) { _ = try values(initializer, [3, 4]) }
        #expect(error?.kind == .argument)
        #expect(error?.location?.hasPrefix(type(of: initializer).kind) == true)
        #expect(error?.expected != nil && error?.received != nil)
    }

    @Test("memory that does not fit the shape throws", arguments: oneOfEach)
    func wrongRoom(initializer: any Initializer) throws {
        var random = RandomStream(seed: 1, purpose: .initialization)
        var memory = [Float](repeating: 5, count: 11)
        let error = #expect(throws: ConvNetError.self) {
            try memory.withUnsafeMutableBufferPointer {
                try initializer.initialize($0, shape: [3, 4], random: &random)
            }
        }
        #expect(error?.kind == .shape)
        #expect(memory == [Float](repeating: 5, count: 11))
    }

    @Test("shapes without elements are filled", arguments: oneOfEach)
    func emptyShapes(initializer: any Initializer) throws {
        #expect(try values(initializer, [0, 4]) == [])
        #expect(try values(initializer, [4, 0]) == [])
    }
}
