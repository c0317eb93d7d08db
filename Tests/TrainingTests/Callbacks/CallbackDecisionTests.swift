import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// What `callbacks.json` says of decisions; `callbacks.py` makes the same calls.
private struct CallbackDecisions: Decodable {
    struct Case: Decodable, Sendable {
        let callback: String
        let arguments: [String: Golden.Argument]
        /// Of each epoch, or batch; `nil` is NaN.
        let series: [Double?]
        var waits: [Int]?
        var stopped: Int?
        var best: Double?
        var weight: Double?
        var rates: [Double]?
        var saved: [String]?
        var done: Int?
        var raises: Bool?
        var seen: [Double]?
        var validated: [Double]?
        var run: [Int]?

        var numbers: [Double] { series.map { $0 ?? .nan } }
        func number(_ name: String) -> Double? { arguments[name]?.number }
        func integer(_ name: String, _ value: Int) -> Int { arguments[name]?.integer ?? value }
        func flag(_ name: String) -> Bool { arguments[name]?.flag ?? false }
        var mode: MonitorMode { arguments["mode"]?.text == "max" ? .maximum : .minimum }
        var name: String { "\(callback), \(arguments), \(series)" }
    }

    let decisions: [Case]

    static func cases(of callback: String) throws -> [Case] {
        let cases = try Golden.read("callbacks", as: Self.self).decisions.filter { $0.callback == callback }
        // At least two settings each.
        #expect(cases.count >= 2, "\(callback)")
        return cases
    }
}

/// Logs the numbers of a script, one for each epoch, as "score".
private final class ScriptedLog: Callback {
    let receivesBatches = false
    let loggedNames = ["score"]
    private let values: [Double]

    init(_ values: [Double]) { self.values = values }

    func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        guard case .epochEnded(let record) = event else { return }
        try session.log(values[record.epoch - 1], as: "score")
    }
}

/// Samples whose batches of one have the losses of a script, epoch after epoch.
private final class ScriptedBatches: Sendable {
    /// The loss is the number of the batch at hand in a script; its gradient is 0.
    struct Loss: SwiftConvNet.Loss {
        static let kind = "ScriptedBatches.Loss"
        let script: ScriptedBatches
        init(_ script: ScriptedBatches) { self.script = script }
        init(from decoder: any Decoder) { script = ScriptedBatches([]) }
        func encode(to encoder: any Encoder) {}
        func validate(output: Shape, targets: TargetKind) {}
        func evaluate(_ sample: LossSample) -> Float {
            sample.gradient?[0] = 0
            return script.next()
        }
    }

    private let values: [Float]
    private let place = Lock(0)

    init(_ values: [Double]) { self.values = values.map { Float($0) } }

    var done: Int { place.withLock { $0 } }
    func next() -> Float {
        place.withLock { place in
            defer { place += 1 }
            return values[place]
        }
    }
}

@Suite("What callbacks decide, against Keras")
struct CallbackDecisionTests {
    /// Runs a scripted model through a series.
    @discardableResult
    private func run(
        _ golden: CallbackDecisions.Case,
        _ callback: any Callback,
        rate: LearningRate = 1,
        watch: @escaping (TrainingSession) -> Void = { _ in }
    ) throws -> (model: Model, history: History) {
        let model = try scriptedModel(rate: rate)
        let watcher = LambdaCallback(onEpochEnd: { _, session in watch(session) })
        let history = try runScript(
            golden.series.map { _ in 0 },
            on: model,
            callbacks: [ScriptedLog(golden.numbers), callback, watcher]
        )
        return (model, history)
    }

    private func earlyStopping(_ golden: CallbackDecisions.Case) -> EarlyStopping {
        EarlyStopping(
            monitor: "score",
            minDelta: golden.number("min_delta") ?? 0,
            patience: golden.integer("patience", 0),
            mode: golden.mode,
            baseline: golden.number("baseline"),
            restoreBestWeights: golden.flag("restore_best_weights"),
            startFromEpoch: golden.integer("start_from_epoch", 0)
        )
    }

