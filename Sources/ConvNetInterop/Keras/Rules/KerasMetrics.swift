import SwiftConvNet

/// The rules for metrics. Files have an object, a class's name, or a function's.
enum KerasMetrics {
    static let rules = KerasRules(own + ofLosses, aliases: aliases)

    private static let own: [KerasRule<any Metric>] = [
        rule(Accuracy()), rule(BinaryAccuracy()), rule(CategoricalAccuracy()),
        rule(SparseCategoricalAccuracy()),
        rule(TopKCategoricalAccuracy()), rule(SparseTopKCategoricalAccuracy()),
        rule(
            AUC(thresholds: [0.5], numLabels: 1, labelWeights: [1]),
            optional: ["thresholds", "numLabels", "labelWeights"]
        ),
        rule(BinaryIoU()),
        rule(IoU(numClasses: 2, targetClassIds: [0], ignoreClass: 1), optional: ["ignoreClass"]),
        rule(MeanIoU(numClasses: 2, ignoreClass: 1), optional: ["ignoreClass"]),
        rule(OneHotIoU(numClasses: 2, targetClassIds: [0], ignoreClass: 1), optional: ["ignoreClass"]),
        rule(OneHotMeanIoU(numClasses: 2, ignoreClass: 1), optional: ["ignoreClass"]),
        rule(F1Score(threshold: 0.5), optional: ["average", "threshold"]),
        rule(FBetaScore(threshold: 0.5), optional: ["average", "threshold"]),
        rule(TruePositives(thresholds: [0.5]), optional: ["thresholds"]),
        rule(TrueNegatives(thresholds: [0.5]), optional: ["thresholds"]),
        rule(FalsePositives(thresholds: [0.5]), optional: ["thresholds"]),
        rule(FalseNegatives(thresholds: [0.5]), optional: ["thresholds"]),
        rule(Precision(thresholds: [0.5], topK: 1, classId: 1), optional: ["thresholds", "topK", "classId"]),
        rule(Recall(thresholds: [0.5], topK: 1, classId: 1), optional: ["thresholds", "topK", "classId"]),
        rule(PrecisionAtRecall(recall: 0.5, classId: 1), optional: ["classId"]),
        rule(RecallAtPrecision(precision: 0.5, classId: 1), optional: ["classId"]),
        rule(SensitivityAtSpecificity(specificity: 0.5, classId: 1), optional: ["classId"]),
        rule(SpecificityAtSensitivity(sensitivity: 0.5, classId: 1), optional: ["classId"]),
        rule(R2Score(), optional: ["classAggregation"]), rule(RootMeanSquaredError()),
        rule(PearsonCorrelation()),
        rule(ConcordanceCorrelation()),
    ]

    /// Metrics that are losses, by Keras' names of them.
    private static let ofLosses: [KerasRule<any Metric>] = [
        ofLoss("BinaryCrossentropy", .binaryCrossentropy()),
        ofLoss("CategoricalCrossentropy", .categoricalCrossentropy()),
        ofLoss("SparseCategoricalCrossentropy", .sparseCategoricalCrossentropy()),
        ofLoss("MeanSquaredError", .meanSquaredError()), ofLoss("MeanAbsoluteError", .meanAbsoluteError()),
        ofLoss("MeanAbsolutePercentageError", .meanAbsolutePercentageError()),
        ofLoss("MeanSquaredLogarithmicError", .meanSquaredLogarithmicError()),
        ofLoss("CosineSimilarity", .cosineSimilarity()), ofLoss("LogCoshError", .logCoshError()),
        ofLoss("KLDivergence", .klDivergence()), ofLoss("Poisson", .poisson()), ofLoss("Hinge", .hinge()),
        ofLoss("SquaredHinge", .squaredHinge()), ofLoss("CategoricalHinge", .categoricalHinge()),
    ]

    private static let aliases: [String: String] = {
        var aliases = [
            "mse": "MeanSquaredError", "MSE": "MeanSquaredError", "mae": "MeanAbsoluteError",
            "MAE": "MeanAbsoluteError",
            "mape": "MeanAbsolutePercentageError", "MAPE": "MeanAbsolutePercentageError",
            "msle": "MeanSquaredLogarithmicError", "MSLE": "MeanSquaredLogarithmicError",
            "kld": "KLDivergence",
            "bce": "BinaryCrossentropy", "kl_divergence": "KLDivergence", "logcosh": "LogCoshError",
        ]
        for rule in own + ofLosses { aliases[snakeCase(rule.className)] = rule.className }
        return aliases
    }()

    private static func rule(_ metric: any Metric, optional: [String] = []) -> KerasRule<any Metric> {
        KerasRule(
            className: type(of: metric).kind,
            template: KerasTemplate.json(metric, in: .metrics),
            optional: optional
        )
    }

    private static func ofLoss(_ className: String, _ metric: any Metric) -> KerasRule<any Metric> {
        KerasRule(
            className: className,
            template: KerasTemplate.json(metric, in: .metrics),
            fixed: ["from_logits": [false], "label_smoothing": [0, 0.0], "ignore_class": []]
        )
    }

    /// The metric that a file names. As in Keras, a function's name is that of the metric: `mae`.
    ///
    /// - Throws: `ConvNetError` of kind `format` if it is none of those known.
    static func metric(_ value: JSONValue, at place: String) throws -> any Metric {
        var (name, config) = KerasLosses.nameAndSettings(value)
        if let word = value.text {
            if ["accuracy", "acc"].contains(word) { return AutomaticAccuracy(name: word) }
            config["name"] = .text(word)
        }
        return try rules.rule(forClass: name, "A metric", of: value, at: place).value(
            config,
            in: .metrics,
            at: place
        )
    }

    /// Keras' form of a metric.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if Keras has no such metric.
    static func keras(_ metric: any Metric) throws -> JSONValue {
        if metric is AutomaticAccuracy { return .text(metric.name == "acc" ? "acc" : "accuracy") }
        let own = KerasTemplate.json(metric, in: .metrics)
        let rule =
            own["config"]["loss"] == .null
            ? rules.rule(forKind: own["kind"].text ?? "")
            : ofLosses.first { $0.template["config"]["loss"] == own["config"]["loss"] }
        guard let rule else {
            throw ConvNetError(
                .argument,
                "Keras has no metric of this kind",
                at: "metrics",
                received: type(of: metric).kind
            )
        }
        var keras = try rule.keras(own, module: "keras.metrics")
        (keras["config"]["loss"], keras["config"]["is_negated"]) = (.null, .null)
        return keras
    }
}
