import SwiftConvNet
import TestSupport

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