    @Test("EarlyStopping counts, stops and puts back as Keras'")
    func stopping() throws {
        var stops = 0
        for golden in try CallbackDecisions.cases(of: "EarlyStopping") {
            let callback = earlyStopping(golden)
            var waits: [Int] = []
            let (model, _) = try run(golden, callback) { _ in waits.append(callback.state.wait) }
            guard golden.series.first != .some(nil) else {
                // Keras takes NaN for the best once it is the first value, and stops in the fourth epoch whatever follows.
                #expect(golden.stopped == 4 && golden.best == nil)
                #expect(callback.state.stoppedEpoch == 0 && callback.state.best == 0.125)
                continue
            }
            #expect(waits == golden.waits, "\(golden.name)")
            #expect(callback.state.stoppedEpoch == golden.stopped, "\(golden.name)")
            #expect(callback.state.best == golden.best, "\(golden.name)")
            // The weight is 1 at first and grows by 1 in each epoch.
            #expect(Double(try model.weight) - 1 == golden.weight, "\(golden.name)")
            stops += golden.stopped == 0 ? 0 : 1
        }
        #expect(stops > 10)
    }

    @Test("ReduceLROnPlateau has Keras' rates after each epoch")
    func plateaus() throws {
        for golden in try CallbackDecisions.cases(of: "ReduceLROnPlateau") {
            var rates: [Float] = []
            let callback = ReduceLROnPlateau(
                monitor: "score",
                factor: golden.number("factor") ?? 0.1,
                patience: golden.integer("patience", 10),
                mode: golden.mode,
                minDelta: golden.number("min_delta") ?? 1e-4,
                cooldown: golden.integer("cooldown", 0),
                minLearningRate: Float(golden.number("min_lr") ?? 0)
            )
            try run(golden, callback, rate: 0.5) { rates.append($0.learningRate) }
            #expect(rates == golden.rates?.map { Float($0) }, "\(golden.name)")
            #expect(Set(rates).count > 1, "\(golden.name)")
        }
    }

    @Test("LearningRateScheduler has Keras' rates")
    func schedules() throws {
        // In double precision, as Python computes, from a rate that is a float.
        let schedules: [String: (Int, Double) -> Double] = [
            "half": { _, rate in 0.5 * rate },
            "steps": { epoch, rate in epoch < 2 ? rate : epoch % 2 == 0 ? rate * 0.1 : rate + 0.01 },
            "formula": { epoch, _ in 1 / (3 + Double(epoch)) },
        ]
        for golden in try CallbackDecisions.cases(of: "LearningRateScheduler") {
            let schedule = try #require(schedules[golden.arguments["schedule"]?.text ?? ""])
            var rates: [Float] = []
            let callback = LearningRateScheduler { Float(schedule($0, Double($1))) }
            try run(golden, callback, rate: 0.7) { rates.append($0.learningRate) }
            #expect(rates == golden.rates?.map { Float($0) }, "\(golden.name)")
        }
    }

    @Test("ModelCheckpoint saves after Keras' epochs")
    func checkpoints() throws {
        for golden in try CallbackDecisions.cases(of: "ModelCheckpoint") {
            let folder = try TemporaryFolder()
            let callback = ModelCheckpoint(
                folder.file("{epoch}.safetensors"),
                monitor: "score",
                saveBestOnly: golden.flag("save_best_only"),
                saveWeightsOnly: true,
                mode: golden.mode,
                initialValueThreshold: golden.number("initial_value_threshold")
            )
            try run(golden, callback)
            #expect(try files(in: folder) == Set(golden.saved ?? []), "\(golden.name)")
        }
    }

    @Test("ModelCheckpoint saves after Keras' batches")
    func checkpointsOfBatches() throws {
        for golden in try CallbackDecisions.cases(of: "ModelCheckpoint, batches") {
            let folder = try TemporaryFolder()
            let callback = ModelCheckpoint(
                folder.file("{epoch}-{batch}.safetensors"),
                saveWeightsOnly: true,
                frequency: .batches(golden.integer("save_freq", 0))
            )
            let batches = golden.integer("batches", 1)
            try model(rate: 0.1).fit(
                Tensor(zeros: [batches, 1]),
                Tensor(zeros: [batches, 1]),
                batchSize: 1,
                epochs: golden.integer("epochs", 1),
                verbose: .silent,
                callbacks: [callback]
            )
            #expect(try files(in: folder) == Set(golden.saved ?? []), "\(golden.name)")
        }
    }

    private func files(in folder: TemporaryFolder) throws -> Set<String> {
        Set(try folder.names.map { $0.replacingOccurrences(of: ".safetensors", with: "") })
    }

