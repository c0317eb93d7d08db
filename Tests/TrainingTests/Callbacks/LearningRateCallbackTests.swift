import SwiftConvNet
import Testing

@Suite("Callbacks that change the learning rate")
struct LearningRateCallbackTests {
    @Test("ReduceLROnPlateau waits, reduces, cools down and stops at the least rate")
    func plateau() throws {
        let figures: [Float] = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5]
        func rates(patience: Int, cooldown: Int = 0, minimum: Float = 0) throws -> [Float] {
            let plateau = ReduceLROnPlateau(
                monitor: "loss",
                factor: 0.5,
                patience: patience,
                cooldown: cooldown,
                minLearningRate: minimum
            )
            return try runScript(figures, on: scriptedModel(), callbacks: [plateau]).epochs.map(
                \.learningRate
            )
        }
        #expect(try rates(patience: 2) == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625])
        #expect(try rates(patience: 2, cooldown: 3) == [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25])
        #expect(try rates(patience: 1, minimum: 0.2) == [1, 1, 0.5, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2])
    }

    @Test("an improvement starts the count anew")
    func improvement() throws {
        let plateau = ReduceLROnPlateau(monitor: "score", factor: 0.5, patience: 2)
        let history = try runScript([1, 1, 2, 2, 2, 2], on: scriptedModel(), callbacks: [plateau])
        #expect(history.epochs.map(\.learningRate) == [1, 1, 1, 1, 1, 0.5])
        #expect(plateau.state.best == 2)
    }

    @Test("a factor that does not reduce is refused before training")
    func factor() throws {
        for factor: Double in [1, -0.5, .nan] {
            let model = try scriptedModel()
            let plateau = ReduceLROnPlateau(monitor: "loss", factor: factor)
            #expect(throws: ConvNetError.self) { try runScript([1], on: model, callbacks: [plateau]) }
            #expect(try model.weight == 1)
        }
    }

    @Test("LearningRateScheduler gets the epochs done before and the rate so far")
    func scheduler() throws {
        var calls: [(Int, Float)] = []
        let scheduler = LearningRateScheduler { epoch, rate in
            calls.append((epoch, rate))
            return rate / 2
        }
        let model = try scriptedModel()
        let history = try runScript([1, 1, 1, 1], on: model, callbacks: [scheduler], initialEpoch: 1)
        #expect(calls.map(\.0) == [1, 2, 3])
        #expect(calls.map(\.1) == [1, 0.5, 0.25])
        #expect(history.epochs.map(\.learningRate) == [0.5, 0.25, 0.125])
        #expect(try model.weight == 1.875)
        let odd = LearningRateScheduler { _, _ in -1 }
        #expect(throws: ConvNetError.self) { try runScript([1], on: scriptedModel(), callbacks: [odd]) }
    }

    @Test("a schedule by closure runs by steps, through epochs")
    func schedule() throws {
        let model = try scriptedModel(rate: .schedule { 1 / Float(1 << $0) })
        let history = try runScript([1, 1, 1], on: model, callbacks: [])
        #expect(history.epochs.map(\.learningRate) == [1, 0.5, 0.25])
        #expect(try model.weight == 2.75)
    }
}
