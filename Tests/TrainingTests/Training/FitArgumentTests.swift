import SwiftConvNet
import TestSupport
import Testing

/// Keras' figures are those of Keras 3.15.1 with TensorFlow: a `Dense(1)` of zeros, SGD with the rate 0, so that the mean squared
/// error of sample i is i, ten samples, batches of 2, not shuffled.
@Suite("fit: steps and validation")
struct FitArgumentTests {
    private let x: Tensor
    private let y: Tensor

    init() throws {
        x = try Tensor(shape: [10, 1]) { Float($0[0] + 1) }
        y = x.map { $0.squareRoot() }
    }

    private func model() throws -> Sequential {
        let model = try Sequential(inputShape: [1]) { Dense(1, kernelInitializer: .zeros) }
        try model.compile(optimizer: .sgd(learningRate: 0), loss: .meanSquaredError())
        return model
    }

    private func isClose(_ values: [Double], _ expected: [Double]) -> Bool {
        // Squares of square roots in single precision.
        values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 }
    }

    @Test(
        "an epoch of some steps goes on in the data where the one before has ended, as in Keras",
        arguments: [
            (2, 0, [2.5, 6.5, 9.5, 2.5, 6.5]), (3, 0, [3.5, 8.5, 3.5, 8.5, 3.5]),
            (7, 0, [5.5, 5.5, 5.5, 5.5, 5.5]),
            (5, 0, [5.5, 5.5, 5.5, 5.5, 5.5]), (2, 1, [2.5, 6.5, 9.5, 2.5]),
        ]
    )
    func stepsPerEpoch(steps: Int, initialEpoch: Int, losses: [Double]) throws {
        var runs: [TrainingRun] = []
        let history = try model().fit(
            x,
            y,
            batchSize: 2,
            epochs: 5,
            verbose: .silent,
            callbacks: [LambdaCallback(onTrainBegin: { run, _ in runs.append(run) })],
            shuffle: false,
            initialEpoch: initialEpoch,
            stepsPerEpoch: steps
        )
        #expect(isClose(history["loss"], losses), "\(history)")
        #expect(runs[0].stepsPerEpoch == min(steps, 5))
        #expect(runs[0].sampleCount == min(2 * steps, 10))
        #expect(history.warnings.count == (steps == 5 ? 0 : 1))
    }

    @Test("a pass over the data has one order, whatever the number of its epochs")
    func passesAreShuffledOnce() throws {
        func seen(_ steps: Int?, epochs: Int) throws -> [Double] {
            var losses: [Double] = []
            try model().fit(
                x,
                y,
                batchSize: 2,
                epochs: epochs,
                verbose: .silent,
                callbacks: [
                    LambdaCallback(onBatchEnd: { batch, _ in
                        losses.append((batch.values.loss ?? 0) * Double(batch.samplesSeen))
                    })
                ],
                stepsPerEpoch: steps
            )
            return losses
        }
        let whole = try seen(nil, epochs: 2)
        var batches: [Double] = []
        for (place, sum) in whole.enumerated() {
            batches.append(place.isMultiple(of: 5) ? sum : sum - whole[place - 1])
        }
        let single = try seen(1, epochs: 10)
        #expect(isClose(single, batches))
        #expect(try isClose(seen(.max, epochs: 2), whole))
    }

    @Test("validation takes the first batches, of a size of its own, after some epochs, as in Keras")
    func validation() throws {
        func losses(
            steps: Int? = nil,
            size: Int? = nil,
            frequency: ValidationFrequency = 1
        ) throws -> (History, [Double]) {
            let history = try model().fit(
                x,
                y,
                batchSize: 2,
                epochs: 5,
                verbose: .silent,
                validationData: (x, y),
                validationSteps: steps,
                validationBatchSize: size,
                validationFrequency: frequency
            )
            return (history, history["val_loss"])
        }
        #expect(try isClose(losses(steps: 1).1, [1.5, 1.5, 1.5, 1.5, 1.5]))
        #expect(try isClose(losses(steps: 2, size: 3).1, [3.5, 3.5, 3.5, 3.5, 3.5]))
        #expect(try isClose(losses(steps: 9).1, [5.5, 5.5, 5.5, 5.5, 5.5]))
        #expect(try isClose(losses(steps: .max, size: .max).1, [5.5, 5.5, 5.5, 5.5, 5.5]))
        let (every, values) = try losses(frequency: 2)
        #expect(isClose(values, [5.5, 5.5]))
        #expect(every.epochs.map { $0.values["val_loss"] != nil } == [false, true, false, true, false])
        let (listed, _) = try losses(frequency: [1, 4])
        #expect(listed.epochs.map { $0.values["val_loss"] != nil } == [true, false, false, true, false])
        #expect(listed.names == ["loss", "val_loss"])
    }

    @Test("a split is validated by the same rules")
    func splitWithSteps() throws {
        let history = try model().fit(
            x,
            y,
            batchSize: 2,
            epochs: 2,
            verbose: .silent,
            validationSplit: 0.4,
            validationSteps: 1,
            validationFrequency: 2
        )
        #expect(isClose(history["val_loss"], [7.5]))
    }

    @Test("validation data are tensors, with weights or without")
    func tuples() throws {
        let weights: [Float] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
        let dataset = try ArrayDataset(x, y)
        let plain = try model().fit(x, y, verbose: .silent, validationData: dataset)
        let tuple = try model().fit(x, y, verbose: .silent, validationData: (x, y))
        #expect(tuple["val_loss"] == plain["val_loss"])
        let weighted = try model().fit(
            x,
            y,
            verbose: .silent,
            validationData: dataset,
            validationSampleWeight: weights
        )
        let triple = try model().fit(x, y, verbose: .silent, validationData: (x, y, weights))
        #expect(triple["val_loss"] == weighted["val_loss"])
        // The last sample's loss is 10; it counts twice, the others not at all.
        #expect(isClose(triple["val_loss"], [2]))
    }

    @Test("the same for tasks")
    func tuplesForTasks() async throws {
        let weights: [Float] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
        let first = try model(), second = try model()
        let tuple = try await first.fit(x, y, verbose: .silent, validationData: (x, y))
        #expect(isClose(tuple["val_loss"], [5.5]))
        let triple = try await second.fit(x, y, verbose: .silent, validationData: (x, y, weights))
        #expect(isClose(triple["val_loss"], [2]))
    }

    @Test("numbers below 1 are errors that name the argument")
    func refusals() throws {
        let model = try model()
        let attempts: [(String, () throws -> History)] = [
            ("stepsPerEpoch", { try model.fit(x, y, verbose: .silent, stepsPerEpoch: 0) }),
            ("validationSteps", { try model.fit(x, y, verbose: .silent, validationSteps: -1) }),
            ("validationFrequency", { try model.fit(x, y, verbose: .silent, validationFrequency: 0) }),
            (
                "validationData, batchSize",
                { try model.fit(x, y, verbose: .silent, validationData: (x, y), validationBatchSize: 0) }
            ),
        ]
        for (argument, attempt) in attempts {
            let error = try #require(throws: ConvNetError.self) { _ = try attempt() }
            #expect(error.kind == .argument)
            #expect(error.location == argument)
        }
    }

    @Test("callbacks that monitor validation pass over epochs without it, with a warning")
    func monitors() throws {
        let history = try model().fit(
            x,
            y,
            epochs: 4,
            verbose: .silent,
            callbacks: [EarlyStopping(monitor: "val_loss", patience: 9)],
            validationData: (x, y),
            validationFrequency: 2
        )
        #expect(history.epochs.count == 4)
        #expect(history.warnings.contains { $0.contains("val_loss") })
    }

    @Test(
        "a run that is interrupted in the middle of a pass resumes to the same bits; one with other steps is refused"
    )
    func resuming() throws {
        let folder = try TemporaryFolder()
        func run(
            _ place: String,
            epochs: Int,
            steps: Int = 2,
            frequency: ValidationFrequency = 2,
            resume: Bool = true
        )
            throws -> (Model, History)
        {
            let model = try Sequential(
                inputShape: [1],
                layers: [Dense(3, activation: .tanh), Dense(1)],
                seed: 4
            )
            try model.compile(optimizer: .adam(), loss: .meanSquaredError())
            let history = try model.fit(
                x,
                y,
                batchSize: 2,
                epochs: epochs,
                verbose: .silent,
                validationData: (x, y),
                stepsPerEpoch: steps,
                validationFrequency: frequency,
                checkpoint: .every(steps: 1),
                at: folder.file(place),
                resume: resume
            )
            return (model, history)
        }
        let (straight, whole) = try run("straight", epochs: 7)
        // The third epoch is the short one; the fourth begins a pass.
        for cut in 1...6 {
            _ = try run("cut \(cut)", epochs: cut)
            let (resumed, history) = try run("cut \(cut)", epochs: 7)
            #expect(resumed.parameterDigest == straight.parameterDigest, "cut after \(cut)")
            #expect(history.epochs.map(\.values) == whole.epochs.map(\.values))
        }
        for attempt in [
            { try run("straight", epochs: 8, steps: 3) }, { try run("straight", epochs: 8, frequency: 3) },
            { try run("straight", epochs: 8, frequency: [7]) },
        ] {
            let error = try #require(throws: ConvNetError.self) { _ = try attempt() }
            #expect(error.kind == .state)
        }
    }
}
