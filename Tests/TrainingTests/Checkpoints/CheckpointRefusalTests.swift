import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Checkpoints: what is refused")
struct CheckpointRefusalTests {
    /// A run of which one epoch is done, and how it might be gone on with.
    private struct Settings {
        var seed: UInt64 = 7
        var units = 3
        var layers = 1
        var optimizer: any Optimizer = .adam()
        var loss: any Loss = .sparseCategoricalCrossentropy()
        var metrics: [any Metric] = []
        var count = 20
        var labels: Int32 = 1
        var batchSize = 8
        var shuffle: Shuffle = true
        var validates = false
        var classWeight: [Int: Float]?
        var initialEpoch = 0
        var callbacks: [any Callback] = []

        func run(in folder: String, epochs: Int = 1, resume: Bool = true) throws {
            let model = try Sequential(
                inputShape: [4],
                layers: (0..<layers).map { _ in Dense(units: units) } + [
                    Dense(units: 3, activation: .softmax)
                ],
                seed: seed
            )
            try model.compile(optimizer: optimizer, loss: loss, metrics: metrics)
            let data = try ArrayDataset(
                TestValues.uniform([count, 4], seed: 1),
                Labels((0..<count).map { Int32($0) * labels % 3 })
            )
            try model.fit(
                data,
                batchSize: batchSize,
                epochs: epochs,
                verbose: .silent,
                callbacks: callbacks,
                validationData: validates ? data : nil,
                shuffle: shuffle,
                classWeight: classWeight,
                initialEpoch: initialEpoch,
                checkpoint: .every(steps: 2),
                at: folder,
                resume: resume
            )
        }
    }

    @Test("what the checkpoint was not made with is refused, and the difference is named")
    func otherRuns() throws {
        let folder = try TemporaryFolder()
        try Settings().run(in: folder.path)
        try Settings().run(in: folder.path, epochs: 2)
        func refusal(_ change: (inout Settings) -> Void) -> String {
            var settings = Settings()
            change(&settings)
            let error = #expect(throws: ConvNetError.self) { try settings.run(in: folder.path, epochs: 3) }
            #expect(error?.kind == .state)
            #expect(error?.location?.hasPrefix(folder.path) == true)
            return error?.description ?? ""
        }
        #expect(refusal { $0.units = 5 }.contains("differs in layer 1 ("))
        #expect(refusal { $0.units = 5 }.contains("\"units\":3"))
        #expect(refusal { $0.layers = 2 }.contains("differs in the number of layers ("))
        #expect(refusal { $0.seed = 8 }.contains("differs in the seed ("))
        #expect(refusal { $0.optimizer = .sgd() }.contains("differs in the optimizer ("))
        #expect(refusal { $0.optimizer = .adam(learningRate: 0.5) }.contains("\"learningRate\":0.5"))
        #expect(
            refusal { $0.loss = .sparseCategoricalCrossentropy(fromLogits: true) }.contains(
                "differs in the loss ("
            )
        )
        #expect(refusal { $0.metrics = [.accuracy] }.contains("differs in the metrics ("))
        #expect(refusal { $0.batchSize = 4 }.contains("differs in the batch size ("))
        #expect(refusal { $0.count = 24 }.contains("differs in the training data ("))
        #expect(refusal { $0.labels = 2 }.contains("differs in the training data ("))
        #expect(refusal { $0.validates = true }.contains("differs in the validation data ("))
        #expect(refusal { $0.shuffle = false }.contains("differs in shuffling ("))
        #expect(refusal { $0.classWeight = [0: 2] }.contains("differs in the weights of samples ("))
        #expect(refusal { $0.initialEpoch = 1 }.contains("differs in initialEpoch ("))
        #expect(refusal { $0.callbacks = [EarlyStopping()] }.contains("Expected: [], in this order"))
        // And nothing of it has hurt the checkpoints.
        try Settings().run(in: folder.path, epochs: 3)
    }

    @Test("an interval without a folder, a folder without an interval, odd numbers")
    func arguments() throws {
        let folder = try TemporaryFolder()
        func refusal(_ interval: CheckpointInterval?, _ path: String?, resume: Bool = false) -> String? {
            let error = #expect(throws: ConvNetError.self) {
                try InterruptedRun.model(threads: 1).fit(
                    SmallNetwork.images(),
                    SmallNetwork.labels(),
                    verbose: .silent,
                    checkpoint: interval,
                    at: path,
                    resume: resume
                )
            }
            #expect(error?.kind == .argument)
            return error?.received
        }
        #expect(refusal(.everyEpoch, nil) == "an interval, no folder, resume: false")
        #expect(refusal(.everyEpoch, "") == "an interval, no folder, resume: false")
        #expect(refusal(nil, folder.path) == "no interval, a folder, resume: false")
        #expect(refusal(nil, nil, resume: true) == "no interval, no folder, resume: true")
        #expect(refusal(.every(steps: 0), folder.path) == "0")
        #expect(refusal(.every(minutes: 0), folder.path) == "0.0")
        #expect(refusal(.every(minutes: .nan), folder.path) == "nan")
        #expect(try folder.names.isEmpty)
    }

    @Test("a new run does not overwrite one that has not ended, and replaces one that has")
    func beginsAnew() throws {
        let run = try InterruptedRun()
        #expect(throws: InterruptedRun.Crash.self) { try run.attempt(crashAfter: 10) }
        let error = #expect(throws: ConvNetError.self) { try run.attempt(resume: false) }
        #expect(error?.kind == .state)
        #expect(error?.received == "one of epoch 2, batch 2")
        let first = try run.attempt()
        #expect(try run.attempt(resume: false) == first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: run.checkpoints).count == 2)
    }

    @Test("two runs cannot use one folder at the same time")
    func locked() throws {
        let folder = try TemporaryFolder()
        var inner: ConvNetError?
        let outer = LambdaCallback(onTrainBegin: { _, _ in
            inner = #expect(throws: ConvNetError.self) { try Settings().run(in: folder.path) }
        })
        var settings = Settings()
        settings.callbacks = [outer]
        try settings.run(in: folder.path)
        #expect(inner?.summary.hasPrefix("Another run") == true)
    }
}
