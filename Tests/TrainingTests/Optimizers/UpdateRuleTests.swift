import SwiftConvNet
import TestSupport
import Testing

@Suite("Update rules")
struct UpdateRuleTests {
    private func model(_ rule: UpdateRule, optimizer: any Optimizer = .sgd(learningRate: 0.5)) throws
        -> Sequential
    {
        let model = try Sequential(inputShape: [2], seed: 3) {
            Dense(units: 3, name: "first")
            Dense(units: 1, name: "second")
        }
        try model.compile(optimizer: optimizer, loss: .mse(), update: rule)
        return model
    }

    private let x = try? Tensor([1, 2, 3, -1, 0, 1, 2, 2], shape: [4, 2])
    private let y = try? Tensor([1, 0, -1, 2], shape: [4, 1])

    @Test("a group learns at its own rate: 0 leaves it, and the others as they would be")
    func rates() throws {
        let x = try #require(x), y = try #require(y)
        let plain = try model(UpdateRule())
        let slow = try model(UpdateRule(groups: [.init(layers: ["first"], rateFactor: 0)]))
        let before = try slow.value("first/kernel").elements
        try plain.trainOnBatch(x, y)
        try slow.trainOnBatch(x, y)
        #expect(try slow.value("first/kernel").elements == before)
        #expect(try slow.value("second/kernel").elements == plain.value("second/kernel").elements)
        let half = try model(UpdateRule(groups: [.init(parameters: ["bias"], rateFactor: 0.5)]))
        try half.trainOnBatch(x, y)
        let whole = try plain.value("second/bias").elements[0]
        #expect(try abs(half.value("second/bias").elements[0] - whole / 2) < 1e-7)
    }

    @Test("the mean of two batches' gradients is the gradient of the batch of both")
    func accumulation() throws {
        let x = try #require(x), y = try #require(y)
        let whole = try model(UpdateRule())
        try whole.fit(x, y, batchSize: 4, verbose: .silent, shuffle: false)
        let parts = try model(UpdateRule(accumulatedBatches: 2))
        try parts.fit(x, y, batchSize: 2, verbose: .silent, shuffle: false)
        for name in ["first/kernel", "second/kernel", "second/bias"] {
            let difference = try relativeDifference(parts.value(name).elements, whole.value(name).elements)
            #expect(difference < 1e-6, "\(name)")
        }
        #expect(parts.stepCount == 2)
    }

    @Test("fit ends with the averages in place of the parameters")
    func averages() throws {
        let x = try #require(x), y = try #require(y)
        let plain = try model(UpdateRule()), averaged = try model(UpdateRule(averageMomentum: 0.75))
        var average: [Float] = []
        for step in 0..<3 {
            try plain.trainOnBatch(x, y)
            let values = try plain.value("first/kernel").elements
            average = step == 0 ? values : zip(average, values).map { 0.75 * $0 + 0.25 * $1 }
        }
        try averaged.fit(x, y, batchSize: 4, epochs: 3, verbose: .silent, shuffle: false)
        #expect(try relativeDifference(averaged.value("first/kernel").elements, average) < 1e-6)
    }

    @Test("settings that cannot be are errors")
    func errors() throws {
        func message(_ rule: UpdateRule) -> String {
            do {
                _ = try model(rule)
                return ""
            } catch { return "\(error)" }
        }
        #expect(message(UpdateRule(accumulatedBatches: 0)).contains("accumulatedBatches"))
        #expect(message(UpdateRule(averageMomentum: 2)).contains("averageMomentum"))
        #expect(message(UpdateRule(overwritesEvery: 3)).contains("without averages"))
        #expect(message(UpdateRule(groups: [.init(layers: ["third"])])).contains("third"))
        #expect(message(UpdateRule(groups: [.init(rateFactor: .nan)])).contains("rateFactor"))
    }

    @Test("settings of schedules that cannot be are errors")
    func schedules() throws {
        let odd: [LearningRate] = [
            .exponentialDecay(initialLearningRate: 0.1, decaySteps: 0, decayRate: 0.5),
            .inverseTimeDecay(initialLearningRate: 0.1, decaySteps: 1, decayRate: -1),
            .polynomialDecay(initialLearningRate: 0.1, decaySteps: 1, power: .nan),
            .cosineDecay(initialLearningRate: 0.1, decaySteps: 3, warmupSteps: -1),
            .cosineDecayRestarts(initialLearningRate: 0.1, firstDecaySteps: 3, tMul: 0.5),
            .piecewiseConstantDecay(boundaries: [3, 2], values: [1, 2, 3]),
            .piecewiseConstantDecay(boundaries: [3], values: [1]),
        ]
        for rate in odd {
            #expect(throws: ConvNetError.self) {
                _ = try model(UpdateRule(), optimizer: .sgd(learningRate: rate))
            }
        }
    }
}
