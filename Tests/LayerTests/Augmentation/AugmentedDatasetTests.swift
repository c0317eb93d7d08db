import SwiftConvNet
import TestSupport
import Testing

@Suite("Datasets that change, mix and cut their samples")
struct AugmentedDatasetTests {
    private func pictures(_ count: Int = 40) throws -> ArrayDataset {
        try ArrayDataset(
            TestValues.uniform([count, 9, 8, 2], seed: 3),
            Labels((0..<count).map { $0 % 4 })
        )
    }

    /// A dataset with a mask, and a second input that is no picture.
    private func masked(_ count: Int = 12) throws -> TensorDataset {
        try TensorDataset(
            inputs: [
                "image": Tensor(shape: [count, 6, 5, 1]) { Float($0[1] * 5 + $0[2]) },
                "extra": TestValues.uniform([count, 3], seed: 8),
            ],
            targets: [
                "mask": Tensor(shape: [count, 6, 5]) { Float($0[1] * 5 + $0[2]) },
                "class": Labels((0..<count).map { $0 % 3 }),
            ]
        )
    }

    private func values(_ data: some Dataset, _ field: Int, of index: Int, _ reading: Reading = .plain) throws
        -> [Float]
    {
        var values = [Float](repeating: .nan, count: data.fields[field].shape.elementCount)
        try values.withUnsafeMutableBufferPointer {
            try data.readValues(field, of: index, in: reading, into: $0)
        }
        return values
    }

    private func training(_ epoch: Int, seed: UInt64 = 1) -> Reading {
        Reading(seed: seed, epoch: epoch, isTraining: true)
    }

    // MARK: Augmented

    @Test func changesDependOnSeedEpochAndSample() throws {
        let base = try pictures()
        let data = try Augmented(base) {
            RandomFlip()
            RandomTranslation(heightFactor: 0.3, widthFactor: 0.3)
        }
        #expect(data.count == 40 && data.fields == base.fields && data.hasTargetsInMemory)
        let first = try values(data, 0, of: 3, training(1))
        #expect(try values(data, 0, of: 3, training(1)) == first)
        #expect(try values(data, 0, of: 3, training(2)) != first)
        #expect(try values(data, 0, of: 3, training(1, seed: 2)) != first)
        #expect(try values(data, 0, of: 3) == values(base, 0, of: 3))
        #expect(try data.label(1, of: 3, in: training(1)) == 3)
        // A transform's own seed takes the place of the model's.
        let own = try Augmented(base) { RandomRotation(factor: 0.5, seed: 9) }
        #expect(try values(own, 0, of: 3, training(1)) == values(own, 0, of: 3, training(1, seed: 2)))
        // The transforms of the list have numbers of their own, and so have wrappers around each other.
        let twice = try Augmented(base) {
            RandomFlip(mode: .horizontal)
            RandomFlip(mode: .horizontal)
        }
        let nested = try Augmented(Augmented(base) { RandomFlip(mode: .horizontal) }) {
            RandomFlip(mode: .horizontal)
        }
        for data in [twice, nested] {
            let unchanged = try (0..<40).count {
                try values(data, 0, of: $0, training(1)) == values(base, 0, of: $0)
            }
            #expect((8...32).contains(unchanged))
        }
    }

    @Test func appliesTransformsInOrder() throws {
        let base = try masked()
        // The mask, which has a value for each pixel, is found.
        let data = try Augmented(base, field: "image") {
            RandomFlip(mode: .horizontal)
            RandomCrop(height: 3, width: 4)
            RandomBrightness(factor: [0.5, 0.5], valueRange: 0...100)
        }
        #expect(data.fields.map(\.shape) == [[3, 4, 1], [3], [3, 4], []])
        for index in 0..<12 {
            let picture = try values(data, 0, of: index, training(1)),
                mask = try values(data, 2, of: index, training(1))
            // The mask is the picture's pattern: it moves along, and keeps its classes.
            #expect(picture == mask.map { $0 + 50 })
            #expect(try values(data, 1, of: index, training(1)) == values(base, 1, of: index))
            let step = mask[1] - mask[0]
            #expect(step == 1 || step == -1)
            #expect(zip(mask, mask.dropFirst(4)).allSatisfy { $1 - $0 == 5 })
        }
        // In an evaluation the middle is taken, and brought to the size.
        let middle = try values(data, 0, of: 0), mask = try values(data, 2, of: 0)
        #expect(middle.allSatisfy { (0...29).contains($0) } && mask.allSatisfy { $0 == $0.rounded() })
    }

