import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("How losses of a batch become one number")
struct LossReductionTests {
    private let y = Labels([0, 1, 1, 2, 0] as [Int32])
    private func x() throws -> Tensor {
        try Tensor(Golden.uniform(stream: 3, count: 15, limit: 0.4).map { $0 + 0.5 }, shape: [5, 3])
    }

    @Test("sum is the mean times the number of values, weights or not; training makes the same small")
    func sums() throws {
        let x = try Tensor(Golden.uniform(stream: 1, count: 24), shape: [2, 3, 4])
        let y = try Tensor(Golden.uniform(stream: 2, count: 24), shape: [2, 3, 4])
        for weights in [nil, [0.5, 2] as [Float]] {
            let mean = try MeanSquaredError()(y, x, sampleWeight: weights)
            let sum = try MeanSquaredError(reduction: .sum)(y, x, sampleWeight: weights)
            #expect(abs(sum - 6 * mean) < 1e-6)
            #expect(try MeanSquaredError(reduction: .mean)(y, x, sampleWeight: weights) == mean)
            let gradient = try MeanSquaredError().gradient(y, x, sampleWeight: weights)
            let sums = try MeanSquaredError(reduction: .sum).gradient(y, x, sampleWeight: weights)
            #expect(relativeDifference(sums.elements, gradient.elements.map { $0 * 6 }) < 1e-6)
        }
    }

    @Test("with a mean by weights a factor of all weights changes nothing; without weights nothing counts")
    func meansByWeights() throws {
        let loss = SparseCategoricalCrossentropy(reduction: .meanWithSampleWeight)
        let weights: [Float] = [1, 2, 0, 0.5, 3], x = try x()
        let value = try loss(y, x, sampleWeight: weights)
        #expect(try abs(loss(y, x, sampleWeight: weights.map { $0 * 4 }) - value) < 1e-6)
        #expect(try loss(y, x, sampleWeight: [0, 0, 0, 0, 0]) == 0)
        #expect(try loss.gradient(y, x, sampleWeight: [0, 0, 0, 0, 0]).elements.allSatisfy { $0 == 0 })
        #expect(try abs(loss(y, x) - SparseCategoricalCrossentropy()(y, x)) < 1e-6)
    }

    @Test("the weight of a loss is a factor of losses of a whole batch, too")
    func lossWeights() throws {
        let input = Input(shape: [3], name: "in")
        let model = try Model(
            inputs: [input],
            outputs: [Activation(.linear, name: "one")(input), Activation(.linear, name: "two")(input)]
        )
        try model.compile(losses: ["one": .dice(), "two": .mse()], lossWeights: ["one": 0.5, "two": 2])
        let x = try x(), hot = try y.oneHot(classCount: 3)
        let data = try TensorDataset(inputs: ["in": x], targets: ["one": hot, "two": hot])
        let values = try model.evaluate(data)
        let dice = try Dice()(hot, x), squared = try MeanSquaredError()(hot, x)
        #expect(abs(try #require(values["one_loss"]) - dice) < 1e-6)
        #expect(abs(try #require(values.loss) - 0.5 * dice - 2 * squared) < 1e-6)
        let gradients = try model.gradients(data, includingSamples: true)
        let expected = try zip(Dice().gradient(hot, x).elements, MeanSquaredError().gradient(hot, x).elements)
            .map { 0.5 * $0 + 2 * $1 }
        #expect(relativeDifference(try #require(gradients.samples).elements, expected) < 1e-6)
    }

    @Test("the loss values themselves, one for each place")
    func values() throws {
        let x = try x()
        let values = try SparseCategoricalCrossentropy().values(y, x)
        #expect(values.shape == [5])
        let mean = values.elements.reduce(0) { $0 + Double($1) } / 5
        #expect(try abs(mean - SparseCategoricalCrossentropy()(y, x)) < 1e-6)
        let map = try Tensor([0, 1, 2, 3, 4, 5, 6, 7], shape: [2, 2, 2])
        let zeros = try Tensor(zeros: [2, 2, 2])
        let squares = try MeanSquaredError().values(zeros, map)
        #expect(squares.shape == [2, 2] && squares.elements == [0.5, 6.5, 20.5, 42.5])
        let ignoring = try SparseCategoricalCrossentropy(ignoreClass: 1).values(y, x).elements
        #expect(ignoring == zip(values.elements, y).map { $1 == 1 ? 0 : $0 })
        #expect(try Hinge().values(zeros, map).elements == [1.5, 3.5, 5.5, 7.5])
        #expect(throws: ConvNetError.self) { try Dice().values(zeros, map) }
        #expect(throws: ConvNetError.self) { try Circle().values(y, x) }
        #expect(throws: ConvNetError.self) { try CosineSimilarity(axis: 1).values(zeros, map) }
        #expect(throws: ConvNetError.self) { try MeanSquaredError().values(zeros, x) }
    }

    @Test("files keep reductions, and leave the default out; every loss is read back as it was")
    func coding() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try String(decoding: encoder.encode(MeanSquaredError()), as: UTF8.self) == "{}")
        let summed = try encoder.encode(MeanSquaredError(reduction: .sum))
        #expect(String(decoding: summed, as: UTF8.self) == #"{"reduction":"sum"}"#)
        #expect(try JSONDecoder().decode(MeanSquaredError.self, from: Data("{}".utf8)) == MeanSquaredError())
        let old = Data(#"{"fromLogits":true}"#.utf8)
        #expect(
            try JSONDecoder().decode(SparseCategoricalCrossentropy.self, from: old)
                == SparseCategoricalCrossentropy(fromLogits: true)
        )
        let file = try Golden.read("losses", as: Configurations.self)
        var kinds: Set<String> = []
        func check<Own: Loss>(_ loss: Own) throws {
            let data = try encoder.encode(loss)
            #expect(try encoder.encode(JSONDecoder().decode(Own.self, from: data)) == data)
            kinds.insert(Own.kind)
        }
        for golden in file.cases { try check(Golden.loss(golden.loss, golden.config)) }
        #expect(kinds.count == BuiltInLosses.types.count)
    }

    /// The settings of `losses.json`.
    private struct Configurations: Decodable {
        struct Case: Decodable {
            let loss: String
            let config: [String: Golden.Argument]
        }
        let cases: [Case]
    }
}
