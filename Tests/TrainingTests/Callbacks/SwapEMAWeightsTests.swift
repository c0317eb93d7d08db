import SwiftConvNet
import TestSupport
import Testing

@Suite("SwapEMAWeights")
struct SwapEMAWeightsTests {
    private let x = Result { try TestValues.uniform([12, 3], seed: 1) }
    private let y = Result { try TestValues.uniform([12, 2], seed: 2) }

    private func model(_ rule: UpdateRule = UpdateRule(averageMomentum: 0.8)) throws -> Sequential {
        let model = try Sequential(inputShape: [3], seed: 5) { Dense(units: 2) }
        try model.compile(optimizer: .sgd(learningRate: 0.3), loss: .mse(), update: rule)
        return model
    }

    private func fit(_ model: Model, epochs: Int = 2, _ callbacks: [any Callback]) throws -> History {
        try model.fit(
            x.get(),
            y.get(),
            batchSize: 3,
            epochs: epochs,
            verbose: .silent,
            callbacks: callbacks,
            validationSplit: 0.25
        )
    }

    @Test("validation judges the averages, and training is as without the callback")
    func validation() throws {
        let plain = try model(), swapped = try model()
        var averaged: Double?
        // What the model becomes at the end of one epoch is its averages.
        let one = try model()
        _ = try fit(one, epochs: 1, [])
        averaged = try one.evaluate(
            x.get()[9..<12],
            y.get()[9..<12],
            batchSize: 3
        )["loss"]
        let history = try fit(swapped, [SwapEMAWeights()])
        let other = try fit(plain, [])
        #expect(history["val_loss"].first == averaged)
        #expect(history["val_loss"] != other["val_loss"] && history["loss"] == other["loss"])
        #expect(swapped.parameterDigest == plain.parameterDigest)
    }

    @Test("with swapsOnEpoch a later callback sees the averages")
    func epochs() throws {
        let swapped = try model()
        var seen: [String] = []
        let watcher = LambdaCallback(onEpochEnd: { _, session in
            seen.append("\(session.model.parameterDigest)")
        })
        _ = try fit(swapped, epochs: 1, [SwapEMAWeights(swapsOnEpoch: true), watcher])
        let one = try model()
        _ = try fit(one, epochs: 1, [])
        #expect(seen == ["\(one.parameterDigest)"] && swapped.parameterDigest == one.parameterDigest)
    }

    @Test("a checkpoint holds the parameters, and a resumed run ends in the same bits")
    func checkpoints() throws {
        let folder = try TemporaryFolder()
        func run(_ model: Model, epochs: Int, resume: Bool) throws {
            try model.fit(
                x.get(),
                y.get(),
                batchSize: 3,
                epochs: epochs,
                verbose: .silent,
                callbacks: [SwapEMAWeights(swapsOnEpoch: true)],
                checkpoint: .every(steps: 3),
                at: folder.file("kept"),
                resume: resume
            )
        }
        let whole = try model()
        _ = try whole.fit(
            x.get(),
            y.get(),
            batchSize: 3,
            epochs: 3,
            verbose: .silent,
            callbacks: [SwapEMAWeights(swapsOnEpoch: true)]
        )
        try run(model(), epochs: 1, resume: false)
        let resumed = try model()
        try run(resumed, epochs: 3, resume: true)
        #expect(resumed.parameterDigest == whole.parameterDigest)
    }

    @Test("a model without averages is an error before the first step")
    func errors() throws {
        let model = try model(UpdateRule())
        let error = #expect(throws: ConvNetError.self) { _ = try fit(model, [SwapEMAWeights()]) }
        #expect(error?.kind == .state && model.stepCount == 0)
    }
}
