import SwiftConvNet
import TestSupport
import Testing

/// What `metrics.json` has of all metrics but the accuracies.
private struct MetricGoldens: Decodable, GoldenArrays {
    struct Case: Decodable, GoldenComparison, Sendable, CustomTestStringConvertible {
        let name: String
        let metric: String
        let metric_name: String
        let config: [String: Golden.Argument?]
        let direction: String?
        let y_true: Int
        let y_pred: Int
        let sample_weight: Int?
        let results: [[Double]]

        var testDescription: String { "\(metric), \(name)" }
        var settings: [String: Golden.Argument] { config.compactMapValues { $0 } }
    }

    struct Compiled: Decodable, GoldenComparison {
        let y_true: Int
        let y_pred: Int
        let sample_weight: Int?
        let results: [String: Double]
    }

    let arrays: [GoldenTensor]
    let cases: [Case]
    let compiled: [Compiled]

    static let all = try? Golden.read("metrics", as: MetricGoldens.self)
}

@Suite("Metrics against Keras")
struct MetricGoldenTests {
    private func metric(_ golden: MetricGoldens.Case) throws -> any Metric {
        // Only here `nil` is not the default.
        if golden.metric == "R2Score", let own = golden.config["class_aggregation"], own == nil {
            return .r2Score(classAggregation: nil)
        }
        return try Golden.metric(golden.metric, golden.settings)
    }

    private func isEqual(_ values: [Double], _ expected: [Double]) -> Bool {
        // Keras adds up in float32, and takes differences of such sums.
        values.count == expected.count
            && zip(values, expected).allSatisfy {
                let difference = abs($0 - $1) / max(1, abs($1))
                Deviations.note(difference)
                return difference < 2e-6
            }
    }

    @Test("the file has every metric of the library but the accuracies")
    func families() throws {
        let file = try #require(MetricGoldens.all)
        let kinds = Set(try file.cases.map { type(of: try metric($0)).kind })
        let others = Set([
            "AutomaticAccuracy", "Accuracy", "BinaryAccuracy", "CategoricalAccuracy",
            "SparseCategoricalAccuracy", "TopKCategoricalAccuracy",
        ])
        #expect(kinds == Set(BuiltInMetrics.types.map { $0.kind }).subtracting(others))
    }

    @Test("results after each update are Keras'", arguments: MetricGoldens.all?.cases ?? [])
    private func results(_ golden: MetricGoldens.Case) throws {
        try Deviations.record("metrics", golden.metric) { try compare(golden) }
    }

    private func compare(_ golden: MetricGoldens.Case) throws {
        let data = GoldenData(golden, try #require(MetricGoldens.all)), metric = try metric(golden)
        for (end, expected) in zip([3, 6, 8], golden.results) {
            let (y, x, weights) = try data.part(0..<end, areLabels: true)
            let values = try metric.values(y, x, sampleWeight: weights)
            #expect(isEqual(values, expected), "\(values), not \(expected)")
        }
    }

    @Test("an evaluation in batches reports the same", arguments: MetricGoldens.all?.cases ?? [])
    private func evaluations(_ golden: MetricGoldens.Case) throws {
        let data = GoldenData(golden, try #require(MetricGoldens.all)), metric = try metric(golden)
        let (y, x, weights) = try data.part(0..<8, areLabels: true)
        let model = try Sequential(
            inputShape: Shape(Array(x.shape.dropFirst())),
            layers: [Activation(.linear)]
        )
        try model.compile(loss: NoLoss(), metrics: [], weightedMetrics: [metric])
        let expected = try #require(golden.results.last)
        guard expected.count == 1 else {
            let error = #expect(throws: ConvNetError.self) { try model.evaluate(x, y) }
            #expect(error?.kind == .argument)
            return
        }
        let values = try model.evaluate(x, y, batchSize: 3, sampleWeight: weights)
        #expect(isEqual([try #require(values[metric.name])], expected))
    }

    @Test("names and directions are Keras'")
    func names() throws {
        let file = try #require(MetricGoldens.all)
        for golden in file.cases {
            let metric = try metric(golden)
            // Keras numbers the metrics of a process.
            let suffix = golden.metric_name.dropFirst(metric.name.count)
            #expect(golden.metric_name.hasPrefix(metric.name), "\(golden.metric)")
            #expect(suffix.isEmpty || suffix.first == "_" && Int(suffix.dropFirst()) != nil)
            guard let direction = golden.direction else { continue }
            #expect(metric.isBetterWhenHigher == (direction == "up"), "\(golden.metric)")
        }
        #expect(TruePositives().isBetterWhenHigher && TrueNegatives().isBetterWhenHigher)
        #expect(!FalsePositives().isBetterWhenHigher && !FalseNegatives().isBetterWhenHigher)
    }

    @Test("metrics and weighted metrics of one model, of equal names, too")
    func compiled() throws {
        let file = try #require(MetricGoldens.all), golden = try #require(file.compiled.first)
        let data = GoldenData(golden, file)
        let (y, x, weights) = try data.part(0..<8, areLabels: false)
        let model = try Sequential(inputShape: [4], layers: [Activation(.linear)])
        try model.compile(
            loss: .mse(),
            metrics: [.mae(), .precision()],
            weightedMetrics: [.mae(), .precision(), .recall()]
        )
        let values = try model.evaluate(x, y, batchSize: 3, sampleWeight: weights)
        let names = [
            "loss", "mean_absolute_error", "precision", "weighted_mean_absolute_error", "weighted_precision",
            "recall",
        ]
        #expect(values.names == names)
        for (name, value) in golden.results {
            let own = name.replacing("mae", with: "mean_absolute_error")
            #expect(isEqual([try #require(values[own])], [value]), "\(name)")
        }
    }
}
