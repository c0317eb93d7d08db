import SwiftConvNet
import TestSupport
import Testing

@Suite("Augmentation: further random parameters, and transforms made of others")
struct PolicyTests {
    private func draws<Transform: ImageTransform>(_ transform: Transform) -> [Transform.Parameters] {
        (0..<4000).map { index in
            var random = RandomStream(seed: 7, purpose: .augmentation, 1, UInt32(index))
            return transform.draw(&random, for: [10, 20, 3])
        }
    }

    /// Bounds, and the mean of an even distribution to five standard deviations.
    private func expectUniform(_ values: [Float], _ lower: Float, _ upper: Float, _ what: String) {
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        #expect(values.allSatisfy { $0 >= lower - 1e-4 && $0 <= upper + 1e-4 }, "\(what)")
        let deviation = Double(upper - lower) / (12 * Double(values.count)).squareRoot()
        #expect(abs(mean - Double(lower + upper) / 2) <= 5 * deviation + 1e-6, "\(what)")
    }

    private func expectShare(_ count: Int, _ share: Double, _ what: String) {
        let deviation = (share * (1 - share) / 4000).squareRoot()
        #expect(abs(Double(count) / 4000 - share) <= 5 * deviation, "\(what)")
    }

    @Test func rangesOfColors() {
        expectShare(draws(RandomInvert(factor: [0.2, 0.4])).count { $0 }, 0.3, "invert")
        expectShare(draws(RandomGrayscale(factor: 0.2)).count { $0 }, 0.2, "grayscale")
        expectUniform(draws(RandomColorDegeneration(factor: 0.6)), 0, 0.6, "degeneration")
        // The share f of f / (1 - f).
        expectUniform(
            draws(RandomSaturation(factor: [0.2, 0.6])).map { $0 / (1 + $0) },
            0.2,
            0.6,
            "saturation"
        )
        let hues = draws(RandomHue(factor: [0.2, 0.6]))
        expectUniform(hues.map { abs($0) }, 0.1, 0.3, "hue")
        expectShare(hues.count { $0 < 0 }, 0.5, "hue")
        expectUniform(draws(RandomSharpness(factor: [0.1, 0.9])), 0.1, 0.9, "sharpness")
        let bits = Dictionary(grouping: draws(RandomPosterization(factor: [3, 6]))) { $0 }.mapValues(\.count)
        #expect(bits.keys.sorted() == [3, 4, 5])
        for count in bits.values { expectShare(count, 1 / 3, "posterization") }
        #expect(Set(draws(RandomPosterization(factor: [5, 5]))) == [5])
        let solar = draws(Solarization(additionFactor: [0.1, 0.2], thresholdFactor: 0.5))
        expectUniform(solar.map(\.addition), 25.5, 51, "addition")
        expectUniform(solar.map(\.threshold), 0, 127.5, "threshold")
        let blurs = draws(RandomGaussianBlur(factor: 0.5, sigma: [0.2, 0.8]))
        expectShare(blurs.count { $0.isBlurred }, 0.25, "blur")
        expectUniform(blurs.map(\.sigmaX), 0.2, 0.8, "sigma x")
        expectUniform(blurs.map(\.sigmaY), 0.2, 0.8, "sigma y")
        let jitter = draws(RandomColorJitter(brightnessFactor: 0.2, hueFactor: 0.5))
        expectUniform(jitter.compactMap(\.brightness), -51, 51, "brightness")
        expectUniform(jitter.compactMap(\.hue), -0.25, 0.25, "hue")
        #expect(jitter.allSatisfy { $0.contrast == nil && $0.saturation == nil })
    }

    @Test func rangesOfMoves() {
        let layer = RandomPerspective(factor: [0.2, 0.6], scale: 0.5)
        let maps = draws(layer)
        expectShare(maps.count(where: \.isChanged), 0.4, "perspective")
        for (_, map) in maps {
            // The inverse sends the lower right corner at most a quarter of its coordinates away: the map back shows it.
            let depth = 1 + map.c0 * 19 + map.c1 * 9
            #expect(abs(map.a2) < 1e-3 && abs(map.b2) < 1e-3 && depth > 0)
        }
        #expect(layer.projection(SIMD8(repeating: 0), of: [10, 20, 3]).a0 == 1)
        // One column of pixels determines no map: it stays.
        #expect(layer.projection(SIMD8(repeating: 0.1), of: [5, 1, 3]) == Projection())
        let elastic = draws(RandomElasticTransform(factor: [0.2, 0.6], scale: [0.1, 0.5]))
        expectShare(elastic.count(where: \.isChanged), 0.4, "elastic")
        expectUniform(elastic.map(\.scale), 0.1, 0.5, "elastic")
    }

    private static let picture = GoldenTensor(
        shape: [8, 7, 3],
        values: Golden.uniform(stream: 4, count: 168, limit: 127).map { $0 + 127 }
    )

    private func transformed(
        _ transform: some ImageTransform,
        _ index: UInt32,
        _ role: PictureContext.Role = .picture,
        isTraining: Bool = true
    ) throws -> [Float] {
        let random = RandomStream(seed: 3, purpose: .augmentation, 1, index)
        return try run(transform, Self.picture, role: role, random: random, isTraining: isTraining) {
            transform.transform($0)
        }
    }

