import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Whitening")
struct WhiteningTests {
    /// What NumPy has made of samples.
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let method: String
        let epsilon: Float
        let components: Int?
        let data: GoldenTensor
        let mean: GoldenTensor
        let matrix: GoldenTensor
        let outputs: GoldenTensor

        var testDescription: String { "\(method), \(epsilon), \(components ?? 0)" }

        static let all: [Case] = {
            struct File: Decodable { let whitening: [Case] }
            return (try? Golden.read("evaluation", as: File.self))?.whitening ?? []
        }()

        func layer() throws -> Whitening {
            Whitening(
                try #require(Whitening.Method(rawValue: method)),
                epsilon: epsilon,
                components: components
            )
        }
    }

    @Test func casesAreThere() { #expect(Case.all.count == 4) }

    @Test("The same as NumPy: mean, matrix and outputs", arguments: Case.all)
    func golden(_ golden: Case) throws {
        var layer = try golden.layer()
        let x = try golden.data.tensor()
        try layer.adapt(x)
        let model = try Sequential(inputShape: [2, 3], layers: [layer])
        #expect(model.parameters.map { $0.name.split(separator: "/").last } == ["mean", "matrix"])
        expectClose(model.parameters[0].values, golden.mean.reference, tolerance: 1e-6, "mean")
        expectClose(model.parameters[1].values, golden.matrix.reference, tolerance: 1e-5, "matrix")
        let y = try model.predict(x)
        let shape: Shape = golden.method == "pca" ? [30, golden.components ?? 6] : [30, 2, 3]
        #expect(y.shape == shape)
        let flat = try y.reshaped(to: Shape(golden.outputs.shape))
        expectClose(flat, golden.outputs.reference, tolerance: 1e-5, "outputs")
    }

    @Test("The covariance of what comes out is the identity", arguments: Whitening.Method.allCases)
    func identity(method: Whitening.Method) throws {
        // More samples than a block has, of values that depend on each other.
        let noise = try TestValues.uniform([700, 12], seed: 4).elements
        var mixed: [Float] = []
        for (index, value) in noise.enumerated() {
            let place = index % 12, before: Float = place == 0 ? 0 : mixed[index - 1]
            mixed.append(0.7 * before + Float(place + 1) * value + 5)
        }
        let x = try Tensor(mixed, shape: [700, 3, 4])
        var layer = Whitening(method, epsilon: 0)
        try layer.adapt(ArrayDataset(.values(x), nil))
        let y = try Sequential(inputShape: [3, 4], layers: [layer]).predict(x).elements.map(Double.init)
        func product(_ first: Int, _ second: Int?) -> Double {
            var sum = 0.0
            for sample in 0..<700 {
                let other: Double = second.map { y[12 * sample + $0] } ?? 1
                sum += y[12 * sample + first] * other
            }
            return sum / 700
        }
        for first in 0..<12 {
            #expect(abs(product(first, nil)) < 1e-4)
            for second in 0..<12 {
                let expected: Double = first == second ? 1 : 0
                #expect(abs(product(first, second) - expected) < 1e-4, "\(first), \(second)")
            }
        }
    }

    @Test("PCA's components have falling variances, and ZCA stays close to the samples")
    func meaning() throws {
        let x = try TestValues.uniform([50, 6], seed: 5)
        // With a large epsilon no variance is brought to 1.
        var pca = Whitening(.pca, epsilon: 1000)
        try pca.adapt(x)
        let y = try Sequential(inputShape: [6], layers: [pca]).predict(x)
        let variances = Reference.moments(ReferenceTensor(y)).variance
        #expect(zip(variances, variances.dropFirst()).allSatisfy { $0 >= $1 })
        var zca = Whitening(.zca, epsilon: 0)
        try zca.adapt(x)
        let z = try Sequential(inputShape: [6], layers: [zca]).predict(x)
        for place in 0..<6 {
            let products = (0..<50).map { x[$0, place] * z[$0, place] }
            #expect(products.reduce(0, +) > 0)
        }
    }

    @Test("A file holds what was learned; the settings do not; gradients pass")
    func saved() throws {
        let x = try TestValues.uniform([20, 4, 3], seed: 3)
        var layer = Whitening(.pca, epsilon: 0.01, components: 5)
        try layer.adapt(x)
        let model = try Sequential(inputShape: [4, 3], layers: [layer, Dense(units: 2)])
        let folder = try TemporaryFolder()
        try model.save(to: folder.file("model.safetensors"))
        let loaded = try Model.load(from: folder.file("model.safetensors"))
        #expect(loaded.parameters.map(\.values) == model.parameters.map(\.values))
        #expect(try loaded.predict(x) == model.predict(x))
        #expect(model.trainableParameterCount == 12)
        let decoded = try JSONDecoder().decode(Whitening.self, from: JSONEncoder().encode(layer))
        #expect(decoded == Whitening(.pca, epsilon: 0.01, components: 5))
        let report = try checkGradients(of: layer, inputShapes: [[4, 3]])
        #expect(report.passes, "\(report)")
    }

    @Test("Before it adapts it changes nothing")
    func unadapted() throws {
        let x = try TestValues.uniform([3, 4], seed: 3)
        #expect(try Sequential(inputShape: [4], layers: [Whitening()]).predict(x) == x)
        let first = try Sequential(inputShape: [4], layers: [Whitening(.pca, components: 2)]).predict(x)
        let expected: [Float] = x.elements.enumerated().filter { $0.offset % 4 < 2 }.map(\.element)
        #expect(first.elements == expected)
    }

    @Test("What cannot be learned is an error")
    func refusals() throws {
        let x = try TestValues.uniform([4, 3], seed: 3)
        func refused(_ kind: ConvNetError.Kind, _ body: () throws -> Void) {
            let error = #expect(throws: ConvNetError.self) { try body() }
            #expect(error?.kind == kind, "\(error as Any)")
        }
        var layer = Whitening()
        refused(.shape) { try layer.adapt(Tensor(zeros: [0, 3])) }
        refused(.argument) { try layer.adapt(TensorDataset(inputs: ["a": x, "b": x])) }
        refused(.argument) { try layer.adapt(Tensor(zeros: [1, 20_001])) }
        refused(.numeric) { try layer.adapt(Tensor([1, .nan, 0, 1], shape: [2, 2])) }
        refused(.numeric) { try layer.adapt(Tensor([1, .infinity, 0, 1], shape: [2, 2])) }
        for var wrong in [
            Whitening(epsilon: -1), Whitening(epsilon: .nan), Whitening(components: 0),
            Whitening(components: 4),
        ] {
            refused(.argument) { try wrong.adapt(x) }
            refused(.argument) { _ = try Sequential(inputShape: [3], layers: [wrong]) }
        }
        try layer.adapt(x)
        refused(.shape) { _ = try Sequential(inputShape: [4], layers: [layer]) }
    }
}