    @Test("TerminateOnNaN ends training after Keras' batch")
    func notFinite() throws {
        for golden in try CallbackDecisions.cases(of: "TerminateOnNaN") {
            let script = ScriptedBatches(golden.numbers)
            let model = try Sequential(inputShape: [1], layers: [Dense(units: 1)])
            try model.compile(optimizer: .sgd(), loss: ScriptedBatches.Loss(script))
            let batches = golden.integer("batches", 1)
            var raises = false
            do {
                try model.fit(
                    Tensor(zeros: [batches, 1]),
                    Tensor(zeros: [batches, 1]),
                    batchSize: 1,
                    epochs: golden.series.count / batches,
                    verbose: .silent,
                    callbacks: [TerminateOnNaN(raisesError: golden.flag("raise_error"))],
                    nonFinite: .ignore
                )
            } catch let error as ConvNetError {
                #expect(error.kind == .numeric)
                raises = true
            }
            #expect(script.done == golden.done, "\(golden.name)")
            #expect(raises == golden.raises, "\(golden.name)")
        }
    }

    /// One weight, 1 at first; each step of gradient 1 takes the rate away.
    private func model(rate: LearningRate, momentum: Double? = nil) throws -> Model {
        let model = try Sequential(
            inputShape: [1],
            layers: [Dense(units: 1, useBias: false, kernelInitializer: .ones)]
        )
        try model.compile(
            optimizer: .sgd(learningRate: rate),
            loss: .meanAbsoluteError(),
            update: UpdateRule(averageMomentum: momentum.map { Float($0) })
        )
        return model
    }

    @Test("SwapEMAWeights shows Keras' weights to validation, to later callbacks, and in the end")
    func averages() throws {
        let one = try Tensor([1], shape: [1, 1]), zero = try Tensor(zeros: [1, 1])
        for golden in try CallbackDecisions.cases(of: "SwapEMAWeights") {
            let model = try model(rate: 0.125, momentum: golden.number("momentum"))
            var seen: [Double] = []
            let watcher = LambdaCallback(onEpochEnd: { _, session in
                seen.append(Double(try session.model.value("dense/kernel").elements[0]))
            })
            let batches = golden.integer("batches", 1)
            let history = try model.fit(
                Tensor(shape: [batches, 1], repeating: 1),
                Tensor(zeros: [batches, 1]),
                batchSize: 1,
                epochs: golden.integer("epochs", 1),
                verbose: .silent,
                callbacks: [SwapEMAWeights(swapsOnEpoch: golden.flag("swap_on_epoch")), watcher],
                validationData: ArrayDataset(one, zero)
            )
            #expect(seen == golden.seen, "\(golden.name)")
            #expect(history["val_loss"] == golden.validated, "\(golden.name)")
            #expect(Double(try model.value("dense/kernel").elements[0]) == golden.weight, "\(golden.name)")
        }
    }

    @Test("checkpoints after epochs resume in the epoch in which Keras' BackupAndRestore resumes")
    func backups() throws {
        struct Interruption: Error {}
        let data = try ArrayDataset(Tensor(shape: [4, 1], repeating: 1), Tensor(zeros: [4, 1]))
        for golden in try CallbackDecisions.cases(of: "BackupAndRestore") {
            let folder = try TemporaryFolder()
            let interrupted = golden.integer("interrupted", 0)
            func fit(raisesIn epoch: Int?) throws -> (epochs: [Int], weight: Double) {
                let model = try model(rate: 0.125)
                var epochs: [Int] = []
                let watcher = LambdaCallback(
                    onEpochBegin: { number, _ in epochs.append(number) },
                    onBatchEnd: { record, _ in if record.epoch == epoch { throw Interruption() } }
                )
                do {
                    try model.fit(
                        data,
                        batchSize: 4,
                        epochs: 5,
                        verbose: .silent,
                        callbacks: [watcher],
                        checkpoint: .everyEpoch,
                        at: folder.file("backup"),
                        resume: true
                    )
                } catch is Interruption {}
                return (epochs, Double(try model.value("dense/kernel").elements[0]))
            }
            _ = try fit(raisesIn: interrupted == 0 ? nil : interrupted)
            // Keras deletes the files of a run that has ended; here they are the user's.
            if interrupted == 0, golden.flag("delete_checkpoint") {
                try FileManager.default.removeItem(atPath: folder.file("backup"))
            }
            let second = try fit(raisesIn: nil)
            #expect(second.epochs == golden.run, "\(golden.name)")
            #expect(second.weight == golden.weight, "\(golden.name)")
        }
    }
}
