import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// A loss of one's own: the largest difference.
private struct LargestError: Loss {
    static let kind = "LargestError"
    func validate(output: Shape, targets: TargetKind) throws {
        guard targets == .values(output) else { throw ConvNetError(.shape, "Targets of another shape") }
    }
    func evaluate(_ sample: LossSample) -> Float {
        let differences = sample.prediction.indices.map { sample.prediction[$0] - sample.target[$0] }
        let worst = differences.indices.max { abs(differences[$0]) < abs(differences[$1]) } ?? 0
        if let gradient = sample.gradient {
            gradient.update(repeating: 0)
            gradient[worst] = (differences[worst] < 0 ? -1 : 1) * sample.scale
        }
        return abs(differences[worst])
    }
}

/// A metric of one's own: the mean prediction.
private struct MeanPrediction: MeanMetric {
    static let kind = "MeanPrediction"
    var name: String { "mean_prediction" }
    func value(_ sample: MetricSample) -> Double {
        sample.prediction.reduce(0) { $0 + Double($1) } / Double(sample.prediction.count)
    }
}

@Suite("Losses and metrics called on arrays")
struct ArrayCallTests {
    private let classes = Labels([2, 0, 1] as [Int32])
    private func probabilities() throws -> Tensor {
        try Tensor([0.1, 0.2, 0.7, 0.5, 0.3, 0.2, 0.6, 0.3, 0.1], shape: [3, 3])
    }

    @Test("A loss is the mean over the samples; its gradient has the shape of the predictions")
    func losses() throws {
        let x = try Tensor([1, 2, 5, 0], shape: [2, 2]), y = try Tensor([1, 2, 3, 1], shape: [2, 2])
        #expect(try MeanSquaredError()(y, x) == 1.25)
        #expect(try MeanSquaredError().gradient(y, x).elements == [0, 0, 1, -0.5])
        let expected = -(log(0.7) + log(0.5) + log(0.3)) / 3
        let loss = try SparseCategoricalCrossentropy()(classes, probabilities())
        #expect(abs(loss - expected) < 1e-6)
        #expect(try LargestError()(y, x) == 1)
        let mine = try LargestError().gradient(y, x)
        #expect(mine.shape == [2, 2] && mine.elements[2] == 0.5)
    }

    @Test("A metric is what an evaluation reports")
    func metrics() throws {
        #expect(try abs(SparseCategoricalAccuracy()(classes, probabilities()) - 2.0 / 3) < 1e-12)
        #expect(try MeanPrediction()(classes, probabilities()) > 0.33)
        let binary = try BinaryAccuracy()(
            try Tensor([1, 0], shape: [2, 1]),
            try Tensor([0.9, 0.6], shape: [2, 1])
        )
        #expect(binary == 0.5)
    }

    @Test("What cannot be compared is an error")
    func errors() throws {
        #expect(throws: ConvNetError.self) { _ = try MeanSquaredError()(classes, probabilities()) }
        #expect(throws: ConvNetError.self) {
            _ = try SparseCategoricalCrossentropy()(Labels([2, 0, 3] as [Int32]), probabilities())
        }
        #expect(throws: ConvNetError.self) {
            _ = try SparseCategoricalAccuracy()(Labels([2, 0, 3] as [Int32]), probabilities())
        }
        #expect(throws: ConvNetError.self) {
            _ = try SparseCategoricalAccuracy()(Labels([2, 0] as [Int32]), probabilities())
        }
    }
}
