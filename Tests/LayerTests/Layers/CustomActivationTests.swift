import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// factor · x³
struct Cube: CustomActivation {
    static let kind = "Cube"
    let factor: Float

    func value(_ x: Float) -> Float { factor * x * x * x }
    func derivative(_ x: Float) -> Float { 3 * factor * x * x }
}

@Suite("Activation functions of a user")
struct CustomActivationTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("model.safetensors") }

    init() throws { folder = try TemporaryFolder() }

    private func model(_ function: ActivationFunction) throws -> Sequential {
        let model = try Sequential(inputShape: [6, 6, 2], seed: 3) {
            Conv2D(filters: 3, kernelSize: 3, activation: function)
            Activation(function)
            Flatten()
            Dense(units: 2, activation: function)
        }
        try model.compile(optimizer: .sgd(learningRate: 0.01), loss: .mse())
        return model
    }

    @Test("A type is saved with its settings, and comes back with the same bits")
    func roundTrip() throws {
        let function = ActivationFunction.custom(Cube(factor: 0.25))
        let model = try model(function)
        let x = try TestValues.uniform([5, 6, 6, 2], seed: 1), y = try TestValues.uniform([5, 2], seed: 2)
        try model.fit(x, y, epochs: 2, verbose: .silent)
        try model.save(to: path)
        let loaded = try Model.load(from: path, customTypes: CustomTypes(activations: [Cube.self]))
        #expect(try loaded.predict(x).bits == model.predict(x).bits)
        try model.fit(x, y, verbose: .silent)
        try loaded.fit(x, y, verbose: .silent)
        #expect(loaded.parameters.map(\.values.bits) == model.parameters.map(\.values.bits))
    }

    @Test("A type that is not named is an error that says what to do")
    func unnamed() throws {
        try model(.custom(Cube(factor: 1))).save(to: path)
        let error = try #require(throws: ConvNetError.self) { try Model.load(from: path) }
        #expect(error.kind == .format)
        #expect(error.summary == "Unknown activation \"Cube\"")
        #expect(error.remedy?.contains("CustomTypes(activations: [Cube.self])") == true)
        let json = try JSONEncoder().encode(Activation(.custom(Cube(factor: 1))))
        let plain = try #require(throws: ConvNetError.self) {
            try JSONDecoder().decode(Activation.self, from: json)
        }
        #expect(plain.remedy?.contains("customTypes") == true)
    }

    @Test("Closures train and predict, and are refused where a model is saved")
    func closures() throws {
        let cube = ActivationFunction.custom(
            name: "cube",
            value: { 0.25 * $0 * $0 * $0 },
            derivative: { 0.75 * $0 * $0 }
        )
        let model = try model(cube), twin = try self.model(.custom(Cube(factor: 0.25)))
        let x = try TestValues.uniform([5, 6, 6, 2], seed: 1), y = try TestValues.uniform([5, 2], seed: 2)
        try model.fit(x, y, epochs: 3, verbose: .silent)
        try twin.fit(x, y, epochs: 3, verbose: .silent)
        expectClose(
            try model.predict(x),
            ReferenceTensor(try twin.predict(x)),
            tolerance: 1e-6,
            "predictions"
        )
        let error = try #require(throws: ConvNetError.self) { try model.save(to: path) }
        #expect(error.description.contains("cube"))
        #expect(error.remedy?.contains("CustomTypes(activations:") == true)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func equality() {
        let one = ActivationFunction.custom(Cube(factor: 1)), two = ActivationFunction.custom(Cube(factor: 2))
        #expect(one == .custom(Cube(factor: 1)) && one != two && one != .relu)
        #expect(Set([one, two, .custom(Cube(factor: 1))]).count == 2)
        let closure = ActivationFunction.custom(name: "f", value: { $0 }, derivative: { _ in 1 })
        let other = ActivationFunction.custom(name: "f", value: { $0 }, derivative: { _ in 1 })
        #expect(closure == closure && closure != other)
        #expect("\(closure)".contains("f"))
    }

    @Test("The names and forms in files of the first functions have not changed")
    func forms() throws {
        func json(_ function: ActivationFunction) throws -> String {
            String(decoding: try JSONEncoder().encode(function), as: UTF8.self)
        }
        #expect(try json(.relu) == #"{"relu":{}}"#)
        #expect(try json(.leakyReLU()) == #"{"leakyReLU":{"negativeSlope":0.2}}"#)
        #expect(try json(.gelu(approximate: true)) == #"{"gelu":{"approximate":true}}"#)
        #expect(try json(.custom(Cube(factor: 2))).contains(#""kind":"Cube""#))
    }

    @Test("relu with arguments is the plainest function that does the same")
    func relu() {
        #expect(ActivationFunction.relu(negativeSlope: 0) == .relu)
        #expect(ActivationFunction.relu(negativeSlope: 0.1) == .leakyReLU(negativeSlope: 0.1))
        #expect(
            ActivationFunction.relu(maxValue: 3)
                == .clippedReLU(negativeSlope: 0, maxValue: 3, threshold: 0)
        )
        #expect(ActivationFunction.swish == .silu && ActivationFunction.hardSwish == .hardSilu)
    }
}
