import SwiftConvNet
import TestSupport
import Testing

@Suite("Metrics that callbacks monitor and that are not there")
struct MonitorTests {
    /// Logs "f1" in the epochs given.
    private final class Scorer: Callback {
        let receivesBatches = false
        let loggedNames = ["f1"]
        let epochs: Set<Int>
        init(_ epochs: Set<Int>) { self.epochs = epochs }
        func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
            guard case .epochEnded(let record) = event, epochs.contains(record.epoch) else { return }
            try session.log(0.5, as: "f1")
        }
    }

    @Test("a name that this run cannot have is an error before the first step, and lists those it has")
    func misspelt() throws {
        let folder = try TemporaryFolder()
        func checkpoint(
            _ name: String,
            _ monitor: String = "val_loss",
            _ frequency: ModelCheckpoint.Frequency = .epoch
        ) -> ModelCheckpoint {
            ModelCheckpoint(folder.file(name), monitor: monitor, saveBestOnly: true, frequency: frequency)
        }
        let all = "one of loss, score, val_loss, val_score"
        let cases: [(callback: any Callback, validates: Bool, expected: String?)] = [
            (EarlyStopping(), false, "one of loss, score"),
            (EarlyStopping(monitor: "val_acuracy", mode: .maximum), true, all),
            (ReduceLROnPlateau(monitor: "val_accuracy"), true, all + ", learning_rate"),
            (checkpoint("a", "accuracy"), true, all),
            (checkpoint("a", "val_loss", .batches(1)), true, "one of loss, score"),
            (
                ModelCheckpoint(folder.file("{val_los}")), true,
                "one of epoch, loss, score, val_loss, val_score"
            ),
            (
                ModelCheckpoint(folder.file("{val_loss:d}")), true,
                "such as 02d for whole numbers, .4f or .4e for others"
            ),
            // Nothing says which way a learning rate gets better.
            (ReduceLROnPlateau(monitor: "learning_rate"), false, nil),
        ]
        for (callback, validates, expected) in cases {
            let model = try scriptedModel()
            let error = #expect(throws: ConvNetError.self) {
                try runScript([1, 2], on: model, callbacks: [callback], validates: validates)
            }
            #expect(error?.kind == .argument)
            #expect(error?.expected == expected)
            #expect(try model.weight == 1)
        }
        #expect(try folder.names.isEmpty)
        let error = #expect(throws: ConvNetError.self) {
            try runScript([1], on: scriptedModel(), callbacks: [EarlyStopping()])
        }
        #expect(error?.remedy == "Give fit validationData or validationSplit")
    }

    @Test(
        "a value that a callback logs in some epochs only: a warning, once, and training goes on as in Keras"
    )
    func missing() throws {
        let folder = try TemporaryFolder()
        let stopping = EarlyStopping(monitor: "f1", patience: 1, mode: .maximum)
        let plateau = ReduceLROnPlateau(monitor: "f1", factor: 0.5, patience: 1, mode: .maximum)
        let checkpoint = ModelCheckpoint(
            folder.file("{epoch}"),
            monitor: "f1",
            saveBestOnly: true,
            saveWeightsOnly: true,
            mode: .maximum
        )
        let model = try scriptedModel()
        // Before "f1" is logged first, then in every second epoch.
        let history = try runScript(
            [1, 1, 1, 1, 1],
            on: model,
            callbacks: [Scorer([2, 4]), plateau, checkpoint, stopping]
        )
        #expect(history.warnings.count == 3)
        for owner in ["EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint"] {
            let warning = try #require(history.warnings.first { $0.hasPrefix(owner) })
            #expect(warning.contains("\"f1\"") && warning.contains("loss, score"))
        }
        // Keras saves the epochs that it cannot judge: all but the fourth, which is no better than the second.
        #expect(try folder.names == ["1", "2", "3"])
        #expect(history.epochs.count == 4)
        #expect(stopping.state.stoppedEpoch == 4)
        #expect(history["learning_rate"] == [1, 1, 1, 1])
        #expect(model.learningRate == 0.5)
    }

    @Test("warnings are printed with the progress, each once, on lines of their own")
    func printed() throws {
        for style in [ProgressLogger.Style.bar, .lines] {
            var text = ""
            let warner = LambdaCallback(
                onTrainBegin: { _, session in session.warn("before") },
                onEpochEnd: { _, session in session.warn("after") }
            )
            let history = try runScript(
                [1, 1, 1],
                on: scriptedModel(),
                callbacks: [warner, ProgressLogger(style, sink: { text += $0 })]
            )
            #expect(history.warnings == ["before", "after"])
            let lines = text.split(separator: "\n")
            #expect(lines[0] == "Warning: before")
            #expect(lines.count { $0 == "Warning: after" } == 1)
        }
    }
}
