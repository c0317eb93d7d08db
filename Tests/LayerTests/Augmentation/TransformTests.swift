import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Augmentation: transforms in a model, of masks, and their random parameters")
struct TransformTests {
    /// All transforms whose pictures keep their shape, and that take any number of channels.
    static let geometric: [any ImageTransform] = [
        RandomFlip(), RandomRotation(factor: 0.3), RandomTranslation(heightFactor: 0.3, widthFactor: 0.3),
        RandomZoom(heightFactor: 0.5, widthFactor: 0.4), RandomShear(xFactor: 0.5, yFactor: 0.5),
        RandomPerspective(scale: 0.6), RandomElasticTransform(),
    ]
    static let colors: [any ImageTransform] = [
        RandomBrightness(factor: 0.5), RandomContrast(factor: 0.5), RandomErasing(scale: [0.2, 0.5]),
        RandomInvert(),
        RandomGrayscale(), RandomColorDegeneration(factor: 0.5), RandomSaturation(factor: 1),
        RandomHue(factor: 1),
        RandomSharpness(factor: 1), RandomPosterization(factor: 4), Solarization(thresholdFactor: 0.5),
        Equalization(), RandomGaussianBlur(),
        RandomColorJitter(brightnessFactor: 0.3, contrastFactor: 0.3, saturationFactor: 0.5, hueFactor: 0.3),
        AugMix(),
    ]

    private func picture(_ shape: [Int], limit: Double = 100) -> GoldenTensor {
        let count = shape.reduce(1, *)
        return GoldenTensor(
            shape: shape,
            values: Golden.uniform(stream: 5, count: count, limit: limit).map { abs($0) }
        )
    }

    private func transformed(
        _ transform: some ImageTransform,
        _ picture: GoldenTensor,
        _ index: UInt32,
        role: PictureContext.Role = .picture,
        isTraining: Bool = true
    ) throws -> [Float] {
        let random = RandomStream(seed: 3, purpose: .augmentation, 1, index)
        return try run(transform, picture, role: role, random: random, isTraining: isTraining) {
            transform.transform($0)
        }
    }

    // MARK: Masks

    @Test("A mask moves with its picture, and no class is mixed with another", arguments: geometric.indices)
    func masks(_ number: Int) throws {
        let transform = Self.geometric[number]
        // A mask is the picture's only channel: read at the nearest pixel, it is the transform of the picture by that rule.
        let mask = GoldenTensor(shape: [9, 8, 1], values: (0..<72).map { Float($0) })
        let columns = GoldenTensor(shape: [9, 8, 2], values: (0..<144).map { Float($0 / 2) })
        var moved = 0
        for index in 0..<40 as Range<UInt32> {
            let result = try transformed(transform, mask, index, role: .mask)
            #expect(result.allSatisfy { mask.values.contains($0) })
            moved += result == mask.values ? 0 : 1
            // Of two channels both move alike, and as the mask of one channel does.
            let pair = try transformed(transform, columns, index, role: .mask)
            #expect(pair == result.flatMap { [$0, $0] })
            // The picture's values lie within the neighbourhood of the mask's: a pixel up or down, left or right, or mirrored.
            let picture = try transformed(transform, columns, index)
            #expect(picture.count == pair.count && picture.allSatisfy { (0...71).contains($0) })
        }
        #expect(moved > 4)
    }

    @Test(arguments: colors.indices)
    func colorsLeaveMasksAlone(_ number: Int) throws {
        let x = picture([6, 5, 3])
        for index in 0..<10 as Range<UInt32> {
            #expect(try transformed(Self.colors[number], x, index, role: .mask) == x.values)
            #expect(try transformed(Self.colors[number], x, index, isTraining: false) == x.values)
        }
        #expect(try (0..<10).contains { try transformed(Self.colors[number], x, $0) != x.values })
    }

    @Test func crops() throws {
        let x = picture([7, 6, 2])
        let layer = RandomCrop(height: 4, width: 3)
        var corners: Set<[Float]> = []
        for index in 0..<400 as Range<UInt32> {
            let part = try transformed(layer, x, index)
            let place = try #require(x.values.indices.first { x.values[$0] == part[0] }) / 2
            let (top, left) = (place / 6, place % 6)
            for row in 0..<4 {
                let from = ((top + row) * 6 + left) * 2
                #expect(Array(part[(row * 6)..<(row * 6 + 6)]) == Array(x.values[from..<(from + 6)]))
            }
            corners.insert([Float(top), Float(left)])
            #expect(try transformed(layer, x, index, role: .mask) == part)
        }
        // All 16 places occur.
        #expect(corners.count == 16)
    }

    // MARK: Random parameters

