import SwiftConvNet
import Testing

@Suite("EarlyStopping")
struct EarlyStoppingTests {
    @Test("stops after patience epochs without improvement; without restoring, the last weights stay")
    func patience() throws {
        for (patience, epochs) in [(0, 3), (1, 3), (2, 4), (3, 5), (4, 6)] {
            let model = try scriptedModel()
            let stopping = EarlyStopping(monitor: "loss", patience: patience)
            let history = try runScript([5, 4, 4, 4.5, 6, 4, 3], on: model, callbacks: [stopping])
            #expect(history.epochs.count == epochs, "patience \(patience)")
            #expect(stopping.state.stoppedEpoch == epochs)
            #expect(stopping.state.bestEpoch == 2)
            #expect(stopping.state.best == 4)
            #expect(history.stopReason?.contains("loss") == true)
            #expect(try model.weight == Float(epochs + 1))
        }
    }

    @Test("the best epoch's weights are put back, stopped early or not")
    func restores() throws {
        let stopped = try scriptedModel()
        let callback = EarlyStopping(monitor: "val_loss", patience: 2, restoreBestWeights: true)
        let history = try runScript([5, 4, 6, 7, 1], on: stopped, callbacks: [callback], validates: true)
        #expect(history.epochs.count == 4)
        #expect(try stopped.weight == 3)

        let finished = try scriptedModel()
        let unstopped = try runScript([5, 4, 6], on: finished, callbacks: [callback], validates: true)
        #expect(unstopped.stopReason == nil)
        #expect(unstopped.epochs.count == 3)
        #expect(callback.state.stoppedEpoch == 0)
        #expect(try finished.weight == 3)
    }

    @Test("metrics get better upwards, and a mode can say otherwise")
    func modes() throws {
        func epochs(_ monitor: String, _ mode: MonitorMode, _ figures: [Float]) throws -> Int {
            let stopping = EarlyStopping(monitor: monitor, mode: mode)
            return try runScript(figures, on: scriptedModel(), callbacks: [stopping], validates: true).epochs
                .count
        }
        #expect(try epochs("score", .automatic, [1, 2, 3, 2, 1]) == 4)
        #expect(try epochs("val_score", .automatic, [1, 2, 3, 2, 1]) == 4)
        #expect(try epochs("score", .minimum, [1, 2, 3, 2, 1]) == 2)
        #expect(try epochs("val_loss", .automatic, [1, 2, 3, 2, 1]) == 2)
        #expect(try epochs("val_loss", .maximum, [1, 2, 3, 2, 1]) == 4)
    }

    @Test("changes up to minDelta are no improvement, and small steps do not add up")
    func minDelta() throws {
        let stopping = EarlyStopping(monitor: "loss", minDelta: -0.5, patience: 2)
        let history = try runScript([5, 4.5, 4.25, 1, 1], on: scriptedModel(), callbacks: [stopping])
        // 4.5 is no improvement on 5, 4.25 is one.
        #expect(history.epochs.count == 5)
        #expect(stopping.state.bestEpoch == 4)
        let drift = EarlyStopping(monitor: "loss", minDelta: 0.5, patience: 2)
        #expect(
            try runScript([5, 4.75, 4.5, 4.25], on: scriptedModel(), callbacks: [drift]).epochs.count == 3
        )
    }

    @Test("while the baseline is not beaten, epochs count as without improvement")
    func baseline() throws {
        let failing = EarlyStopping(monitor: "loss", patience: 2, baseline: 3)
        // As in Keras, a new best never ends training by itself.
        #expect(
            try runScript([5, 4, 4, 3.5, 2], on: scriptedModel(), callbacks: [failing]).epochs.count == 3
        )
        let beating = EarlyStopping(monitor: "loss", patience: 2, baseline: 3)
        #expect(try runScript([5, 2, 2.5, 1], on: scriptedModel(), callbacks: [beating]).epochs.count == 4)
    }

    @Test("epochs at the beginning can be left unwatched")
    func startFromEpoch() throws {
        let stopping = EarlyStopping(monitor: "loss", restoreBestWeights: true, startFromEpoch: 2)
        let model = try scriptedModel()
        let history = try runScript([1, 2, 5, 4, 4.5, 3], on: model, callbacks: [stopping])
        #expect(history.epochs.count == 5)
        #expect(try model.weight == 5)
    }

    @Test("the first epoch never stops training; a callback can be used again")
    func again() throws {
        let stopping = EarlyStopping(monitor: "loss", patience: 0, baseline: 0)
        for _ in 0..<2 {
            #expect(try runScript([5, 6], on: scriptedModel(), callbacks: [stopping]).epochs.count == 2)
        }
        #expect(try runScript([5], on: scriptedModel(), callbacks: [stopping]).stopReason == nil)
    }

    @Test("a figure that is not there is an error that names those that are")
    func missing() throws {
        let model = try scriptedModel()
        var epochs = 0
        let counter = LambdaCallback(onEpochEnd: { _, _ in epochs += 1 })
        let error = #expect(throws: ConvNetError.self) {
            try runScript([1, 2], on: model, callbacks: [counter, EarlyStopping()])
        }
        #expect(error?.kind == .argument)
        #expect(error?.expected == "one of loss, score")
        #expect(error?.remedy?.contains("validation") == true)
        #expect(epochs == 0)
        let other = #expect(throws: ConvNetError.self) {
            try runScript([1], on: model, callbacks: [EarlyStopping(monitor: "f1")], validates: true)
        }
        #expect(other?.expected == "one of loss, score, val_loss, val_score")
    }
}