    /// Pictures in colour, with masks of one channel, of three that are equal to it, and of five.
    private func segmented(_ count: Int = 12) throws -> TensorDataset {
        try TensorDataset(
            inputs: ["image": TestValues.uniform([count, 6, 5, 3], seed: 4)],
            targets: [
                "mask": Tensor(shape: [count, 6, 5]) { Float($0[1] * 5 + $0[2]) },
                "three": Tensor(shape: [count, 6, 5, 3]) { Float($0[1] * 5 + $0[2]) },
                "five": TestValues.uniform([count, 6, 5, 5], seed: 5),
            ]
        )
    }

    @Test("Changes of colours leave masks as they are, whatever their channels")
    func masksKeepTheirClasses() throws {
        let base = try segmented(), range: ClosedRange<Float> = -1...1
        let transforms: [any ImageTransform] = [
            RandomHue(factor: [0.5, 1], valueRange: range), RandomSaturation(factor: [0, 0.2]),
            RandomColorDegeneration(factor: [0.5, 1], valueRange: range), RandomGrayscale(factor: 1),
            RandomColorJitter(valueRange: range, saturationFactor: [0, 0.2], hueFactor: [0.5, 1]),
            RandomContrast(factor: [0.5, 1], valueRange: range), RandomInvert(factor: 1, valueRange: range),
            RandomErasing(factor: 1, scale: [0.5, 0.5], fillValue: [3, 4, 5]), AugMix(valueRange: range),
        ]
        for transform in transforms {
            let data = try Augmented(base, masks: ["mask", "three", "five"]) { transform }
            #expect(data.fields == base.fields)
            for field in 1...3 {
                #expect(try values(data, field, of: 2, training(1)) == values(base, field, of: 2))
            }
            #expect(try values(data, 0, of: 2, training(1)) != values(base, 0, of: 2), "\(transform)")
        }
        // Pictures without colours are refused as before.
        let gray = try masked()
        #expect(throws: ConvNetError.self) { try Augmented(gray) { RandomHue(factor: 1) } }
        #expect(throws: ConvNetError.self) { try Augmented(gray) { RandAugment() } }
    }

