import SwiftConvNet
import TestSupport
import Testing

/// A loss that compares nothing, so that metrics alone are looked at.
struct NoLoss: Loss {
    static let kind = "NoLoss"
    func validate(output: Shape, targets: TargetKind) throws {}
    func classCount(output: Shape, targets: TargetKind) -> Int? { nil }
    func evaluate(_ sample: LossSample) -> Float { 0 }
}

/// What `metrics.json` has of accuracies.
private struct AccuracyGoldens: Decodable {
    struct Case: Decodable {
        struct Config: Decodable {
            let k: Int?
            let threshold: Float?
        }

        struct Update: Decodable {
            let y_true: GoldenTensor
            let y_pred: GoldenTensor
            let sample_weight: GoldenTensor?
            let result: Double
        }

        let name: String
        let metric: String
        let config: Config
        let updates: [Update]

        var swift: any Metric {
            get throws {
                switch metric {
                case "Accuracy": return Accuracy()
                case "SparseCategoricalAccuracy": return .sparseCategoricalAccuracy
                case "CategoricalAccuracy": return .categoricalAccuracy
                case "BinaryAccuracy": return .binaryAccuracy(threshold: config.threshold ?? 0.5)
                case "TopKCategoricalAccuracy": return .topKCategoricalAccuracy(k: config.k ?? 5)
                case "SparseTopKCategoricalAccuracy": return .sparseTopKCategoricalAccuracy(k: config.k ?? 5)
                default: throw ConvNetError(.format, "Unknown metric \(metric)")
                }
            }
        }
    }

    struct Resolved: Decodable {
        let chosen: String
        let y_true: GoldenTensor
        let y_pred: GoldenTensor
        let result: Double
    }

    let accuracies: [Case]
    let resolved: [Resolved]
}

@Suite("Accuracies against Keras")
struct AccuracyGoldenTests {
    /// The figure of a metric for predictions as they stand.
    private func figure(
        _ metric: any Metric,
        predictions: [Float],
        targets: [Float],
        shape: [Int],
        targetShape: [Int],
        batchSize: Int,
        weights: [Float]? = nil
    ) throws -> Double {
        let model = try Sequential(inputShape: Shape(shape), layers: [Activation(.linear)])
        try model.compile(loss: NoLoss(), weightedMetrics: [metric])
        let count = predictions.count / shape.reduce(1, *)
        let x = try Tensor(predictions, shape: Shape([count] + shape))
        let isClasses = targetShape.isEmpty && shape.count == 1 && targets.allSatisfy { $0 == $0.rounded() }
        let values =
            isClasses
            ? try model.evaluate(
                x,
                Labels(targets.map { Int($0) }),
                batchSize: batchSize,
                sampleWeight: weights
            )
            : try model.evaluate(
                x,
                Tensor(targets, shape: Shape([count] + targetShape)),
                batchSize: batchSize,
                sampleWeight: weights
            )
        return try #require(values[metric.name])
    }

    @Test("results after each update are Keras'")
    func results() throws {
        let goldens = try Golden.read("metrics", as: AccuracyGoldens.self)
        var compared = 0
        for golden in goldens.accuracies {
            var predictions: [Float] = [], targets: [Float] = []
            var weights: [Float]?
            for update in golden.updates {
                predictions += update.y_pred.values
                targets += update.y_true.values
                if let own = update.sample_weight { weights = (weights ?? []) + own.values }
                let result = try figure(
                    golden.swift,
                    predictions: predictions,
                    targets: targets,
                    shape: Array(update.y_pred.shape.dropFirst()),
                    targetShape: Array(update.y_true.shape.dropFirst()),
                    batchSize: 3,
                    weights: weights
                )
                let difference = abs(result - update.result)
                try Deviations.record("metrics", golden.metric) { Deviations.note(difference) }
                #expect(difference < 1e-6, "\(golden.metric), \(golden.name)")
                compared += 1
            }
        }
        #expect(compared == goldens.accuracies.reduce(0) { $0 + $1.updates.count } && compared > 33)
    }

