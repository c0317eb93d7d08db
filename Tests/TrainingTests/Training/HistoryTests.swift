import SwiftConvNet
import TestSupport
import Testing

/// `history.json`.
private struct HistoryGoldens: Decodable {
    struct Case: Decodable {
        let name: String
        let history: [String: [Double]]
        let evaluation: [String: Double]
        let predictions: GoldenTensor
        let weights: [String: GoldenTensor]
    }

    let x: GoldenTensor
    let y: GoldenTensor
    let validation_x: GoldenTensor
    let validation_y: GoldenTensor
    let sample_weight: GoldenTensor
    let validation_sample_weight: GoldenTensor
    let weights: [String: GoldenTensor]
    let binary_weights: [String: GoldenTensor]
    let cases: [Case]
}

/// The same small network as in `history.py`, trained by the same calls; 50 samples in batches of 16 leave a last
/// batch of 2.
@Suite("fit, evaluate and predict against Keras")
struct HistoryTests {
    private let goldens: HistoryGoldens
    private let x: Tensor, validation: ArrayDataset
    private let labels: Labels

    init() throws {
        goldens = try Golden.read("history")
        x = try goldens.x.tensor()
        labels = try goldens.y.labels()
        validation = try ArrayDataset(goldens.validation_x.tensor(), goldens.validation_y.labels())
    }

    private func golden(_ name: String) throws -> HistoryGoldens.Case {
        try #require(goldens.cases.first { $0.name.hasPrefix(name) })
    }

    private func model(binary: Bool = false, momentum: Float = 0) throws -> Sequential {
        let model = try Sequential(inputShape: [6]) {
            Dense(units: 8, activation: .relu)
            if binary { Dense(units: 1, activation: .sigmoid) } else { Dense(units: 3, activation: .softmax) }
        }
        for (name, value) in binary ? goldens.binary_weights : goldens.weights {
            try model.set(name, value.tensor())
        }
        let loss: any Loss = binary ? .binaryCrossentropy() : .sparseCategoricalCrossentropy()
        try model.compile(
            optimizer: .sgd(learningRate: 0.1, momentum: momentum),
            loss: loss,
            metrics: [.accuracy]
        )
        return model
    }

