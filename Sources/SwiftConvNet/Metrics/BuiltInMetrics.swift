/// The metrics of this library, for what decodes them by their `kind`.
package enum BuiltInMetrics {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Metric.Type] = [
        AutomaticAccuracy.self, Accuracy.self, BinaryAccuracy.self, CategoricalAccuracy.self,
        SparseCategoricalAccuracy.self,
        TopKCategoricalAccuracy.self, SparseTopKCategoricalAccuracy.self,
        LossMetric.self, RootMeanSquaredError.self, R2Score.self, PearsonCorrelation.self,
        ConcordanceCorrelation.self,
        TruePositives.self, TrueNegatives.self, FalsePositives.self, FalseNegatives.self,
        Precision.self, Recall.self, AUC.self, PrecisionAtRecall.self, RecallAtPrecision.self,
        SensitivityAtSpecificity.self, SpecificityAtSensitivity.self, FBetaScore.self, F1Score.self,
        IoU.self, BinaryIoU.self, MeanIoU.self, OneHotIoU.self, OneHotMeanIoU.self,
    ]
}
