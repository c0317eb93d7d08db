import SwiftConvNet
import TestSupport
import Testing

@Suite("Batch normalisation keeps statistics")
struct BatchNormalizationTests {
    private func statistics(_ model: Model) throws -> (mean: [Float], variance: [Float]) {
        let all = try TestValues.parameters(of: model)
        return (
            try #require(all["batch_normalization/moving_mean"]).elements,
            try #require(all["batch_normalization/moving_variance"]).elements
        )
    }

    /// Some rows and channels; the second has so many rows that they come in several parts.
    @Test(arguments: [([4, 3, 5], 6), ([31, 37, 7], 19)] as [(Shape, Int)])
    func movingStatistics(_ shape: Shape, _ batch: Int) throws {
        let model = try singleLayerModel(BatchNormalization(momentum: 0.9), inputs: [shape])
        try TestValues.randomizeParameters(of: model, seed: 2)
        let before = try statistics(model)
        let x = try TestValues.uniform(shape.batched(batch), seed: 3, limit: 3)
        let pass = try TrainingPass(model, x, upstream: Tensor(shape: x.shape, repeating: 1))
        #expect(try statistics(model) == before)
        try model.setParameters(pass.states)
        let after = try statistics(model)
        let (mean, variance) = Reference.moments(ReferenceTensor(x))
        for channel in mean.indices {
            let expectedMean = 0.9 * Double(before.mean[channel]) + 0.1 * mean[channel]
            let expectedVariance = 0.9 * Double(before.variance[channel]) + 0.1 * variance[channel]
            #expect(abs(Double(after.mean[channel]) - expectedMean) < 1e-6)
            #expect(abs(Double(after.variance[channel]) - expectedVariance) < 1e-6)
        }
        // In use: with the moving statistics, and without moving them.
        let parameters = try TestValues.parameters(of: model).mapValues { $0.elements.map(Double.init) }
        let expected = Reference.normalize(
            ReferenceTensor(x),
            mean: after.mean.map(Double.init),
            variance: after.variance.map(Double.init),
            gamma: parameters["batch_normalization/gamma"],
            beta: parameters["batch_normalization/beta"],
            epsilon: 1e-3
        )
        expectClose(try model.predict(x), expected, tolerance: 2e-6, "in use")
        #expect(try statistics(model) == after)
    }

    @Test("gradients changes nothing; with apply it is a step of training")
    func gradientsChangeNothing() throws {
        func made() throws -> Sequential {
            let model = try Sequential(inputShape: [4], seed: 3) {
                BatchNormalization()
                Dropout(rate: 0.3)
                Dense(units: 2)
            }
            try model.compile(optimizer: .adam(), loss: .mse())
            return model
        }
        func values(_ model: Model) -> [[UInt32]] { model.parameters.map(\.values.bits) }
        let x = try TestValues.uniform([9, 4], seed: 1), y = try TestValues.uniform([9, 2], seed: 2)
        let model = try made(), twin = try made()
        let before = values(model)
        let gradients = try model.gradients(x, y), again = try model.gradients(x, y)
        #expect(gradients.parameters == again.parameters)
        #expect(values(model) == before)
        for _ in 0..<2 {
            try model.apply(model.gradients(x, y))
            try twin.trainOnBatch(x, y)
            #expect(values(model) == values(twin))
        }
        #expect(try statistics(model).mean != [0, 0, 0, 0])
    }

    /// A mean of 1000 with a deviation of 0.1: sums of squares in single precision would lose the variance.
    @Test func largeMeans() throws {
        let model = try singleLayerModel(BatchNormalization(momentum: 0), inputs: [[33, 33, 2]])
        let noise = try TestValues.uniform([40, 33, 33, 2], seed: 3, limit: 0.2)
        let x = try Tensor(noise.elements.map { 1000 + $0 }, shape: noise.shape)
        let pass = try TrainingPass(model, x, upstream: Tensor(shape: x.shape, repeating: 1))
        try model.setParameters(pass.states)
        let (mean, variance) = Reference.moments(ReferenceTensor(x))
        let found = try statistics(model)
        for channel in mean.indices {
            #expect(abs(Double(found.mean[channel]) - mean[channel]) < 1e-4)
            #expect(abs(Double(found.variance[channel]) / variance[channel] - 1) < 1e-6)
        }
    }

