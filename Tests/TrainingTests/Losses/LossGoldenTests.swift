import SwiftConvNet
import TestSupport
import Testing

/// What `losses.json` has of every loss.
private struct LossGoldens: Decodable, GoldenArrays {
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

    static let all = try? Golden.read("losses", as: LossGoldens.self)
}

@Suite("Losses against Keras")
struct LossGoldenTests {
    @Test("every loss of the library has a golden")
    func families() throws {
        let file = try #require(LossGoldens.all)
        #expect(Set(file.cases.map(\.loss)) == Set(BuiltInLosses.types.map { $0.kind }))
        #expect(file.evaluated.count == 11)
    }

    @Test("value and gradient are Keras'", arguments: LossGoldens.all?.cases ?? [])
    private func valueAndGradient(_ golden: LossGoldens.Case) throws {
        try Deviations.record("losses", golden.loss) { try compare(golden) }
    }

    private func compare(_ golden: LossGoldens.Case) throws {
        let data = GoldenData(golden, try #require(LossGoldens.all))
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
        let file = try #require(LossGoldens.all)
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
