import Foundation
import SwiftConvNet
import TestSupport
import Testing

// This file uses the public interface alone, as a user's package would, but for the oracles.

@Suite("Layers by a closure over operators")
struct LambdaTests {
    @Test("A closure is differentiated")
    func gate() throws {
        let gate = Lambda { x, ops in try ops.multiply(x, ops.sigmoid(x)) }
        try LayerCase(name: "gate", layer: gate, inputs: [[3, 7]], batch: 9) { inputs, _ in
            inputs[0].map { $0 / (1 + exp(-$0)) }
        }.check()
    }

    @Test("A closure of two inputs, with a parameter of its own")
    func distance() throws {
        let distance = Lambda(inputCount: 2, name: "distance") { inputs, ops in
            let scale = try ops.parameter("scale", [5], .ones)
            let difference = try ops.multiply(ops.subtract(inputs[0], inputs[1]), scale)
            return try ops.sqrt(ops.sum(ops.square(difference), axes: [-1], keepDims: true))
        }
        try LayerCase(name: "distance", layer: distance, inputs: [[2, 5], [2, 5]], batch: 9) { inputs, p in
            let scaled = Reference.combine(
                Reference.combine(inputs[0], inputs[1], -),
                p["scale"] ?? inputs[0],
                *
            )
            return Reference.reduce(scaled, axes: [2]) { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        }.check()
    }

    @Test("A model with a closure trains, and says that it cannot be saved")
    func saving() throws {
        let model = try Sequential(inputShape: [3]) {
            Dense(units: 4)
            Lambda(name: "swish") { x, ops in try ops.multiply(x, ops.sigmoid(x)) }
            Dense(units: 1)
        }
        try model.compile(loss: .meanSquaredError())
        let x = try TestValues.uniform([8, 3], seed: 1)
        try model.fit(x, Tensor(zeros: [8, 1]), verbose: .silent)
        let folder = try TemporaryFolder()
        let error = try #require(throws: ConvNetError.self) {
            try model.save(to: folder.file("model.safetensors"))
        }
        #expect(error.kind == .argument)
        #expect(error.location?.contains("swish") == true)
        #expect(error.remedy?.contains("conforms to Layer") == true)
        // The weights are in a file nevertheless.
        try model.saveWeights(to: folder.file("weights.safetensors"))
        try model.loadWeights(from: folder.file("weights.safetensors"))
        #expect(throws: ConvNetError.self) { try JSONDecoder().decode(Lambda.self, from: Data("{}".utf8)) }
    }

    @Test("Another number of inputs is an error that says what to write")
    func inputs() throws {
        let input = Input(shape: [3])
        let error = try #require(throws: ConvNetError.self) {
            _ = try Model(inputs: input, outputs: Lambda { x, _ in x }(input, input))
        }
        #expect(error.kind == .shape && error.remedy?.contains("Lambda(inputCount: 2)") == true)
        let none = try #require(throws: ConvNetError.self) {
            _ = try Model(inputs: input, outputs: Lambda(inputCount: 0) { inputs, _ in inputs[0] }(input))
        }
        #expect(none.kind == .argument && none.description.contains("inputCount"))
    }
}
