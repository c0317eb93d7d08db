import SwiftConvNet
import TestSupport
import Testing

/// `more_metrics.json`.
private struct MoreMetricGoldens: Decodable, GoldenArrays {
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

    static let all = try? Golden.read("more_metrics", as: MoreMetricGoldens.self)
}

extension Golden {
    /// The metric that Keras calls by a name, with Keras' arguments.
    static func metric(_ name: String, _ config: [String: Argument]) throws -> any Metric {
        func integer(_ key: String) -> Int? { config[key]?.integer }
        func number(_ key: String) -> Float? { config[key]?.number.map { Float($0) } }
        func flag(_ key: String, _ fallback: Bool = false) -> Bool { config[key]?.flag ?? fallback }
        func numbers(_ key: String) -> [Float]? { config[key]?.list.compactMap(\.number).map { Float($0) } }
        let thresholds = numbers("thresholds"), classId = integer("class_id"), topK = integer("top_k")
        let count = integer("num_thresholds") ?? 200, smoothing = number("label_smoothing") ?? 0
        let average = config["average"]?.text.flatMap(ScoreAverage.init)
        let classes = integer("num_classes") ?? 2, ignored = integer("ignore_class")
        let ids = config["target_class_ids"]?.list.compactMap(\.integer)
        switch name {
        case "MeanSquaredError": return .mse()
        case "MeanAbsoluteError": return .mae()
        case "MeanAbsolutePercentageError": return .mape()
        case "MeanSquaredLogarithmicError": return .msle()
        case "RootMeanSquaredError": return .rmse()
        case "CosineSimilarity": return .cosineSimilarity(axis: integer("axis") ?? -1)
        case "LogCoshError": return .logCoshError()
        case "PearsonCorrelation": return .pearsonCorrelation()
        case "ConcordanceCorrelation": return .concordanceCorrelation()
        case "Hinge": return .hinge()
        case "SquaredHinge": return .squaredHinge()
        case "CategoricalHinge": return .categoricalHinge()
        case "KLDivergence": return .klDivergence()
        case "Poisson": return .poisson()
        case "BinaryCrossentropy":
            return .binaryCrossentropy(fromLogits: flag("from_logits"), labelSmoothing: smoothing)
        case "CategoricalCrossentropy":
            return .categoricalCrossentropy(fromLogits: flag("from_logits"), labelSmoothing: smoothing)
        case "SparseCategoricalCrossentropy": return .sparseCategoricalCrossentropy(ignoreClass: ignored)
        case "SparseTopKCategoricalAccuracy":
            return .sparseTopKCategoricalAccuracy(
                k: integer("k") ?? 5,
                fromSortedIds: flag("from_sorted_ids")
            )
        case "R2Score":
            let aggregation = config["class_aggregation"]?.text.flatMap(R2Score.ClassAggregation.init)
            return .r2Score(
                classAggregation: aggregation ?? .uniformAverage,
                numRegressors: integer("num_regressors") ?? 0
            )
        case "F1Score": return .f1Score(average: average, threshold: number("threshold"))
        case "FBetaScore":
            return .fBetaScore(
                average: average,
                beta: number("beta") ?? 1,
                threshold: number("threshold")
            )
        case "TruePositives": return .truePositives(thresholds: thresholds)
        case "TrueNegatives": return .trueNegatives(thresholds: thresholds)
        case "FalsePositives": return .falsePositives(thresholds: thresholds)
        case "FalseNegatives": return .falseNegatives(thresholds: thresholds)
        case "Precision": return .precision(thresholds: thresholds, topK: topK, classId: classId)
        case "Recall": return .recall(thresholds: thresholds, topK: topK, classId: classId)
        case "PrecisionAtRecall":
            return .precisionAtRecall(number("recall") ?? 0, numThresholds: count, classId: classId)
        case "RecallAtPrecision":
            return .recallAtPrecision(number("precision") ?? 0, numThresholds: count, classId: classId)
        case "SensitivityAtSpecificity":
            return .sensitivityAtSpecificity(
                number("specificity") ?? 0,
                numThresholds: count,
                classId: classId
            )
        case "SpecificityAtSensitivity":
            return .specificityAtSensitivity(
                number("sensitivity") ?? 0,
                numThresholds: count,
                classId: classId
            )
        case "AUC":
            return .auc(
                numThresholds: count,
                curve: config["curve"]?.text.flatMap(AUC.Curve.init) ?? .roc,
                summationMethod: config["summation_method"]?.text.flatMap(AUC.SummationMethod.init)
                    ?? .interpolation,
                thresholds: thresholds,
                multiLabel: flag("multi_label"),
                labelWeights: numbers("label_weights"),
                fromLogits: flag("from_logits")
            )
        case "IoU":
            return .ioU(numClasses: classes, targetClassIds: ids ?? [], ignoreClass: ignored)
        case "MeanIoU":
            return .meanIoU(
                numClasses: classes,
                ignoreClass: ignored,
                sparseYPred: flag("sparse_y_pred", true)
            )
        case "OneHotIoU": return .oneHotIoU(numClasses: classes, targetClassIds: ids ?? [])
        case "OneHotMeanIoU":
            return .oneHotMeanIoU(numClasses: classes, sparseYPred: flag("sparse_y_pred"))
        case "BinaryIoU":
            return .binaryIoU(targetClassIds: ids ?? [0, 1], threshold: number("threshold") ?? 0.5)
        default: throw ConvNetError(.format, "Unknown metric \(name)")
        }
    }
}

@Suite("The catalogue of metrics against Keras")
struct MoreMetricGoldenTests {
    private func metric(_ golden: MoreMetricGoldens.Case) throws -> any Metric {
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
        let file = try #require(MoreMetricGoldens.all)
        let kinds = Set(try file.cases.map { type(of: try metric($0)).kind })
        let others = Set([
            "AutomaticAccuracy", "Accuracy", "BinaryAccuracy", "CategoricalAccuracy",
            "SparseCategoricalAccuracy", "TopKCategoricalAccuracy",
        ])
        #expect(kinds == Set(BuiltInMetrics.types.map { $0.kind }).subtracting(others))
    }

    @Test("results after each update are Keras'", arguments: MoreMetricGoldens.all?.cases ?? [])
    private func results(_ golden: MoreMetricGoldens.Case) throws {
        try Deviations.record("metrics", golden.metric) { try compare(golden) }
    }

    private func compare(_ golden: MoreMetricGoldens.Case) throws {
        let data = GoldenData(golden, try #require(MoreMetricGoldens.all)), metric = try metric(golden)
        for (end, expected) in zip([3, 6, 8], golden.results) {
            let (y, x, weights) = try data.part(0..<end, areLabels: true)
            let values = try metric.values(y, x, sampleWeight: weights)
            #expect(isEqual(values, expected), "\(values), not \(expected)")
        }
    }

    @Test("an evaluation in batches reports the same", arguments: MoreMetricGoldens.all?.cases ?? [])
    private func evaluations(_ golden: MoreMetricGoldens.Case) throws {
        let data = GoldenData(golden, try #require(MoreMetricGoldens.all)), metric = try metric(golden)
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
        let file = try #require(MoreMetricGoldens.all)
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
        let file = try #require(MoreMetricGoldens.all), golden = try #require(file.compiled.first)
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