    @Test("RandAugment moves masks as it moves pictures, and leaves their classes")
    func masksOfRandAugment() throws {
        let base = try segmented()
        let data = try Augmented(base, masks: ["mask", "three", "five"]) {
            RandAugment(valueRange: -1...1, numOps: 3, factor: [0.3, 0.5])
        }
        var moved = 0
        for index in 0..<12 {
            let mask = try values(data, 1, of: index, training(1))
            let before = try values(base, 1, of: index), five = try values(base, 3, of: index)
            #expect(mask.allSatisfy { before.contains($0) })
            #expect(try values(data, 2, of: index, training(1)) == mask.flatMap { [$0, $0, $0] })
            // The mask says from where each pixel comes.
            #expect(
                try values(data, 3, of: index, training(1))
                    == mask.flatMap { five[(Int($0) * 5)..<(Int($0) * 5 + 5)] }
            )
            if mask != before { moved += 1 }
        }
        // Three of eleven transforms move: of three, one or more in six of ten pictures.
        #expect((3...11).contains(moved))
    }

    /// A transform that holds a pipeline, and not one of the list.
    private struct Wrapped: ImageTransform {
        static let kind = "Wrapped"
        let inner: Pipeline
        var actsInInference: Bool { inner.actsInInference }
        func outputShape(for picture: Shape) throws -> Shape { try inner.outputShape(for: picture) }
        func scratchCount(for picture: Shape) -> Int { inner.scratchCount(for: picture) }
        func draw(_ random: inout RandomStream, for picture: Shape) -> RandomStream { random }
        func apply(_ random: RandomStream, to picture: PictureContext) { inner.apply(random, to: picture) }
    }

    @Test("Masks get the size of their pictures, also in a pipeline that changes colours")
    func masksOfPipelines() throws {
        let pipeline = Pipeline(layers: [
            RandomGrayscale(factor: 1), RandomCrop(height: 3, width: 4),
            RandomHue(factor: 1, valueRange: -1...1),
        ])
        for transform in [pipeline, Wrapped(inner: pipeline)] as [any ImageTransform] {
            let data = try Augmented(segmented(), masks: ["mask", "three", "five"]) { transform }
            #expect(data.fields.map(\.shape) == [[3, 4, 3], [3, 4], [3, 4, 3], [3, 4, 5]])
            for index in 0..<12 {
                let mask = try values(data, 1, of: index, training(1))
                #expect(zip(mask, mask.dropFirst(4)).allSatisfy { $1 - $0 == 5 } && mask[1] == mask[0] + 1)
                #expect(try values(data, 2, of: index, training(1)) == mask.flatMap { [$0, $0, $0] })
            }
        }
    }

    @Test("A field that nobody asks for is not made, and nothing else changes")
    func readsFieldsAlone() throws {
        let data = try Augmented(masked(), field: "image", masks: ["mask"]) { RandomRotation(factor: 0.5) }
        for index in 0..<12 {
            #expect(try data.label(3, of: index, in: training(1)) == Int32(index % 3))
        }
    }

    @Test func errors() throws {
        let base = try masked()
        func error(_ body: () throws -> Void) -> String {
            do { try body() } catch { return "\(error)" }
            return ""
        }
        #expect(error { _ = try Augmented(base, field: "none") { RandomFlip() } }.contains("field"))
        #expect(error { _ = try Augmented(base, masks: ["class"]) { RandomFlip() } }.contains("\"class\""))
        #expect(
            error { _ = try Augmented(base, masks: ["nobody"]) { RandomFlip() } }.contains("no such field")
        )
        let wrong = error {
            _ = try Augmented(base) {
                RandomFlip()
                RandomRotation(factor: 3)
            }
        }
        #expect(wrong.contains("Augmented, transform 1, RandomRotation, factor"), "\(wrong)")
        for size in [1 << 20, Int(Int32.max)] {
            let large = error { _ = try Augmented(base) { RandomCrop(height: size, width: size) } }
            #expect(large.contains("memory"), "\(large)")
        }
        #expect(error { _ = try MixUp(base) }.contains("classes"))
        #expect(error { _ = try MixUp(base, classes: 0) }.contains("classes"))
        #expect(error { _ = try MixUp(base, alpha: 0, classes: 3) }.contains("alpha"))
        #expect(error { _ = try MixUp(base, alpha: .infinity, classes: 3) }.contains("alpha"))
        #expect(error { _ = try CutMix(base) }.contains("classes"))
        #expect(error { _ = try CutMix(base, factor: 1.5, classes: 3) }.contains("factor"))
        #expect(error { _ = try CutMix(base, classes: 3, field: "extra") }.contains("field"))
        let few = try MixUp(base, classes: 2)
        #expect(error { _ = try values(few, 3, of: 2) }.contains("sample 2, \"class\""))
    }

    @Test("What makes the samples what they are stands in the identity")
    func identities() throws {
        let base = try pictures()
        let datasets: [any Dataset] = [
            try Augmented(base) { RandomFlip() }, try Augmented(base) { RandomFlip(mode: .vertical) },
            try Augmented(base) { RandomFlip(seed: 1) }, try MixUp(base, classes: 4),
            try MixUp(base, alpha: 0.3, classes: 4), try CutMix(base, classes: 4),
            try CutMix(Augmented(base) { RandomFlip() }, classes: 4),
        ]
        #expect(Set(datasets.compactMap(\.identity)).count == datasets.count)
        #expect(try Augmented(base) { RandomFlip() }.identity == Augmented(base) { RandomFlip() }.identity)
    }

    // MARK: MixUp

    @Test func mixesPictures() throws {
        let base = try pictures()
        let data = try MixUp(base, alpha: 0.4, classes: 4)
        #expect(data.fields.map(\.shape) == [[9, 8, 2], [4]])
        var partners: Set<Int> = []
        for index in 0..<40 {
            let reading = training(1)
            let (partner, weight) = data.partner(of: index, in: reading)
            partners.insert(partner)
            let picture = try values(data, 0, of: index, reading),
                target = try values(data, 1, of: index, reading)
            let mine = try values(base, 0, of: index), other = try values(base, 0, of: partner)
            let expected = zip(mine, other).map { weight * $0 + (1 - weight) * $1 }
            #expect(relativeDifference(picture, expected) < 1e-6)
            #expect(abs(target.reduce(0, +) - 1) < 1e-6)
            var shares = [Float](repeating: 0, count: 4)
            shares[index % 4] += weight
            shares[partner % 4] += 1 - weight
            #expect(relativeDifference(target, shares) < 1e-6)
            // Outside of training a class is a 1, and the picture as it is.
            #expect(try values(data, 0, of: index) == mine)
            #expect(try values(data, 1, of: index) == (0..<4).map { $0 == index % 4 ? 1 : 0 })
        }
        #expect(partners.count > 15)
    }

    // MARK: CutMix

    @Test func cutsPictures() throws {
        let base = try pictures()
        let data = try CutMix(base, classes: 4)
        var kept = 0.0
        for index in 0..<40 {
            let reading = training(1)
            let pair = data.pair(of: index, in: reading)
            let picture = try values(data, 0, of: index, reading),
                target = try values(data, 1, of: index, reading)
            let mine = try values(base, 0, of: index), other = try values(base, 0, of: pair.partner)
            for (place, value) in picture.enumerated() {
                let isTaken = pair.rows.contains(place / 16) && pair.columns.contains(place / 2 % 8)
                #expect(value == (isTaken ? other : mine)[place])
            }
            #expect(abs(target.reduce(0, +) - 1) < 1e-6 && (0...1).contains(pair.weight))
            // The part that is taken has whole pixels, the weight counts parts of them.
            let area = Double(pair.rows.count * pair.columns.count) / 72
            #expect(abs(area - Double(1 - pair.weight)) < 0.25)
            kept += Double(pair.weight)
            #expect(try values(data, 0, of: index) == mine)
        }
        #expect((10...30).contains(kept))
    }

    @Test func cutsMasksAlong() throws {
        let count = 12
        let base = try TensorDataset(
            inputs: ["image": Tensor(shape: [count, 6, 5, 1]) { Float($0[0]) }],
            targets: ["mask": Tensor(shape: [count, 6, 5]) { Float($0[0]) }]
        )
        let data = try CutMix(base), still = try CutMix(base, masks: [])
        for index in 0..<count {
            #expect(try values(data, 0, of: index, training(2)) == values(data, 1, of: index, training(2)))
        }
        // A target that is named no mask is a mean.
        #expect(
            try (0..<count).contains { index in
                try values(still, 1, of: index, training(2)) != values(data, 1, of: index, training(2))
            }
        )
    }

    // MARK: Distributions

    @Test("Partners are drawn evenly from the whole dataset, weights from their beta distribution")
    func distributions() throws {
        let base = try pictures(), draws = 4000
        /// The mean and the variance of draws, to five standard deviations of the mean.
        func expect(_ values: [Double], mean: Double, variance: Double, _ what: String) {
            let found = values.reduce(0, +) / Double(draws)
            #expect(abs(found - mean) < 5 * (variance / Double(draws)).squareRoot(), "\(what)")
            let spread = values.reduce(0) { $0 + ($1 - found) * ($1 - found) } / Double(draws)
            #expect(abs(spread / variance - 1) < 0.1, "\(what)")
        }
        func all<Value>(_ draw: (Int, Reading) -> Value) -> [Value] {
            (0..<draws).map { draw($0 % 40, training(1 + $0 / 40)) }
        }
        // Of 40 numbers the mean is 19.5, the variance (40² - 1) / 12; of Beta(a, a) a half, and 1 / (8 a + 4).
        let mixed = try MixUp(base, alpha: 0.4, classes: 4)
        let pairs = all(mixed.partner)
        expect(pairs.map { Double($0.partner) }, mean: 19.5, variance: 1599.0 / 12, "partner of MixUp")
        expect(pairs.map { Double($0.weight) }, mean: 0.5, variance: 1 / 7.2, "weight of MixUp")
        let cut = try CutMix(base, factor: [0.4, 0.4], classes: 4)
        let cuts = all(cut.pair)
        expect(cuts.map { Double($0.partner) }, mean: 19.5, variance: 1599.0 / 12, "partner of CutMix")
        expect(cuts.map { Double($0.weight) }, mean: 0.5, variance: 1 / 7.2, "weight of CutMix")
    }

    // MARK: Training

    @Test("The same bits on any number of workers, and of one sample whatever its batch")
    func sameBits() throws {
        func run(threads: Int) throws -> [[UInt32]] {
            let data = try MixUp(
                CutMix(
                    Augmented(pictures()) {
                        RandomRotation(factor: 0.2)
                        RandomErasing(scale: [0.1, 0.3], valueRange: -1...1)
                    },
                    classes: 4
                )
            )
            let model = try Sequential(
                inputShape: [9, 8, 2],
                seed: 5,
                options: ComputeOptions(threads: threads)
            ) {
                Conv2D(filters: 4, kernelSize: 3, activation: .relu)
                Flatten()
                Dense(units: 4, activation: .softmax)
            }
            try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .categoricalCrossentropy())
            try model.fit(data, batchSize: 16, epochs: 2, verbose: .silent)
            return model.parameters.map(\.values.bits)
        }
        let one = try run(threads: 1)
        for threads in 2...8 { #expect(try run(threads: threads) == one, "\(threads) workers") }
    }
}
