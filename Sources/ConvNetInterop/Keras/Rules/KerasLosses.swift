import SwiftConvNet

/// The rules for losses. Files have an object, a class's name, or a function's: `mse`, `mean_squared_error`.
enum KerasLosses {
    static let rules = KerasRules(
        [
            rule(BinaryCrossentropy()), rule(BinaryFocalCrossentropy()), rule(CategoricalCrossentropy()),
            rule(CategoricalFocalCrossentropy()), rule(CategoricalGeneralizedCrossEntropy()),
            rule(CategoricalHinge()),
            rule(Circle()), rule(CosineSimilarity()), rule(Dice(axis: [0]), optional: ["axis"]),
            rule(Hinge()),
            rule(Huber()), rule(KLDivergence()), rule(LogCosh()), rule(MeanAbsoluteError()),
            rule(MeanAbsolutePercentageError()), rule(MeanSquaredError()),
            rule(MeanSquaredLogarithmicError()),
            rule(Poisson()), rule(SparseCategoricalCrossentropy(ignoreClass: 1), optional: ["ignoreClass"]),
            rule(SquaredHinge()), rule(Tversky(axis: [0]), optional: ["axis"]),
        ],
        aliases: aliases
    )

    private static let aliases: [String: String] = {
        var aliases = [
            "mse": "MeanSquaredError", "MSE": "MeanSquaredError", "mae": "MeanAbsoluteError",
            "MAE": "MeanAbsoluteError",
            "mape": "MeanAbsolutePercentageError", "MAPE": "MeanAbsolutePercentageError",
            "msle": "MeanSquaredLogarithmicError", "MSLE": "MeanSquaredLogarithmicError",
            "kld": "KLDivergence",
            "KLD": "KLDivergence", "kullback_leibler_divergence": "KLDivergence", "bce": "BinaryCrossentropy",
            "BCE": "BinaryCrossentropy", "kl_divergence": "KLDivergence", "logcosh": "LogCosh",
            "log_cosh": "LogCosh",
            "cosine_proximity": "CosineSimilarity",
        ]
        for type in BuiltInLosses.types { aliases[snakeCase(type.kind)] = type.kind }
        return aliases
    }()

    private static func rule(_ loss: any Loss, optional: [String] = []) -> KerasRule<any Loss> {
        KerasRule(
            className: type(of: loss).kind,
            template: KerasTemplate.json(loss, in: .losses),
            optional: optional + ["reduction"],
            adapt: (
                // Keras 2 had a reduction that depends on where the loss is.
                read: { if $0["reduction"] == "auto" { $0["reduction"] = .null } },
                write: { _ in }
            )
        )
    }

    /// The loss that a file names.
    ///
    /// - Throws: `ConvNetError` of kind `format` if it is none of those known.
    static func loss(_ value: JSONValue, at place: String) throws -> any Loss {
        let (name, config) = nameAndSettings(value)
        return try rules.rule(forClass: name, "A loss", of: value, at: place).value(
            config,
            in: .losses,
            at: place
        )
    }

    /// Keras' form of a loss.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if Keras has no such loss.
    static func keras(_ loss: any Loss) throws -> JSONValue {
        guard let rule = rules.rule(forKind: type(of: loss).kind) else {
            throw ConvNetError(
                .argument,
                "Keras has no loss of this kind",
                at: "loss",
                received: type(of: loss).kind
            )
        }
        return try rule.keras(KerasTemplate.json(loss, in: .losses), module: "keras.losses")
    }

    /// What an object, a name or a function's name stands for.
    static func nameAndSettings(_ value: JSONValue) -> (name: String, config: JSONValue) {
        if let name = value.text { return (name, .object([:])) }
        if value["class_name"] == "function" { return (value["config"].text ?? "", .object([:])) }
        return (value["class_name"].text ?? "", value["config"])
    }
}