    @Test func aConstantChannelBecomesBeta() throws {
        let model = try singleLayerModel(BatchNormalization(), inputs: [[3]])
        try TestValues.randomizeParameters(of: model, seed: 2)
        let beta = try #require(TestValues.parameters(of: model)["batch_normalization/beta"])
        let x = try Tensor(shape: [8, 3], repeating: 2)
        let pass = try TrainingPass(model, x, upstream: TestValues.uniform(x.shape, seed: 1))
        for row in 0..<8 {
            for channel in 0..<3 { #expect(abs(pass.outputs[row, channel] - beta[channel]) < 1e-5) }
        }
    }
}

@Suite("Dropout drops at random while training")
struct DropoutTests {
    @Test(arguments: [Float(0.1), 0.5, 0.8])
    func dropsAShareAndScalesTheRest(_ rate: Float) throws {
        let model = try singleLayerModel(Dropout(rate: rate), inputs: [[500]])
        let x = try Tensor(shape: [64, 500], repeating: 1)
        let upstream = try TestValues.uniform([64, 500], seed: 4)
        let pass = try TrainingPass(model, x, upstream: upstream)
        let scale = 1 / (1 - rate)
        let outputs = pass.outputs.elements
        #expect(outputs.allSatisfy { $0 == 0 || $0 == scale })
        // Four standard deviations of a binomial distribution.
        let share = Double(outputs.count { $0 == 0 }) / 32_000
        let deviation = (Double(rate) * (1 - Double(rate)) / 32_000).squareRoot()
        #expect(abs(share - Double(rate)) < 4 * deviation)
        #expect(pass.sampleGradient.elements == zip(upstream.elements, outputs).map { $0 * $1 })
        #expect(try pass.outputs.sliced(0..<1) != pass.outputs.sliced(1..<2))
        #expect(try model.predict(x) == x)
    }

    @Test func dropsEverythingAtRateOne() throws {
        let model = try singleLayerModel(Dropout(rate: 1), inputs: [[50]])
        let x = try Tensor(shape: [3, 50], repeating: 1)
        let pass = try TrainingPass(model, x, upstream: x)
        #expect(pass.outputs.elements.allSatisfy { $0 == 0 })
        #expect(pass.sampleGradient.elements.allSatisfy { $0 == 0 })
    }

    @Test("The elements are those of the layer's name, whatever stands before it")
    func keyedByName() throws {
        let x = try Tensor(shape: [4, 60], repeating: 1)
        func outputs(_ layers: [any Layer]) throws -> Tensor {
            let model = try Sequential(inputShape: [60], layers: layers, seed: 1)
            return try TrainingPass(model, x, upstream: x).outputs
        }
        let drop = Dropout(rate: 0.5, name: "drop")
        let first = try outputs([drop])
        #expect(try outputs([Rescaling(scale: 1), Activation(.relu), drop, ReLU()]) == first)
        #expect(try outputs([Dropout(rate: 0.5, name: "other")]) != first)
        // Each application draws its own.
        let shared = SharedLayer(drop)
        let twice = try Sequential(inputShape: [60], layers: [shared, shared], seed: 1)
        let kept = try TrainingPass(twice, x, upstream: x).outputs.elements.count { $0 != 0 }
        #expect(abs(Double(kept) / 240 - 0.25) < 0.12)
    }

    @Test("A batch that is left out draws numbers, too: the next one draws others")
    func batchesAreCounted() throws {
        func model() throws -> Sequential {
            let model = try Sequential(inputShape: [3], seed: 1) {
                Dropout(rate: 0.5)
                Dense(units: 2)
            }
            try model.compile(optimizer: .sgd(learningRate: 0), loss: .mse())
            return model
        }
        let x = try Tensor(shape: [4, 3], repeating: 1)
        let bad = try Tensor([1, 1, 1, 3e38, 3e38, 3e38], shape: [2, 3])
        let y = try Tensor(zeros: [2, 2])
        let skipping = try model(), straight = try model()
        try skipping.setWeights([Tensor(shape: [3, 2], repeating: 1), Tensor(zeros: [2])])
        try straight.setWeights(skipping.parameters.map(\.values))
        try skipping.fit(
            Tensor(x.sliced(0..<2).elements + bad.elements, shape: [4, 3]),
            Tensor(zeros: [4, 2]),
            batchSize: 2,
            verbose: .silent,
            shuffle: false,
            nonFinite: .skipBatch
        )
        try straight.fit(x, Tensor(zeros: [4, 2]), batchSize: 2, verbose: .silent, shuffle: false)
        #expect(skipping.stepCount == 1)
        #expect(straight.stepCount == 2)
        let samples = try x.sliced(0..<2)
        #expect(
            try skipping.gradients(samples, y, includingSamples: true).samples
                == straight.gradients(samples, y, includingSamples: true).samples
        )
    }

    @Test func dependsOnSeedStepAndPlace() throws {
        let x = try Tensor(shape: [4, 60], repeating: 1)
        func outputs(seed: UInt64, steps: Int = 0) throws -> Tensor {
            let model = try Sequential(inputShape: [60], layers: [Dropout(rate: 0.5)], seed: seed)
            try model.compile(loss: SquaredError())
            for _ in 0..<steps { try model.trainOnBatch(x, x) }
            // The gradient of the squared error with targets of 0 is the output, but for a factor.
            let zeros = try Tensor(zeros: x.shape)
            return try #require(try model.gradients(x, zeros, includingSamples: true).samples)
        }
        let first = try outputs(seed: 1)
        #expect(try outputs(seed: 1) == first)
        #expect(try outputs(seed: 2) != first)
        #expect(try outputs(seed: 1, steps: 1) != first)
        let two = try Sequential(inputShape: [60], layers: [Dropout(rate: 0.5), Dropout(rate: 0.5)], seed: 1)
        let pass = try TrainingPass(two, x, upstream: x)
        let quarter = Double(pass.outputs.elements.count { $0 != 0 }) / 240
        #expect(abs(quarter - 0.25) < 0.12, "two layers of one model drop the same elements")
    }
}