    private func compare(
        _ history: History,
        _ model: Model,
        with golden: HistoryGoldens.Case,
        targets: some TargetArray,
        sampleWeight: [Float]? = nil,
        except: Set<String> = []
    ) throws {
        let names = Set(golden.history.keys).subtracting(except)
        #expect(Set(history.epochs[0].values.names) == names)
        for name in names {
            let expected = try #require(golden.history[name])
            #expect(
                relativeDifference(history[name].map(Float.init), expected.map(Float.init)) < 1e-5,
                "\(name)"
            )
        }
        let evaluated = try model.evaluate(x, targets, batchSize: 16, sampleWeight: sampleWeight)
        for name in ["loss", "accuracy"] {
            let value = try #require(evaluated[name]), expected = try #require(golden.evaluation[name])
            #expect(abs(value - expected) < 1e-5, "\(name)")
        }
        let predictions = try model.predict(goldens.validation_x.tensor(), batchSize: 16)
        #expect(relativeDifference(predictions.elements, golden.predictions.values) < 1e-5)
        for (name, expected) in golden.weights {
            #expect(relativeDifference(try model.value(name).elements, expected.values) < 1e-5, "\(name)")
        }
    }

    @Test("fit with validation data")
    func plain() throws {
        let model = try model()
        let history = try model.fit(
            x,
            labels,
            batchSize: 16,
            epochs: 3,
            verbose: .silent,
            validationData: validation,
            shuffle: false
        )
        try compare(history, model, with: golden("plain"), targets: labels)
        #expect(history.epochs.map(\.epoch) == [1, 2, 3])
        #expect(history.stopReason == nil)
        #expect(model.stepCount == 12)
    }

    @Test("fit with a validation split, which takes the last samples")
    func validationSplit() throws {
        let model = try model()
        let history = try model.fit(
            x,
            labels,
            batchSize: 16,
            epochs: 3,
            verbose: .silent,
            validationSplit: 0.25,
            shuffle: false
        )
        try compare(history, model, with: golden("validation_split"), targets: labels)
    }

    @Test("fit with class weights")
    func classWeights() throws {
        let model = try model()
        let history = try model.fit(
            x,
            labels,
            batchSize: 16,
            epochs: 3,
            verbose: .silent,
            validationData: validation,
            shuffle: false,
            classWeight: [0: 0.5, 1: 2]
        )
        try compare(history, model, with: golden("class_weight"), targets: labels)
    }

    @Test("fit and evaluate with sample weights")
    func sampleWeights() throws {
        let golden = try golden("sample_weight")
        let model = try model()
        let history = try model.fit(
            x,
            labels,
            batchSize: 16,
            epochs: 3,
            verbose: .silent,
            validationData: validation,
            shuffle: false,
            sampleWeight: goldens.sample_weight.values,
            validationSampleWeight: goldens.validation_sample_weight.values
        )
        // Weighted metrics are not part of this library.
        try compare(
            history,
            model,
            with: golden,
            targets: labels,
            sampleWeight: goldens.sample_weight.values,
            except: ["weighted_accuracy", "val_weighted_accuracy"]
        )
    }

    @Test("the weights of a split's samples count in val_loss, not in val_accuracy")
    func weightedSplit() throws {
        let model = try model()
        let history = try model.fit(
            x,
            labels,
            batchSize: 16,
            epochs: 3,
            verbose: .silent,
            validationSplit: 0.25,
            shuffle: false,
            sampleWeight: goldens.sample_weight.values
        )
        try compare(history, model, with: golden("split and sample_weight"), targets: labels)
    }

    @Test("class weights of one-hot targets, and of a single output of 0 and 1")
    func classWeightsOfValues() throws {
        let weights: [Int: Float] = [0: 0.5, 1: 2]
        let oneHot = try model()
        try oneHot.compile(
            optimizer: .sgd(learningRate: 0.1),
            loss: .categoricalCrossentropy(),
            metrics: [.accuracy]
        )
        let targets = try labels.oneHot(classCount: 3)
        let history = try oneHot.fit(
            x,
            targets,
            batchSize: 16,
            epochs: 3,
            verbose: .silent,
            validationSplit: 0.25,
            shuffle: false,
            classWeight: weights
        )
        try compare(history, oneHot, with: golden("one-hot and class_weight"), targets: targets)

        let yes = Labels(labels.map { $0 > 0 ? 1 : 0 })
        let column = try Tensor(yes.map { Float($0) }, shape: [50, 1])
        for targets: any TargetArray in [yes, column] {
            let binary = try model(binary: true)
            let history = try fit(binary, targets, weights)
            try compare(history, binary, with: golden("sigmoid and class_weight"), targets: targets)
        }
    }

    private func fit(_ model: Model, _ targets: some TargetArray, _ weights: [Int: Float]) throws -> History {
        try model.fit(
            x,
            targets,
            batchSize: 16,
            epochs: 3,
            verbose: .silent,
            shuffle: false,
            classWeight: weights
        )
    }

    @Test("fit with a single sigmoid output and labels of 0 and 1")
    func binary() throws {
        let model = try model(binary: true)
        let labels = Labels(labels.map { $0 > 0 ? 1 : 0 })
        let history = try model.fit(x, labels, batchSize: 16, epochs: 3, verbose: .silent, shuffle: false)
        try compare(history, model, with: golden("binary"), targets: labels)
    }

    @Test("fit with momentum")
    func momentum() throws {
        let model = try model(momentum: 0.9)
        let history = try model.fit(
            x,
            labels,
            batchSize: 16,
            epochs: 3,
            verbose: .silent,
            validationData: validation,
            shuffle: false
        )
        try compare(history, model, with: golden("momentum"), targets: labels)
    }

    @Test("one-hot targets, batches by trainOnBatch and a second call with initialEpoch give the same")
    func equivalents() throws {
        let reference = try model()
        try reference.fit(x, labels, batchSize: 16, epochs: 3, verbose: .silent)

        let resumed = try model()
        try resumed.fit(x, labels, batchSize: 16, epochs: 1, verbose: .silent)
        let rest = try resumed.fit(x, labels, batchSize: 16, epochs: 3, verbose: .silent, initialEpoch: 1)
        #expect(rest.epochs.map(\.epoch) == [2, 3])
        #expect(try resumed.value("dense/kernel") == reference.value("dense/kernel"))

        let oneHot = try model()
        try oneHot.compile(
            optimizer: .sgd(learningRate: 0.1),
            loss: .categoricalCrossentropy(),
            metrics: [.accuracy]
        )
        let history = try oneHot.fit(
            x,
            labels.oneHot(classCount: 3),
            batchSize: 16,
            epochs: 3,
            verbose: .silent,
            shuffle: false
        )
        let expected = try #require(golden("plain").history["accuracy"])
        #expect(relativeDifference(history["accuracy"].map(Float.init), expected.map(Float.init)) < 1e-5)

        let batched = try model(), unshuffled = try model()
        for start in stride(from: 0, to: 50, by: 16) {
            let range = start..<min(start + 16, 50)
            try batched.trainOnBatch(x.sliced(range), Labels(labels.values[range].map { Int($0) }))
        }
        try unshuffled.fit(x, labels, batchSize: 16, verbose: .silent, shuffle: false)
        #expect(try batched.value("dense/kernel") == unshuffled.value("dense/kernel"))
    }

    @Test("shuffling depends on seed and epoch, and off it keeps the order")
    func shuffling() throws {
        func losses(shuffle: Shuffle, seed: UInt64) throws -> [Double] {
            let model = try Sequential(inputShape: [6], layers: [Activation(.softmax)], seed: seed)
            // Nothing learns here, so a batch's loss tells which samples are in it.
            try model.compile(loss: .categoricalCrossentropy())
            var losses: [Double] = []
            let listener = LambdaCallback(onBatchEnd: { batch, _ in
                losses.append(try #require(batch.values.loss))
            })
            let y = try Labels((0..<50).map { $0 % 6 }).oneHot(classCount: 6)
            try model.fit(
                x,
                y,
                batchSize: 16,
                epochs: 2,
                verbose: .silent,
                callbacks: [listener],
                shuffle: shuffle
            )
            return losses
        }
        let ordered = try losses(shuffle: false, seed: 1)
        #expect(ordered.count == 8)
        #expect(ordered[..<4] == ordered[4...])
        let shuffled = try losses(shuffle: true, seed: 1)
        #expect(shuffled[..<4] != shuffled[4...])
        #expect(abs(shuffled[3] - ordered[3]) < 1e-5)
        #expect(shuffled == (try losses(shuffle: true, seed: 1)))
        #expect(shuffled != (try losses(shuffle: true, seed: 2)))
    }
}
