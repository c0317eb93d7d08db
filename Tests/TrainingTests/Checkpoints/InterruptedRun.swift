import Foundation
import SwiftConvNet
import TestSupport

/// A run with everything in it that a checkpoint has to keep, which can be interrupted after any step, and resumed.
struct InterruptedRun {
    /// Thrown by what plays the crash.
    struct Crash: Error {}

    static let epochs = 6, sampleCount = 50, batchSize = 8
    static let stepsPerEpoch = 7

    let folder: TemporaryFolder
    var threads = 2
    var epochs = Self.epochs
    var interval = CheckpointInterval.every(steps: 3)

    init(threads: Int = 2, interval: CheckpointInterval = .every(steps: 3)) throws {
        folder = try TemporaryFolder()
        self.threads = threads
        self.interval = interval
    }

    /// The folder of the checkpoints.
    var checkpoints: String { folder.file("checkpoints") }

    /// What a run leaves that has to be equal; times are not among it.
    struct Result: Equatable {
        let model: [UInt8]
        let history: [String]
        let log: String
        let best: [UInt8]
        let stopReason: String?
        let plateau: ReduceLROnPlateau.State
    }

    static func model(threads: Int, seed: UInt64 = 11) throws -> Sequential {
        let model = try Sequential(
            inputShape: [8, 8, 1],
            name: "run",
            seed: seed,
            options: ComputeOptions(threads: threads)
        ) {
            Conv2D(filters: 4, kernelSize: 3, useBias: false)
            BatchNormalization()
            ReLU()
            MaxPooling2D(poolSize: 2)
            Flatten()
            Dropout(rate: 0.3)
            Dense(units: 3, activation: .softmax)
        }
        try model.compile(
            optimizer: .adam(learningRate: 0.02),
            loss: .sparseCategoricalCrossentropy(),
            metrics: [.accuracy]
        )
        return model
    }

    /// Samples that have nothing to do with the others, so that validation soon gets worse.
    private static func validation() throws -> ArrayDataset {
        try ArrayDataset(TestValues.uniform([20, 8, 8, 1], seed: 9), SmallNetwork.labels(20))
    }

    /// Trains from the beginning or, with `resume`, from the newest checkpoint; crashes after a step if told to.
    ///
    /// - Parameter crash: how many steps this attempt lives to see, none of them undone.
    func attempt(resume: Bool = true, crashAfter crash: Int? = nil, extra: [any Callback] = []) throws
        -> Result
    {
        let model = try Self.model(threads: threads)
        var steps = 0
        let plateau = ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 1, minDelta: 0.05)
        let history = try model.fit(
            SmallNetwork.images(Self.sampleCount),
            SmallNetwork.labels(Self.sampleCount),
            batchSize: Self.batchSize,
            epochs: epochs,
            verbose: .silent,
            callbacks: [
                LearningRateScheduler { epoch, rate in epoch > 1 ? rate * 0.9 : rate },
                plateau,
                EarlyStopping(monitor: "val_loss", minDelta: 0.5, patience: 2, restoreBestWeights: true),
                CSVLogger(folder.file("log.csv")),
                ModelCheckpoint(folder.file("best.safetensors"), monitor: "val_loss", saveBestOnly: true),
                LambdaCallback(onBatchEnd: { _, _ in
                    steps += 1
                    if steps == crash { throw Crash() }
                }),
            ] + extra,
            validationData: Self.validation(),
            checkpoint: interval,
            at: checkpoints,
            resume: resume
        )
        try model.save(to: folder.file("model.safetensors"))
        return Result(
            model: try FileContents.read(folder.file("model.safetensors"), limit: 1 << 24),
            history: history.epochs.map { record in
                let bits = record.values.values.map { String($0.bitPattern, radix: 16) }
                return "\(record.epoch) \(record.values.names) \(bits) \(record.learningRate.bitPattern)"
            },
            log: String(
                decoding: try FileContents.read(folder.file("log.csv"), limit: 1 << 20),
                as: UTF8.self
            ),
            best: (try? FileContents.read(folder.file("best.safetensors"), limit: 1 << 24)) ?? [],
            stopReason: history.stopReason,
            plateau: plateau.state
        )
    }

    /// Trains in as many attempts as it takes, each crashing after its number of steps, the last not at all.
    func attempts(crashAfter crashes: [Int]) throws -> Result {
        for crash in crashes {
            do {
                _ = try attempt(crashAfter: crash)
            } catch is Crash {}
        }
        return try attempt()
    }
}
