import Foundation
import SwiftConvNet
import Testing

@Suite("Metrics refuse what they cannot compare")
struct MetricErrorTests {
    private func refusal(_ metric: any Metric, _ output: Shape, _ targets: TargetKind) -> ConvNetError? {
        do {
            _ = try metric.resolved(output: output, targets: targets)
            return nil
        } catch { return error as? ConvNetError }
    }

    @Test("settings out of range name the metric and the setting")
    func settings() {
        let four = TargetKind.values([4])
        let cases: [(any Metric, TargetKind, String)] = [
            (.truePositives(thresholds: [1.5]), four, "true_positives, thresholds"),
            (.falseNegatives(thresholds: []), four, "false_negatives, thresholds"),
            (.precision(thresholds: [.nan]), four, "precision, thresholds"),
            (.precision(topK: 5), four, "precision, topK"), (.recall(topK: 0), four, "k"),
            (.recall(classId: 4), four, "recall, classId"), (.recall(classId: -1), four, "recall, classId"),
            (.precisionAtRecall(1.1), four, "precision_at_recall, recall"),
            (.recallAtPrecision(-0.1), four, "recall_at_precision, precision"),
            (.sensitivityAtSpecificity(.nan), four, "sensitivity_at_specificity, specificity"),
            (
                .specificityAtSensitivity(0.5, numThresholds: 0), four,
                "specificity_at_sensitivity, numThresholds"
            ),
            (
                .specificityAtSensitivity(0.5, numThresholds: .max), four,
                "specificity_at_sensitivity, numThresholds"
            ),
            (.auc(numThresholds: 1), four, "auc, numThresholds"),
            (.auc(thresholds: [2]), four, "auc, thresholds"),
            (.auc(labelWeights: [1]), four, "auc, labelWeights"),
            (.auc(multiLabel: true, labelWeights: [1, 1, 1, -1]), four, "auc, labelWeights"),
            (AUC(numLabels: 4), four, "auc, numLabels"),
            (AUC(multiLabel: true, numLabels: 3), four, "auc, numLabels"),
            (.fBetaScore(beta: 0), four, "fbeta_score, beta"),
            (.f1Score(threshold: 0), four, "f1_score, threshold"),
            (.r2Score(numRegressors: -1), four, "r2_score, numRegressors"),
            (.meanIoU(numClasses: 0), four, "mean_io_u, numClasses"),
            (.meanIoU(numClasses: .max), four, "mean_io_u, numClasses"),
            (.ioU(numClasses: 2, targetClassIds: [2]), four, "io_u, targetClassIds"),
            (.ioU(numClasses: 2, targetClassIds: []), four, "io_u, targetClassIds"),
            (.binaryIoU(targetClassIds: [-1]), four, "binary_io_u, targetClassIds"),
        ]
        for (metric, targets, place) in cases {
            let error = refusal(metric, [4], targets)
            #expect(error?.kind == .argument, "\(metric.name)")
            #expect(error?.location == place)
            #expect(error?.expected != nil && error?.received != nil, "\(metric.name)")
        }
    }

    @Test("targets and shapes that do not fit, before anything is trained")
    func shapes() {
        for metric: any Metric in [
            .truePositives(), .precision(), .auc(), .recallAtPrecision(0.5), .f1Score(), .r2Score(), .rmse(),
            .pearsonCorrelation(), .mse(), .hinge(), .oneHotMeanIoU(numClasses: 4),
        ] {
            #expect(refusal(metric, [4], .labels)?.kind == .data, "\(metric.name)")
            #expect(refusal(metric, [4], .values([3])) != nil || metric.name == "one_hot_mean_io_u")
            #expect(refusal(metric, [4], .values([4])) == nil, "\(metric.name)")
        }
        for metric: any Metric in [.f1Score(), .r2Score(), .auc(multiLabel: true)] {
            #expect(refusal(metric, [2, 4], .values([2, 4]))?.kind == .shape, "\(metric.name)")
        }
        #expect(refusal(.precision(), [1], .labels) == nil)
        #expect(refusal(.meanIoU(numClasses: 4), [2, 3, 4], .values([2, 3]))?.kind == .data)
        #expect(refusal(.meanIoU(numClasses: 4, sparseYPred: false), [2, 3, 4], .values([2, 3])) == nil)
        #expect(refusal(.meanIoU(numClasses: 4, sparseYPred: false), [4], .labels) == nil)
        #expect(refusal(.oneHotMeanIoU(numClasses: 4), [2, 3, 4], .values([2, 3]))?.kind == .data)
    }

