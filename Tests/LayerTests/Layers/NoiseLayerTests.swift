import SwiftConvNet
import TestSupport
import Testing

/// Means and deviations over many draws of a fixed seed, so the tests give the same on every run; the bounds are five standard
/// deviations of what is measured.
@Suite("Noise while training")
struct NoiseLayerTests {
    private struct Run {
        let x: Tensor, upstream: Tensor, pass: TrainingPass
        let used: Tensor
    }

    private func run(_ layer: some Layer, _ shape: Shape, batch: Int, seed: UInt64 = 1) throws -> Run {
        let model = try singleLayerModel(layer, inputs: [shape], seed: seed)
        let x = try TestValues.uniform(shape.batched(batch), seed: 3)
        let upstream = try TestValues.uniform(shape.batched(batch), seed: 4)
        let pass = try TrainingPass(model, x, upstream: upstream)
        return Run(x: x, upstream: upstream, pass: pass, used: try model.predict(x))
    }

    private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
    }

    @Test(arguments: [Float(0.1), 0.7, 3])
    func gaussianNoise(_ deviation: Float) throws {
        let run = try run(GaussianNoise(stddev: deviation), [1000], batch: 50)
        let noise = zip(run.pass.outputs.elements, run.x.elements)
            .map { (Double($0) - Double($1)) / Double(deviation) }
        let (mean, variance) = moments(noise)
        let count = Double(noise.count)
        #expect(abs(mean) < 5 / count.squareRoot())
        #expect(abs(variance - 1) < 5 * (2 / count).squareRoot())
        // The third and fourth moments of the normal distribution, 0 and 3, whose estimates have variances of 15 and 96.
        #expect(abs(moments(noise.map { $0 * $0 * $0 }).mean) < 5 * (15 / count).squareRoot())
        #expect(abs(moments(noise.map { $0 * $0 * $0 * $0 }).mean - 3) < 5 * (96 / count).squareRoot())
        // Neighbours have nothing to do with each other, nor has a number with the one at its place in the next sample.
        for distance in [1, 2, 1000] {
            let product = moments(zip(noise, noise.dropFirst(distance)).map { $0 * $1 }).mean
            #expect(abs(product) < 5 / count.squareRoot(), "\(distance)")
        }
        #expect(noise.map(abs).max() ?? 0 > 3.5)
        #expect(run.pass.sampleGradient == run.upstream)
        #expect(run.used == run.x)
    }

    @Test func gaussianDropout() throws {
        let rate: Float = 0.3
        let run = try run(GaussianDropout(rate: rate), [1000], batch: 50)
        let factors = zip(run.pass.outputs.elements, run.x.elements).map { Double($0) / Double($1) }
        let expected = Double(rate) / (1 - Double(rate)), count = Double(factors.count)
        let (mean, variance) = moments(factors)
        #expect(abs(mean - 1) < 5 * (expected / count).squareRoot())
        #expect(abs(variance / expected - 1) < 5 * (2 / count).squareRoot())
        // The way back has the same factors.
        for (place, factor) in factors.enumerated() {
            let gradient = Double(run.upstream.elements[place]) * factor
            #expect(abs(Double(run.pass.sampleGradient.elements[place]) - gradient) < 1e-5)
        }
        #expect(run.used == run.x)
    }

    @Test(arguments: [Float(0.1), 0.5])
    func alphaDropout(_ rate: Float) throws {
        let model = try singleLayerModel(AlphaDropout(rate: rate), inputs: [[1000]])
        var random = RandomStream(seed: 5, purpose: .user)
        let x = try Tensor(shape: [50, 1000]) { _ in random.normal() }
        let upstream = try TestValues.uniform(x.shape, seed: 4)
        let pass = try TrainingPass(model, x, upstream: upstream)
        let q = Double(rate), lowest = -1.7580993408473766
        let a = 1 / ((1 - q) * (1 + q * lowest * lowest)).squareRoot(), b = -a * lowest * q
        let dropped = a * lowest + b
        var count = 0
        for (place, value) in pass.outputs.elements.enumerated() {
            let isDropped = abs(Double(value) - dropped) < 1e-6
            count += isDropped ? 1 : 0
            let expected = isDropped ? dropped : a * Double(x.elements[place]) + b
            #expect(abs(Double(value) - expected) < 1e-5)
            let slope = isDropped ? 0 : a * Double(upstream.elements[place])
            #expect(abs(Double(pass.sampleGradient.elements[place]) - slope) < 1e-6)
        }
        let total = Double(x.elements.count)
        #expect(abs(Double(count) / total - q) < 5 * (q * (1 - q) / total).squareRoot())
        // Mean 0 and variance 1 stay; the kurtosis of the result is at most some 6.
        let (mean, variance) = moments(pass.outputs.elements.map(Double.init))
        #expect(abs(mean) < 5 / total.squareRoot())
        #expect(abs(variance - 1) < 5 * (6 / total).squareRoot())
        #expect(try model.predict(x) == x)
    }

    /// For each mask decided element by element of a sample, which elements share a decision.
    @Test(
        arguments: [
            ([nil, 1, nil], false), ([nil, nil, 1], false), ([nil, 1, 1], false), ([1, nil, nil], true),
            ([1, 1, nil], true),
            ([nil, 5, 8], false),
        ] as [([Int?], Bool)]
    )
    func masks(_ noiseShape: [Int?], isShared: Bool) throws {
        let rate: Float = 0.4, batch = 300
        let run = try run(Dropout(rate: rate, noiseShape: noiseShape), [5, 8], batch: batch)
        let scale = 1 / (1 - rate)
        var decisions: [[Int]: Bool] = [:]
        let outputs = ReferenceTensor(run.pass.outputs)
        for (place, value) in run.pass.outputs.elements.enumerated() {
            let index = outputs.index(of: place)
            let decision = index.indices.map { noiseShape[$0] == 1 ? 0 : index[$0] }
            let isKept = value != 0
            #expect(decisions[decision] ?? isKept == isKept)
            decisions[decision] = isKept
            #expect(value == (isKept ? run.x.elements[place] * scale : 0))
            let gradient = isKept ? run.upstream.elements[place] * scale : 0
            #expect(run.pass.sampleGradient.elements[place] == gradient)
        }
        #expect(decisions.count == zip(noiseShape, outputs.shape).reduce(1) { $0 * ($1.0 ?? $1.1) })
        if !isShared {
            let share = Double(decisions.values.count { !$0 }) / Double(decisions.count)
            let deviation = (0.24 / Double(decisions.count)).squareRoot()
            #expect(abs(share - 0.4) < 5 * deviation)
        }
        #expect(run.used == run.x)
    }

    @Test func spatialDropout() throws {
        let layers: [(any Layer, Shape)] = [
            (SpatialDropout1D(rate: 0.5), [5, 6]), (SpatialDropout2D(rate: 0.5), [3, 4, 6]),
            (SpatialDropout3D(rate: 0.5), [2, 3, 2, 6]),
        ]
        for (layer, shape) in layers {
            func check(_ layer: some Layer) throws {
                let run = try run(layer, shape, batch: 200)
                var kept: [Bool?] = Array(repeating: nil, count: 200 * 6)
                for (place, value) in run.pass.outputs.elements.enumerated() {
                    let map = place / shape.elementCount * 6 + place % 6
                    #expect(kept[map] ?? (value != 0) == (value != 0))
                    kept[map] = value != 0
                    #expect(value == 0 || value == 2 * run.x.elements[place])
                }
                #expect(abs(Double(kept.count { $0 == true }) / 1200 - 0.5) < 5 * (0.25 / 1200).squareRoot())
            }
            try check(layer)
        }
    }

    /// Dropout has drawn these words from its first version on; a mask of the sample's shape draws the same.
    @Test func aMaskOfTheInputsShapeDropsWhatDropoutDrops() throws {
        let plain = try run(Dropout(rate: 0.3), [7, 11], batch: 9)
        let masked = try run(Dropout(rate: 0.3, noiseShape: [nil, nil, nil]), [7, 11], batch: 9)
        #expect(plain.pass.outputs == masked.pass.outputs)
        #expect(plain.pass.sampleGradient == masked.pass.sampleGradient)
    }

    @Test("A layer's own seed takes the place of the model's")
    func seeds() throws {
        let layers: [(UInt64?) -> any Layer] = [
            { Dropout(rate: 0.5, seed: $0) }, { Dropout(rate: 0.5, noiseShape: [nil, 1], seed: $0) },
            { AlphaDropout(rate: 0.5, seed: $0) }, { GaussianNoise(stddev: 1, seed: $0) },
            { GaussianDropout(rate: 0.5, seed: $0) },
        ]
        for layer in layers {
            func outputs(_ layer: some Layer, _ seed: UInt64) throws -> Tensor {
                try run(layer, [40], batch: 30, seed: seed).pass.outputs
            }
            #expect(try outputs(layer(nil), 1) == outputs(layer(1), 7))
            #expect(try outputs(layer(nil), 1) != outputs(layer(nil), 7))
            #expect(try outputs(layer(5), 1) == outputs(layer(5), 7))
            #expect(try outputs(layer(5), 1) != outputs(layer(6), 1))
        }
    }

    @Test("A run that is resumed draws the numbers that it would have drawn")
    func resume() throws {
        let folder = try TemporaryFolder()
        func model() throws -> Sequential {
            let model = try Sequential(inputShape: [6], seed: 2) {
                GaussianNoise(stddev: 0.5)
                Dense(units: 5, activation: .selu)
                AlphaDropout(rate: 0.2)
                GaussianDropout(rate: 0.3)
                Dropout(rate: 0.3, noiseShape: [1, nil])
                Dense(units: 2)
            }
            try model.compile(optimizer: .adam(), loss: .mse())
            return model
        }
        let x = try TestValues.uniform([20, 6], seed: 1), y = try TestValues.uniform([20, 2], seed: 2)
        let straight = try model()
        try straight.fit(x, y, batchSize: 8, epochs: 4, verbose: .silent)
        let first = try model()
        try first.fit(
            x,
            y,
            batchSize: 8,
            epochs: 2,
            verbose: .silent,
            checkpoint: .everyEpoch,
            at: folder.file("run")
        )
        let second = try model()
        try second.fit(
            x,
            y,
            batchSize: 8,
            epochs: 4,
            verbose: .silent,
            checkpoint: .everyEpoch,
            at: folder.file("run"),
            resume: true
        )
        #expect(second.parameters.map(\.values.bits) == straight.parameters.map(\.values.bits))
    }
}
