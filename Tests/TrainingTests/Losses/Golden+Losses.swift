import SwiftConvNet
import TestSupport
import Testing

extension Golden {
    /// The loss that Keras calls by a name, with Keras' arguments.
    static func loss(_ name: String, _ config: [String: Argument]) throws -> any Loss {
        let reduction =
            try config["reduction"]?.text.map {
                try #require(LossReduction(rawValue: $0))
            } ?? .sumOverBatchSize
        func number(_ key: String, _ fallback: Float) -> Float {
            config[key]?.number.map { Float($0) } ?? fallback
        }
        let fromLogits = config["from_logits"]?.flag ?? false
        let smoothing = number("label_smoothing", 0), axes = config["axis"]?.list.compactMap(\.integer)
        let numbers = (config["alpha"]?.list ?? []).compactMap(\.number)
        let alphas: [Float] = numbers.isEmpty ? [0.25] : numbers.map { Float($0) }
        switch name {
        case "MeanSquaredError": return .mse(reduction: reduction)
        case "MeanAbsoluteError": return .mae(reduction: reduction)
        case "MeanAbsolutePercentageError": return .mape(reduction: reduction)
        case "MeanSquaredLogarithmicError": return .msle(reduction: reduction)
        case "Huber": return .huber(delta: number("delta", 1), reduction: reduction)
        case "LogCosh": return .logCosh(reduction: reduction)
        case "Poisson": return .poisson(reduction: reduction)
        case "CosineSimilarity": return .cosineSimilarity(axis: axes?.first ?? -1, reduction: reduction)
        case "Hinge": return .hinge(reduction: reduction)
        case "SquaredHinge": return .squaredHinge(reduction: reduction)
        case "CategoricalHinge": return .categoricalHinge(reduction: reduction)
        case "KLDivergence": return .klDivergence(reduction: reduction)
        case "BinaryCrossentropy":
            return .binaryCrossentropy(
                fromLogits: fromLogits,
                labelSmoothing: smoothing,
                reduction: reduction
            )
        case "CategoricalCrossentropy":
            return .categoricalCrossentropy(
                fromLogits: fromLogits,
                labelSmoothing: smoothing,
                reduction: reduction
            )
        case "SparseCategoricalCrossentropy":
            return .sparseCategoricalCrossentropy(
                fromLogits: fromLogits,
                ignoreClass: config["ignore_class"]?.integer,
                reduction: reduction
            )
        case "BinaryFocalCrossentropy":
            return .binaryFocalCrossentropy(
                applyClassBalancing: config["apply_class_balancing"]?.flag ?? false,
                alpha: number("alpha", 0.25),
                gamma: number("gamma", 2),
                fromLogits: fromLogits,
                labelSmoothing: smoothing,
                reduction: reduction
            )
        case "CategoricalFocalCrossentropy":
            return .categoricalFocalCrossentropy(
                alpha: alphas,
                gamma: number("gamma", 2),
                fromLogits: fromLogits,
                labelSmoothing: smoothing,
                reduction: reduction
            )
        case "CategoricalGeneralizedCrossEntropy":
            return .categoricalGeneralizedCrossEntropy(q: number("q", 0.5), reduction: reduction)
        case "Dice": return .dice(reduction: reduction, axis: axes)
        case "Tversky":
            return .tversky(
                alpha: number("alpha", 0.5),
                beta: number("beta", 0.5),
                reduction: reduction,
                axis: axes
            )
        case "Circle":
            return .circle(
                gamma: number("gamma", 80),
                margin: number("margin", 0.4),
                removeDiagonal: config["remove_diagonal"]?.flag ?? true,
                reduction: reduction
            )
        default: throw ConvNetError(.format, "Unknown loss \(name)")
        }
    }
}
