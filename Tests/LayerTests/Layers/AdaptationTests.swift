import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Layers that learn of data before training")
struct AdaptationTests {
    /// What a layer of Keras has learned.
    struct Adaptation: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let layer: String
        let config: [String: Golden.Argument]
        let data: GoldenTensor
        /// Samples that are summed up at once.
        let batches: Int
        let learned: [String: GoldenTensor]

        var testDescription: String { "\(layer), \(name)" }

        static let all: [Adaptation] = {
            struct File: Decodable { let adaptations: [Adaptation] }
            return (try? Golden.read("preprocessing", as: File.self))?.adaptations ?? []
        }()

        func made() throws -> any Layer {
            var arguments = LayerGolden.Arguments(config)
            return try #require(try LayerGolden.preprocessingLayer(layer, &arguments))
        }
    }

    @Test func casesAreThere() { #expect(Adaptation.all.count >= 15) }

    @Test("The same as Keras: of a tensor, and of a dataset", arguments: Adaptation.all)
    func learned(_ golden: Adaptation) throws {
        let data = try golden.data.tensor()
        let dataset = try ArrayDataset(.values(data), nil)
        let isWhole = golden.batches == data.shape[0]
        switch try golden.made() {
        case var layer as Normalization:
            for readsDataset in [false, true] {
                if readsDataset { try layer.adapt(dataset) } else { try layer.adapt(data) }
                let shape = Shape(Array(data.shape.dropFirst()))
                let model = try Sequential(inputShape: shape, layers: [layer])
                #expect(model.parameters.map(\.name.lastPart) == ["mean", "variance", "count"])
                for parameter in model.parameters {
                    // Keras computes them in single precision.
                    let expected = try #require(golden.learned[parameter.name.lastPart])
                    expectClose(parameter.values, expected.reference, tolerance: 2e-6, parameter.name)
                }
            }
        case var layer as Discretization:
            try layer.adapt(dataset, batchSize: golden.batches)
            // The same arithmetic: no difference but in the last bit.
            let expected = golden.learned["bin_boundaries"]?.values ?? []
            #expect(relativeDifference(layer.binBoundaries ?? [], expected) <= 2e-7)
            guard isWhole else { return }
            let boundaries = layer.binBoundaries
            try layer.adapt(data)
            #expect(layer.binBoundaries == boundaries)
        default: Issue.record("\(golden.layer) does not adapt")
        }
    }

    @Test("A file holds what was learned; the settings do not")
    func saved() throws {
        let x = try TestValues.uniform([20, 4, 3], seed: 3)
        var normalization = Normalization()
        try normalization.adapt(x)
        var bins = Discretization(numBins: 3)
        try bins.adapt(x)
        #expect(bins.binBoundaries?.count == 2)
        let model = try Sequential(inputShape: [4, 3], layers: [normalization, bins])
        let folder = try TemporaryFolder()
        try model.save(to: folder.file("model.safetensors"))
        let loaded = try Model.load(from: folder.file("model.safetensors"))
        #expect(loaded.parameters.map(\.values) == model.parameters.map(\.values))
        #expect(loaded.parameters.map(\.values.shape) == [[3], [3], []])
        #expect(try loaded.predict(x) == model.predict(x))
        let decoded = try JSONDecoder().decode(
            Normalization.self,
            from: JSONEncoder().encode(normalization)
        )
        #expect(decoded == Normalization())
        #expect(try JSONDecoder().decode(Discretization.self, from: JSONEncoder().encode(bins)) == bins)
    }

    @Test("Samples have mean 0 and variance 1 after it, and are themselves after the way back")
    func normalized() throws {
        let x = try TestValues.uniform([50, 3], seed: 5, limit: 100)
        var there = Normalization(), back = Normalization(invert: true)
        try there.adapt(x)
        try back.adapt(x)
        let y = try Sequential(inputShape: [3], layers: [there]).predict(x)
        for (mean, variance) in zip(
            Reference.moments(ReferenceTensor(y)).mean,
            Reference.moments(ReferenceTensor(y)).variance
        ) {
            #expect(abs(mean) < 1e-6 && abs(variance - 1) < 1e-5)
        }
        let model = try Sequential(inputShape: [3], layers: [there, back])
        expectClose(try model.predict(x), ReferenceTensor(x), tolerance: 1e-6, "way back")
    }

    @Test("What cannot be learned is an error")
    func refusals() throws {
        let x = try TestValues.uniform([4, 3], seed: 3)
        func refused(_ kind: ConvNetError.Kind, _ body: () throws -> Void) {
            let error = #expect(throws: ConvNetError.self) { try body() }
            #expect(error?.kind == kind, "\(error as Any)")
        }
        var given = Normalization(mean: [1], variance: [1])
        refused(.argument) { try given.adapt(x) }
        var axis = Normalization(axis: 2)
        refused(.argument) { try axis.adapt(x) }
        var normalization = Normalization()
        refused(.shape) { try normalization.adapt(Tensor(zeros: [0, 3])) }
        refused(.argument) {
            try normalization.adapt(TensorDataset(inputs: ["a": x, "b": x]))
        }
        try normalization.adapt(x)
        refused(.shape) { _ = try Sequential(inputShape: [4], layers: [normalization]) }
        var boundaries = Discretization(binBoundaries: [1])
        refused(.argument) { try boundaries.adapt(x) }
        for var bins in [
            Discretization(numBins: 0), Discretization(numBins: .max), Discretization(numBins: 2, epsilon: 0),
            Discretization(numBins: 2, epsilon: .nan), Discretization(numBins: 2, epsilon: 2),
        ] {
            refused(.argument) { try bins.adapt(x) }
        }
        var bins = Discretization(numBins: 2)
        refused(.data) { try bins.adapt(Tensor([1, .nan], shape: [2])) }
        refused(.argument) { try bins.adapt(ArrayDataset(.values(x), nil), batchSize: 0) }
    }
}

extension String {
    /// What comes after the last slash.
    fileprivate var lastPart: String { split(separator: "/").last.map(String.init) ?? self }
}