    @Test("several values are for arrays; training and evaluation say what to do")
    func severalValues() throws {
        let y = try Tensor([1, 0, 1, 1], shape: [4, 1]), x = try Tensor([0.9, 0.6, 0.4, 0.1], shape: [4, 1])
        let recall = Recall(thresholds: [0.3, 0.7])
        #expect(try recall.values(y, x).map { Float($0) } == [2 / 3, 1 / 3])
        #expect(try recall.values(y, x, sampleWeight: [2, 1, 0, 1]).map { Float($0) } == [2 / 3, 2 / 3])
        #expect(throws: ConvNetError.self) { try recall(y, x) }
        let model = try Sequential(inputShape: [1], layers: [Dense(units: 1, activation: .sigmoid)])
        try model.compile(loss: .binaryCrossentropy(), metrics: [recall])
        let before = model.parameters.map(\.values)
        let error = #expect(throws: ConvNetError.self) { try model.fit(x, y, verbose: .silent) }
        #expect(error?.kind == .argument && error?.remedy != nil)
        #expect(model.parameters.map(\.values) == before)
    }

    @Test("weights of arrays are checked; odd numbers in predictions do not trap")
    func arrays() throws {
        let y = try Tensor([1, 0], shape: [2, 1]), x = try Tensor([.nan, 1e30], shape: [2, 1])
        #expect(throws: ConvNetError.self) { try Recall()(y, x, sampleWeight: [1]) }
        #expect(throws: ConvNetError.self) { try Recall()(y, x, sampleWeight: [1, -1]) }
        #expect(throws: ConvNetError.self) { try MeanSquaredError()(y, y, sampleWeight: [1]) }
        let metrics: [any Metric] = [
            .truePositives(), .precision(topK: 1), .auc(), .auc(thresholds: [0.2]), .precisionAtRecall(0.5),
            .f1Score(average: .micro), .meanIoU(numClasses: 3), .binaryIoU(), .rmse(), .r2Score(), .mse(),
            .pearsonCorrelation(), .sparseTopKCategoricalAccuracy(k: 1, fromSortedIds: true),
        ]
        for metric in metrics where !(metric is SparseTopKCategoricalAccuracy) { _ = try metric(y, x) }
        _ = try SparseTopKCategoricalAccuracy(k: 9, fromSortedIds: true)(Tensor([1, 0]), x)
    }

    @Test("every metric is read back as it was, in files of before, too")
    func coding() throws {
        let metrics: [any Metric] = [
            Precision(thresholds: [0.2], topK: 2, classId: 1, name: "p"),
            AUC(curve: .prGain, labelWeights: [1, 2]),
            TruePositives(), FBetaScore(average: .macro, beta: 2), F1Score(threshold: 0.5),
            R2Score(classAggregation: nil), IoU(numClasses: 3, targetClassIds: [1], ignoreClass: 2),
            OneHotMeanIoU(numClasses: 3), BinaryIoU(), RecallAtPrecision(precision: 0.5),
            SparseTopKCategoricalAccuracy(fromSortedIds: true), RootMeanSquaredError(), PearsonCorrelation(),
        ]
        func check<Own: Metric & Equatable>(_ metric: Own) throws {
            let data = try JSONEncoder().encode(metric)
            #expect(try JSONDecoder().decode(Own.self, from: data) == metric)
        }
        for metric in metrics {
            guard let metric = metric as? any Metric & Equatable else { continue }
            try check(metric)
        }
        let old = Data(#"{"k":3,"name":"top"}"#.utf8)
        let read = try JSONDecoder().decode(SparseTopKCategoricalAccuracy.self, from: old)
        #expect(read == SparseTopKCategoricalAccuracy(k: 3, name: "top"))
        #expect(try !String(decoding: JSONEncoder().encode(read), as: UTF8.self).contains("sorted"))
    }

    @Test("a model's file keeps losses as metrics, and which metrics are weighted")
    func files() throws {
        let model = try Sequential(inputShape: [3], layers: [Dense(units: 3)])
        try model.compile(
            loss: .huber(delta: 0.5, reduction: .sum),
            metrics: [.mse(), LossMetric(Huber(delta: 2), name: "wide")],
            weightedMetrics: [.mse(), .cosineSimilarity(), .auc(curve: .pr)]
        )
        let x = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]),
            y = try Tensor([0, 1, 0, 1, 0, 1], shape: [2, 3])
        let expected = try model.evaluate(x, y, sampleWeight: [1, 3])
        #expect(
            expected.names == [
                "loss", "mean_squared_error", "wide", "weighted_mean_squared_error", "cosine_similarity",
                "auc",
            ]
        )
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("model.safetensors").path
        try model.save(to: path)
        #expect(try Model.load(from: path).evaluate(x, y, sampleWeight: [1, 3]) == expected)
    }
}
