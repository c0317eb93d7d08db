import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// `callbacks.json`.
private struct CallbackGoldens: Decodable {
    struct Case: Decodable {
        let name: String
        let file: String
        let history: [String: [Double]]
    }

    let cases: [Case]
}

/// The same calls as in `callbacks.py`.
@Suite("Callbacks against Keras")
struct CallbackGoldenTests {
    private let goldens: CallbackGoldens
    private let folder: TemporaryFolder
    private let path: String
    private let data: ArrayDataset

    init() throws {
        goldens = try Golden.read("callbacks")
        folder = try TemporaryFolder()
        path = folder.file("log.csv")
        data = try ArrayDataset(Tensor(shape: [4, 1], repeating: 1), Tensor(zeros: [4, 1]))
    }

    private func model() throws -> Model {
        let model = try Sequential(
            inputShape: [1],
            layers: [Dense(units: 1, useBias: false, kernelInitializer: .ones)]
        )
        try model.compile(
            optimizer: .sgd(learningRate: 0.25),
            loss: .meanAbsoluteError(),
            metrics: [.accuracy]
        )
        return model
    }

    /// Logs one value in the first epoch and another in those that follow.
    private final class Extra: Callback {
        let receivesBatches = false
        func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
            guard case .epochEnded(let record) = event else { return }
            try session.log(0.5, as: record.epoch == 1 ? "first" : "later")
        }
    }

    private func fit(
        _ model: Model,
        _ callbacks: [any Callback],
        epochs: Int,
        validates: Bool = false,
        initialEpoch: Int = 0
    ) throws -> History {
        try model.fit(
            data,
            batchSize: 4,
            epochs: epochs,
            verbose: .silent,
            callbacks: callbacks,
            validationData: validates ? data : nil,
            shuffle: false,
            initialEpoch: initialEpoch
        )
    }

    private func history(of name: String) throws -> History {
        let model = try model()
        let logger = CSVLogger(path)
        let plateau = ReduceLROnPlateau(monitor: "loss", factor: 0.1, patience: 1, mode: .maximum)
        let scheduler = LearningRateScheduler { _, rate in 0.5 * rate }
        switch name {
        case "plain": return try fit(model, [logger], epochs: 3)
        case "validation": return try fit(model, [logger], epochs: 3, validates: true)
        case "separator": return try fit(model, [CSVLogger(path, separator: ";")], epochs: 1)
        case "plateau before": return try fit(model, [plateau, logger], epochs: 4)
        case "plateau before, validation":
            return try fit(model, [plateau, logger], epochs: 4, validates: true)
        case "scheduler after": return try fit(model, [logger, scheduler], epochs: 3)
        case "both": return try fit(model, [scheduler, plateau, logger], epochs: 3)
        case "extra": return try fit(model, [Extra(), logger], epochs: 3)
        case "append":
            _ = try fit(model, [CSVLogger(path, append: true)], epochs: 2)
            return try fit(
                model,
                [CSVLogger(path, append: true)],
                epochs: 4,
                validates: true,
                initialEpoch: 2
            )
        case "nothing to train": return try fit(model, [logger], epochs: 2, initialEpoch: 3)
        default: throw ConvNetError(.format, "Unknown case \(name)")
        }
    }

    @Test("CSVLogger's file has Keras' bytes, and History its values, learning_rate where a callback logs it")
    func files() throws {
        #expect(goldens.cases.count == 10)
        for golden in goldens.cases {
            let history = try history(of: golden.name)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == golden.file, "\(golden.name)")
            let names = Set(history.epochs.flatMap(\.values.names))
            #expect(names == Set(golden.history.keys), "\(golden.name)")
            for (name, values) in golden.history {
                #expect(history[name] == values, "\(golden.name), \(name)")
            }
            #expect(history.warnings.isEmpty)
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test("a value can be logged while an epoch ends, not at other times")
    func logging() throws {
        let early = LambdaCallback(onEpochBegin: { _, session in try session.log(1, as: "early") })
        let error = #expect(throws: ConvNetError.self) { try fit(model(), [early], epochs: 1) }
        #expect(error?.kind == .state)
        let twice = LambdaCallback(onEpochEnd: { record, session in
            try session.log(Double(record.epoch), as: "score")
            try session.log(Double(record.epoch) + 0.5, as: "score")
        })
        var seen: [Double?] = []
        let before = LambdaCallback(onEpochEnd: { record, _ in seen.append(record.values["score"]) })
        let after = LambdaCallback(onEpochEnd: { record, _ in seen.append(record.values["score"]) })
        #expect(try fit(model(), [before, twice, after], epochs: 2)["score"] == [1.5, 2.5])
        #expect(seen == [nil, 1.5, nil, 2.5])
    }
}
