import SwiftConvNet
import Testing

@Suite("The order of events, and how training ends")
struct TrainingEventTests {
    private let data: ArrayDataset

    init() throws { data = try ArrayDataset(Tensor(shape: [10, 1], repeating: 2), Tensor(zeros: [10, 1])) }

    /// Writes down what happens.
    private final class Diary {
        var lines: [String] = []

        func callback(_ name: String = "") -> LambdaCallback {
            LambdaCallback(
                onTrainBegin: { run, _ in self.lines.append("\(name)train \(run.epochs) \(run.stepsPerEpoch)")
                },
                onEpochBegin: { epoch, _ in self.lines.append("\(name)epoch \(epoch)") },
                onBatchEnd: { batch, _ in
                    self.lines.append("\(name)batch \(batch.epoch).\(batch.batch) \(batch.samplesSeen)")
                },
                onEpochEnd: { record, _ in self.lines.append("\(name)end \(record.epoch)") },
                onTrainEnd: { history, _ in self.lines.append("\(name)done \(history.epochs.count)") }
            )
        }
    }

    @Test("callbacks get every event in order, one after the other")
    func order() throws {
        let diary = Diary()
        try scriptedModel().fit(
            data,
            batchSize: 4,
            epochs: 2,
            verbose: .silent,
            callbacks: [diary.callback("a "), diary.callback("b ")]
        )
        let events = [
            "train 2 3", "epoch 1", "batch 1.1 4", "batch 1.2 8", "batch 1.3 10", "end 1",
            "epoch 2", "batch 2.1 4", "batch 2.2 8", "batch 2.3 10", "end 2", "done 2",
        ]
        #expect(diary.lines == events.flatMap { ["a \($0)", "b \($0)"] })
    }

    @Test("a stop in the middle of an epoch ends it at once, unrecorded")
    func stopInEpoch() throws {
        let diary = Diary()
        let stopper = LambdaCallback(onBatchEnd: { batch, session in
            if batch.epoch == 2, batch.batch == 2 { session.stop(because: "enough") }
        })
        let model = try scriptedModel()
        let history = try model.fit(
            data,
            batchSize: 4,
            epochs: 3,
            verbose: .silent,
            callbacks: [stopper, diary.callback()]
        )
        #expect(history.epochs.map(\.epoch) == [1])
        #expect(history.stopReason == "enough")
        #expect(diary.lines.suffix(4) == ["epoch 2", "batch 2.1 4", "batch 2.2 8", "done 1"])
        #expect(model.stepCount == 5)
    }

    @Test("what a callback throws comes out of fit, and the model keeps its last step")
    func thrown() throws {
        struct Odd: Error {}
        let model = try scriptedModel()
        let thrower = LambdaCallback(onBatchEnd: { batch, _ in if batch.batch == 2 { throw Odd() } })
        #expect(throws: Odd.self) {
            try model.fit(data, batchSize: 4, epochs: 3, verbose: .silent, callbacks: [thrower])
        }
        #expect(model.stepCount == 2)
        try model.fit(data, batchSize: 4, verbose: .silent)
        #expect(model.stepCount == 5)
    }

    @Test("TerminateOnNaN ends training at the batch, or throws")
    func notFinite() throws {
        // Predictions beyond the largest number: the loss is infinite.
        let x = try Tensor(shape: [10, 1]) { $0[0] < 4 ? 1 : 3e38 }
        let data = try ArrayDataset(x, Tensor(zeros: [10, 1]))
        func model() throws -> Sequential {
            let model = try Sequential(inputShape: [1], layers: [Activation(.linear)])
            try model.compile(loss: .mse())
            return model
        }
        let history = try model().fit(
            data,
            batchSize: 4,
            epochs: 5,
            verbose: .silent,
            callbacks: [TerminateOnNaN()],
            shuffle: false,
            nonFinite: .ignore
        )
        #expect(history.epochs.isEmpty)
        #expect(history.stopReason?.contains("epoch 1, batch 2") == true)
        let error = #expect(throws: ConvNetError.self) {
            try model().fit(
                data,
                batchSize: 4,
                verbose: .silent,
                callbacks: [TerminateOnNaN(raisesError: true)],
                shuffle: false,
                nonFinite: .ignore
            )
        }
        #expect(error?.kind == .numeric)
        let unguarded = try model().fit(
            data,
            batchSize: 4,
            epochs: 2,
            verbose: .silent,
            nonFinite: .ignore
        )
        #expect(unguarded.epochs.count == 2)
    }
}
