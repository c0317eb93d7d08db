import SwiftConvNet
import TestSupport
import Testing

/// `more_losses.json`.
private struct MoreLossGoldens: Decodable, GoldenArrays {
    struct Case: Decodable, GoldenComparison, Sendable, CustomTestStringConvertible {
        let name: String
        let loss: String
        let config: [String: Golden.Argument]
        let y_true: Int
        let y_pred: Int
        let sample_weight: Int?
        let value: Double
        let gradient: GoldenTensor

        var testDescription: String { "\(loss), \(name)" }
    }

    struct Evaluated: Decodable, GoldenComparison {
        let loss: String
        let config: [String: Golden.Argument]
        let y_true: Int
        let y_pred: Int
        let sample_weight: Int?
        let result: Double
    }

    let arrays: [GoldenTensor]
    let cases: [Case]
    let evaluated: [Evaluated]

    static let all = try? Golden.read("more_losses", as: MoreLossGoldens.self)
}

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

@Suite("The catalogue of losses against Keras")
struct MoreLossGoldenTests {
    @Test("every loss of the library has a golden, here or among the first")
    func families() throws {
        let file = try #require(MoreLossGoldens.all)
        #expect(Set(file.cases.map(\.loss)) == Set(BuiltInLosses.types.map { $0.kind }))
        #expect(file.evaluated.count == 11)
    }

    @Test("value and gradient are Keras'", arguments: MoreLossGoldens.all?.cases ?? [])
    private func valueAndGradient(_ golden: MoreLossGoldens.Case) throws {
        try Deviations.record("losses", golden.loss) { try compare(golden) }
    }

    private func compare(_ golden: MoreLossGoldens.Case) throws {
        let data = GoldenData(golden, try #require(MoreLossGoldens.all))
        let (y, x, weights) = try data.part(0..<data.count, areLabels: true)
        let loss = try Golden.loss(golden.loss, golden.config)
        let value = try loss(y, x, sampleWeight: weights)
        // Sums of some dozens of values, each rounded to Float.
        // Keras keeps log 2 in float32, so that its LogCosh of equal numbers is -1.9e-9 where the formula's is 0.
        let isEqual = abs(Double(value) - Double(golden.value)) < 4e-9
        #expect(
            isEqual || relativeDifference([Float(value)], [Float(golden.value)]) < 1e-5,
            "\(value)"
        )
        let gradient = try loss.gradient(y, x, sampleWeight: weights)
        #expect(relativeDifference(gradient.elements, golden.gradient.values) < 1e-5)
    }

    @Test("an evaluation reports what Keras reports: the mean of batches by their samples")
    func evaluations() throws {
        let file = try #require(MoreLossGoldens.all)
        for golden in file.evaluated {
            let data = GoldenData(golden, file)
            let (y, x, weights) = try data.part(0..<data.count, areLabels: true)
            let model = try Sequential(inputShape: [x.shape[1]], layers: [Activation(.linear)])
            try model.compile(loss: try Golden.loss(golden.loss, golden.config))
            let result = try #require(
                try model.evaluate(x, y, batchSize: 3, sampleWeight: weights).loss
            )
            #expect(
                abs(result - golden.result) < 1e-5 * max(1, golden.result),
                "\(golden.loss), \(golden.config), \(weights != nil)"
            )
        }
    }
}
