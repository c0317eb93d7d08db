import SwiftConvNet
import TestSupport
import Testing

@Suite("A schedule by closure in a saved model")
struct SavedScheduleTests {
    private let folder: TemporaryFolder
    private let x: Tensor
    private var path: String { folder.file("model.safetensors") }

    init() throws {
        folder = try TemporaryFolder()
        x = try Tensor([1, 2], shape: [2, 1])
    }

    private func trained(_ rate: LearningRate) throws -> Model {
        let model = try Sequential(inputShape: [1], layers: [Dense(units: 1)])
        try model.compile(optimizer: .adam(learningRate: rate), loss: .mse())
        try model.fit(x, x, epochs: 6, verbose: .silent)
        return model
    }

    private let halving = LearningRate.schedule { 0.1 / Float(1 << $0) }

    @Test("the rate of the step at hand is kept, marked as one of a schedule, and fit says so")
    func kept() throws {
        let model = try trained(halving)
        #expect(model.learningRate == 0.0015625)
        #expect(!model.hasFrozenSchedule)
        try model.save(to: path)
        let loaded = try Model.load(from: path)
        #expect(loaded.learningRate == 0.0015625)
        #expect(loaded.stepCount == 6)
        #expect(loaded.hasFrozenSchedule)
        let history = try loaded.fit(x, x, epochs: 2, verbose: .silent)
        #expect(history.warnings.count == 1)
        #expect(history.warnings.first?.contains("0.0015625") == true)
        #expect(history.epochs.map(\.learningRate) == [0.0015625, 0.0015625])
        // The step after the file is the one that the model itself takes.
        try model.fit(x, x, verbose: .silent)
        let again = try Model.load(from: path)
        try again.fit(x, x, verbose: .silent)
        #expect(try again.predict(x) == model.predict(x))
        // Saved once more it is still marked.
        try loaded.save(to: path)
        #expect(try Model.load(from: path).hasFrozenSchedule)
    }

    @Test("who sets a rate is not warned: by learningRate, a scheduler, or compile")
    func decided() throws {
        try trained(halving).save(to: path)
        let set = try Model.load(from: path)
        set.learningRate = 0.01
        #expect(!set.hasFrozenSchedule)
        #expect(try set.fit(x, x, verbose: .silent).warnings.isEmpty)
        try set.save(to: path)
        #expect(try Model.load(from: path).learningRate == 0.01)
        #expect(try !Model.load(from: path).hasFrozenSchedule)

        try trained(halving).save(to: path)
        let scheduled = try Model.load(from: path)
        let scheduler = LearningRateScheduler { epoch, _ in 0.1 / Float(1 + epoch) }
        #expect(try scheduled.fit(x, x, verbose: .silent, callbacks: [scheduler]).warnings.isEmpty)
        let compiled = try Model.load(from: path)
        try compiled.compile(optimizer: .adam(learningRate: halving), loss: .mse())
        #expect(!compiled.hasFrozenSchedule)
        #expect(compiled.learningRate == 0.1)
    }

    @Test("without the optimizer's state the schedule is back at step 0, and marked as well")
    func withoutState() throws {
        try trained(halving).save(to: path, includeOptimizer: false)
        let loaded = try Model.load(from: path)
        #expect(loaded.learningRate == 0.1)
        #expect(loaded.stepCount == 0)
        #expect(loaded.hasFrozenSchedule)
        try trained(0.05).save(to: path)
        #expect(try !Model.load(from: path).hasFrozenSchedule)
        let rate = try SafeTensors(contentsOf: path).metadata["compilation"]
        #expect(rate?.contains(#""learningRate":0.05"#) == true)
    }
}