    @Test func choosesTransformsAtRandom() throws {
        for count in 1...4 {
            let layer = RandAugment(numOps: count, factor: [0.1, 0.3])
            var results: Set<[Float]> = []
            for index in 0..<40 as Range<UInt32> {
                let result = try transformed(layer, index)
                results.insert(result)
                #expect(result.allSatisfy { $0 >= -0.01 && $0 <= 255.01 })
                #expect(try transformed(layer, index) == result)
                #expect(try transformed(layer, index, isTraining: false) == Self.picture.values)
                let mask = try transformed(layer, index, .mask)
                #expect(mask.allSatisfy { Self.picture.values.contains($0) })
            }
            // Two of eleven transforms are not random.
            #expect(results.count > 25)
        }
    }

    @Test("Each transform is chosen as often as every other")
    func choosesEvenly() throws {
        let one = RandAugment(numOps: 1, factor: [0.3, 0.3])
        let results = try (0..<4000).map { try transformed(one, $0) }
        // Two of eleven always do the same, so that their results can be told.
        for transform in [AutoContrast(), Equalization()] as [any ImageTransform] {
            let expected = try transformed(transform, 0)
            expectShare(results.count { $0 == expected }, 1 / 11, "\(type(of: transform))")
        }
        // Of a mask three of them, shear, translation and rotation, leave another.
        let masks = try (0..<4000).map { try transformed(one, $0, .mask) }
        expectShare(masks.count { $0 != Self.picture.values }, 3 / 11, "moves")
        // A chain of one transform or none: of seven transforms, or nothing, one is nothing.
        let chain = AugMix(numChains: 1, chainDepth: 1, factor: [0.3, 0.3], allOps: false)
        let mixed = try (0..<4000).map { try transformed(chain, $0) }
        let unchanged = mixed.count { relativeDifference($0, Self.picture.values) < 1e-6 }
        expectShare(unchanged, 1 / 8, "no transform")
    }

    @Test func mixesChains() throws {
        for layer in [
            AugMix(), AugMix(numChains: 1, chainDepth: 1, alpha: 0.01), AugMix(alpha: 50, allOps: false),
        ] {
            var results: Set<[Float]> = []
            for index in 0..<40 as Range<UInt32> {
                let result = try transformed(layer, index)
                results.insert(result)
                #expect(result.allSatisfy { (0...255).contains($0) })
                #expect(try transformed(layer, index, .mask) == Self.picture.values)
            }
            #expect(results.count > 10)
        }
        // Chains without effect leave the picture, whatever the weights: they add up to 1.
        let same = AugMix(chainDepth: 1, factor: [0, 0], alpha: 0.2, allOps: false)
        let nothing = try (0..<40).map { try transformed(same, $0) }
        #expect(nothing.contains { relativeDifference($0, Self.picture.values) < 1e-5 })
    }

    @Test("A pipeline does what its transforms do: in a dataset, as if they stood there themselves")
    func pipelines() throws {
        let base = try ArrayDataset(
            TestValues.uniform([9, 8, 7, 3], seed: 3),
            Labels((0..<9).map { $0 % 4 })
        )
        let list = try Augmented(base) {
            RandomFlip()
            RandomRotation(factor: 0.2)
            RandomCrop(height: 4, width: 5)
        }
        let pipeline = try Augmented(base) {
            Pipeline {
                RandomFlip()
                Pipeline(layers: [RandomRotation(factor: 0.2)])
                RandomCrop(height: 4, width: 5)
            }
        }
        #expect(pipeline.identity == list.identity && pipeline.fields == list.fields)
        var found = [Float](repeating: 0, count: 60), expected = found
        let reading = Reading(seed: 1, epoch: 1, isTraining: true)
        for index in 0..<9 {
            try found.withUnsafeMutableBufferPointer {
                try pipeline.readValues(0, of: index, in: reading, into: $0)
            }
            try expected.withUnsafeMutableBufferPointer {
                try list.readValues(0, of: index, in: reading, into: $0)
            }
            #expect(found == expected)
        }
        // As one transform: without random ones among them, each after the other.
        let whole = Pipeline(layers: [
            Solarization(), AutoContrast(), Solarization(), RandomCrop(height: 8, width: 7),
        ])
        let parts = try transformed(AutoContrast(), 1)
        #expect(relativeDifference(try transformed(whole, 1), parts) < 1e-5)
    }

    @Test func positionalSpelling() {
        #expect(RandomFlip(.vertical, seed: 1) == RandomFlip(mode: .vertical, seed: 1))
        #expect(RandomRotation(0.1, fillMode: .wrap) == RandomRotation(factor: 0.1, fillMode: .wrap))
        #expect(
            RandomTranslation(0.1, [0, 0.2], fillValue: 2)
                == RandomTranslation(heightFactor: 0.1, widthFactor: [0, 0.2], fillValue: 2)
        )
        #expect(RandomZoom(0.1) == RandomZoom(heightFactor: 0.1))
        #expect(RandomZoom(0.1, 0.2, name: "z") == RandomZoom(heightFactor: 0.1, widthFactor: 0.2, name: "z"))
        #expect(RandomCrop(3, 4) == RandomCrop(height: 3, width: 4))
        #expect(RandomBrightness(0.1) == RandomBrightness(factor: 0.1))
        #expect(RandomContrast(0.1, valueRange: 0...1) == RandomContrast(factor: 0.1, valueRange: 0...1))
    }
}