    @Test("accuracy stands for what Keras chooses")
    func resolution() throws {
        let goldens = try Golden.read("metrics", as: AccuracyGoldens.self)
        #expect(goldens.resolved.count == 10)
        for golden in goldens.resolved {
            let shape = Array(golden.y_pred.shape.dropFirst())
            let targetShape = Array(golden.y_true.shape.dropFirst())
            let chosen = try AutomaticAccuracy().resolved(
                output: Shape(shape),
                targets: .values(Shape(targetShape))
            )
            #expect(type(of: chosen).kind == golden.chosen, "\(golden.y_true.shape), \(golden.y_pred.shape)")
            #expect(chosen.name == "accuracy")
            let result = try figure(
                .accuracy,
                predictions: golden.y_pred.values,
                targets: golden.y_true.values,
                shape: shape,
                targetShape: targetShape,
                batchSize: 3
            )
            #expect(abs(result - golden.result) < 1e-6)
        }
        #expect(try AutomaticAccuracy().resolved(output: [1], targets: .labels) is BinaryAccuracy)
        #expect(try AutomaticAccuracy().resolved(output: [4], targets: .labels) is SparseCategoricalAccuracy)
    }

    @Test("names and directions are Keras'")
    func names() {
        let metrics: [any Metric] = [
            .accuracy, .binaryAccuracy(), .categoricalAccuracy, .sparseCategoricalAccuracy,
            .topKCategoricalAccuracy(), .sparseTopKCategoricalAccuracy(), Accuracy(),
        ]
        #expect(
            metrics.map(\.name) == [
                "accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy",
                "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy", "accuracy",
            ]
        )
        #expect(metrics.filter(\.isBetterWhenHigher).count == metrics.count)
        #expect(TopKCategoricalAccuracy().k == 5)
        #expect(BinaryAccuracy().threshold == 0.5)
    }

    @Test("metrics refuse targets that they cannot compare, before anything is trained")
    func refusals() throws {
        func refuses(_ metric: any Metric, _ output: Shape, _ targets: TargetKind) -> Bool {
            (try? metric.resolved(output: output, targets: targets)) == nil
        }
        #expect(refuses(.categoricalAccuracy, [4], .labels))
        #expect(refuses(.sparseCategoricalAccuracy, [4], .values([4])))
        #expect(refuses(.binaryAccuracy(), [4], .labels))
        #expect(refuses(.topKCategoricalAccuracy(k: 0), [4], .values([4])))
        #expect(refuses(.sparseTopKCategoricalAccuracy(k: 0), [4], .labels))
        #expect(refuses(.accuracy, [4], .values([3])))
        #expect(refuses(Accuracy(), [4], .labels))
        #expect(!refuses(Accuracy(), [1], .labels))

        let model = try Sequential(inputShape: [2], layers: [Dense(units: 2, activation: .softmax)])
        try model.compile(loss: .sparseCategoricalCrossentropy(), metrics: [.categoricalAccuracy])
        let x = try Tensor([1, 2, 3, 4], shape: [2, 2])
        let before = try model.predict(x)
        #expect(throws: ConvNetError.self) { try model.fit(x, [0, 1] as Labels, verbose: .silent) }
        #expect(throws: ConvNetError.self) { try model.evaluate(x, [0, 1] as Labels) }
        #expect(try model.predict(x) == before)
        #expect(throws: ConvNetError.self) {
            try model.compile(loss: NoLoss(), metrics: [.accuracy, .binaryAccuracy(), .accuracy])
        }
    }

    @Test("no label is taken for a place outside the predictions")
    func oddLabels() throws {
        func topTwo(_ predictions: [Float], _ label: Float) throws -> Double {
            try figure(
                .sparseTopKCategoricalAccuracy(k: 2),
                predictions: predictions,
                targets: [label],
                shape: [3],
                targetShape: [],
                batchSize: 1
            )
        }
        #expect(try topTwo([0.1, 0.2, 0.7], 1) == 1)
        #expect(try topTwo([0.1, 0.2, 0.7], 0) == 0)
        #expect(try topTwo([0.1, 0.2, 0.7], 7) == 0)
        #expect(try topTwo([0.1, 0.2, 0.7], -1) == 0)
    }
}