    /// Checks that numbers are evenly distributed over a range: bounds, mean and variance to five standard deviations.
    private func expectUniform(_ values: [Float], _ lower: Double, _ upper: Double, _ what: String) {
        let count = Double(values.count), width = upper - lower
        let mean = values.reduce(0) { $0 + Double($1) } / count
        let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
        #expect(values.allSatisfy { Double($0) >= lower - 1e-4 && Double($0) <= upper + 1e-4 }, "\(what)")
        #expect(abs(mean - (lower + upper) / 2) <= 5 * width / (12 * count).squareRoot() + 1e-6, "\(what)")
        // The variance of the square of a uniform number around its mean is 1/180.
        #expect(
            abs(variance - width * width / 12) <= 5 * width * width / (180 * count).squareRoot() + 1e-6,
            "\(what)"
        )
    }

    private func draws<Transform: ImageTransform>(
        _ transform: Transform,
        _ shape: Shape = [10, 20, 3]
    ) -> [Transform.Parameters] {
        (0..<4000).map { index in
            var random = RandomStream(seed: 7, purpose: .augmentation, 1, UInt32(index))
            return transform.draw(&random, for: shape)
        }
    }

    @Test func flipsHalfOfThePictures() {
        for mode in RandomFlip.Mode.allCases {
            let share = Double(draws(RandomFlip(mode: mode)).count { $0 }) / 4000
            #expect(abs(share - 0.5) < 5 * (0.25 / 4000 as Double).squareRoot())
        }
    }

    @Test func rangesOfMoves() {
        let angles = draws(RandomRotation(factor: [-0.1, 0.05])).map {
            atan2(Double($0.b0), Double($0.a0)) / (2 * Double.pi)
        }
        expectUniform(angles.map { Float($0) }, -0.1, 0.05, "rotation")
        let shifts = draws(RandomTranslation(heightFactor: 0.2, widthFactor: [0.1, 0.3]))
        expectUniform(shifts.map { -$0.b2 }, -2, 2, "down")
        expectUniform(shifts.map { -$0.a2 }, 2, 6, "right")
        let zooms = draws(RandomZoom(heightFactor: [-0.5, -0.2], widthFactor: 0.3))
        expectUniform(zooms.map(\.b1), 0.5, 0.8, "height")
        expectUniform(zooms.map(\.a0), 0.7, 1.3, "width")
        #expect(draws(RandomZoom(heightFactor: 0.4)).allSatisfy { $0.a0 == $0.b1 })
        let shears = draws(RandomShear(xFactor: 0.4, yFactor: [0.1, 0.3]))
        expectUniform(shears.map(\.a1), -0.4, 0.4, "x")
        expectUniform(shears.map { abs($0.b0) }, 0.1, 0.3, "y")
        #expect(
            abs(Double(shears.count { $0.b0 > 0 }) / 4000 - 0.5) < 5 * (0.25 / 4000 as Double).squareRoot()
        )
        let corners = draws(RandomCrop(height: 4, width: 20))
        expectUniform(corners.map { Float($0.top) + 0.5 }, 0.5, 6.5, "top", discrete: 7)
        #expect(corners.allSatisfy { $0.left == 0 })
    }

    /// The same of whole numbers from a half on.
    private func expectUniform(
        _ values: [Float],
        _ lower: Double,
        _ upper: Double,
        _ what: String,
        discrete count: Int
    ) {
        let expected = Double(values.count) / Double(count)
        let groups = Dictionary(grouping: values) { $0 }
        #expect(groups.count == count, "\(what)")
        for (value, found) in groups {
            #expect(Double(value) >= lower && Double(value) <= upper)
            #expect(abs(Double(found.count) - expected) < 5 * expected.squareRoot(), "\(what) \(value)")
        }
    }

    @Test func rangesOfColors() {
        expectUniform(draws(RandomBrightness(factor: 0.3, valueRange: -1...1)), -0.6, 0.6, "brightness")
        expectUniform(draws(RandomContrast(factor: [0.2, 0.5])), 0.8, 1.5, "contrast")
        expectUniform(draws(RandomContrast(factor: 0.25)), 0.75, 1.25, "contrast")
        let parts = draws(RandomErasing(factor: [0.2, 0.6], scale: [0.04, 0.25]))
        expectUniform(
            parts.map { ($0.bottom - $0.top) * ($0.bottom - $0.top) / 100 },
            0.04,
            0.25,
            "height"
        )
        expectUniform(parts.map { ($0.right - $0.left) * ($0.right - $0.left) / 400 }, 0.04, 0.25, "width")
        expectUniform(parts.map { $0.top / (10 - ($0.bottom - $0.top)) }, 0, 1, "top")
        expectUniform(parts.map { $0.left / (20 - ($0.right - $0.left)) }, 0, 1, "left")
        let share = Double(parts.count(where: \.isErased)) / 4000
        #expect(abs(share - 0.4) < 5 * (0.24 / 4000 as Double).squareRoot())
    }

    @Test func erasesWithNoise() throws {
        // A deviation of 1 around 0, cut off at -8 and 8.
        let layer = RandomErasing(factor: [1, 1], scale: [1, 1], valueRange: -8...1)
        let x = GoldenTensor(shape: [60, 60, 3], values: Array(repeating: 5, count: 10800))
        let noise = try transformed(layer, x, 1)
        let mean = noise.reduce(0) { $0 + Double($1) } / 10800
        #expect(noise.allSatisfy { (-8...1).contains($0) })
        // The mean of min(n, 1) is -0.0833, with a deviation below 1.
        #expect(abs(mean + 0.0833) < 5 / (10800 as Double).squareRoot())
        #expect(Set(noise).count > 8000)
        #expect(try transformed(layer, x, 1) == noise)
        #expect(try transformed(layer, x, 2) != noise)
    }
}
