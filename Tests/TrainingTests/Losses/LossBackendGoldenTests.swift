import SwiftConvNet
import TestSupport
import Testing

/// One case of `losses.json` that Keras has computed on two backends.
private struct LossBackendGolden: Decodable, Sendable, CustomTestStringConvertible {
    struct Config: Decodable, Sendable {
        let from_logits: Bool?
        let label_smoothing: Float?
    }

    struct Result: Decodable, Sendable {
        let value: Float
        let gradient: GoldenTensor
    }

    struct File: Decodable { let backends: [LossBackendGolden] }

    let name: String
    let loss: String
    let config: Config
    let y_true: GoldenTensor
    let y_pred: GoldenTensor
    let sample_weight: GoldenTensor?
    let tensorflow: Result
    let jax: Result

    var testDescription: String { "\(loss), \(name)" }

    /// Where the backends differ, sparse cross-entropy is JAX', and the derivative of |0| TensorFlow's.
    var expected: Result { loss == "MeanAbsoluteError" ? tensorflow : jax }

    var swift: any Loss {
        get throws {
            let fromLogits = config.from_logits ?? false
            let smoothing = config.label_smoothing ?? 0
            switch loss {
            case "SparseCategoricalCrossentropy":
                return .sparseCategoricalCrossentropy(fromLogits: fromLogits)
            case "CategoricalCrossentropy":
                return .categoricalCrossentropy(fromLogits: fromLogits, labelSmoothing: smoothing)
            case "BinaryCrossentropy":
                return .binaryCrossentropy(fromLogits: fromLogits, labelSmoothing: smoothing)
            case "MeanSquaredError": return .mse()
            case "MeanAbsoluteError": return .mae()
            default: throw ConvNetError(.format, "Unknown loss \(loss)")
            }
        }
    }

    /// Samples and targets; where each place of a map has a weight of its own, each place is a sample.
    var data: (x: Tensor, y: any TargetArray) {
        get throws {
            var shape = y_pred.shape
            var targetShape = y_true.shape
            if let sample_weight, sample_weight.shape.count > 1 {
                let places = sample_weight.values.count
                shape = [places] + shape.dropFirst(sample_weight.shape.count)
                targetShape = [places] + targetShape.dropFirst(sample_weight.shape.count)
            }
            if loss.hasPrefix("Sparse"), targetShape.count == 1 {
                return (try y_pred.tensor(shape), try y_true.labels())
            }
            return (try y_pred.tensor(shape), try y_true.tensor(targetShape))
        }
    }

    static let all = (try? Golden.read("losses", as: File.self).backends) ?? []
}

@Suite("Losses against two backends of Keras")
struct LossBackendGoldenTests {
    @Test("the file has the losses of classes and of numbers")
    func families() {
        #expect(LossBackendGolden.all.count == 60)
        #expect(Set(LossBackendGolden.all.map(\.loss)).count == 5)
    }

    @Test("value and gradient are Keras'", arguments: LossBackendGolden.all)
    private func valueAndGradient(_ golden: LossBackendGolden) throws {
        try Deviations.record("losses", golden.loss) { try compare(golden) }
    }

    private func compare(_ golden: LossBackendGolden) throws {
        let (x, y) = try golden.data
        let model = try identity(of: x, then: nil)
        try model.compile(loss: golden.swift)
        let gradients = try model.gradients(
            x,
            y,
            sampleWeight: golden.sample_weight?.values,
            includingSamples: true
        )
        let gradient = try #require(gradients.samples).elements
        let expected = golden.expected
        #expect(relativeDifference([Float(gradients.loss)], [expected.value]) < 1e-5)
        #expect(relativeDifference(gradient, expected.gradient.values) < 1e-5)
    }

    @Test(
        "after softmax and sigmoid, losses of probabilities equal Keras' of logits, however large",
        arguments: LossBackendGolden.all.filter { $0.config.from_logits == true }
    )
    private func fused(_ golden: LossBackendGolden) throws {
        let (x, y) = try golden.data
        let isBinary = golden.loss == "BinaryCrossentropy"
        let model = try identity(of: x, then: isBinary ? .sigmoid : .softmax)
        let smoothing = golden.config.label_smoothing ?? 0
        let loss: any Loss =
            isBinary
            ? .binaryCrossentropy(labelSmoothing: smoothing)
            : golden.loss.hasPrefix("Sparse")
                ? .sparseCategoricalCrossentropy() : .categoricalCrossentropy(labelSmoothing: smoothing)
        try model.compile(loss: loss)
        let gradients = try model.gradients(
            x,
            y,
            sampleWeight: golden.sample_weight?.values,
            includingSamples: true
        )
        let gradient = try #require(gradients.samples).elements
        #expect(relativeDifference([Float(gradients.loss)], [golden.expected.value]) < 1e-5)
        #expect(relativeDifference(gradient, golden.expected.gradient.values) < 1e-5)
    }

    /// A model that hands its samples on, so that they are the predictions.
    private func identity(of x: Tensor, then function: ActivationFunction?) throws -> Sequential {
        try Sequential(
            inputShape: Shape(Array(x.shape.dropFirst())),
            layers: [Activation(function ?? .linear)]
        )
    }
}
