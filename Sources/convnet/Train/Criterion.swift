import ArgumentParser
import SwiftConvNet

/// What a model is trained and judged by.
enum LossName: String, ExpressibleByArgument, CaseIterable {
    /// By targets and output.
    case automatic
    case sparseCategoricalCrossentropy = "sparse-categorical-crossentropy"
    case categoricalCrossentropy = "categorical-crossentropy"
    case binaryCrossentropy = "binary-crossentropy"
    case mse
}

/// A loss that suits a model and its data.
struct Criterion {
    let loss: any Loss
    let metrics: [any Metric]

    /// - Parameters:
    ///   - name: which loss; classes go with cross-entropy, values with the mean squared error, unless it says otherwise.
    ///   - model: a model of one output.
    ///   - data: what it is for.
    /// - Throws: `ConvNetError` of kind `argument` if the model has several outputs or the data have no targets; as `Model.predict`.
    init(_ name: LossName, for model: Model, _ data: any Dataset) throws {
        guard model.outputShapes.count == 1 else {
            throw ConvNetError(
                .argument,
                "A loss can be chosen for one output",
                at: model.name,
                expected: "a model of one output, or one that is compiled",
                received: model.outputNames.joined(separator: ", ")
            )
        }
        guard let target = data.fields.first(where: { $0.role == .target }) else {
            throw ConvNetError(.data, "The data have no targets", at: "--data")
        }
        let isClass = target.element == .int32
        let isSingle = model.outputShape.last == 1
        var name = name
        if name == .automatic {
            name = !isClass ? .mse : isSingle ? .binaryCrossentropy : .sparseCategoricalCrossentropy
        }
        let fromLogits = name != .mse ? try !Self.putsOutProbabilities(model) : false
        metrics = name == .mse ? [] : [.accuracy]
        switch name {
        case .mse, .automatic: loss = .mse()
        case .binaryCrossentropy: loss = .binaryCrossentropy(fromLogits: fromLogits)
        case .categoricalCrossentropy: loss = .categoricalCrossentropy(fromLogits: fromLogits)
        case .sparseCategoricalCrossentropy: loss = .sparseCategoricalCrossentropy(fromLogits: fromLogits)
        }
    }

    /// Whether what a model puts out for random samples are probabilities: of classes, that add up to 1, or of one class, within
    /// 0...1. Files of other libraries do not say it in one way.
    private static func putsOutProbabilities(_ model: Model) throws -> Bool {
        let samples = try RandomInputs(for: model, count: 4, seed: 1)
        let predictions = try model.predict(samples.dataset, batchSize: 4)
        let width = max(model.outputShape.last ?? 1, 1)
        let values = predictions.elements
        guard values.allSatisfy({ (0...1).contains($0) }) else { return false }
        return width == 1
            || stride(from: 0, to: values.count, by: width).allSatisfy { start in
                abs(values[start..<(start + width)].reduce(0, +) - 1) < 1e-3
            }
    }
}
