import SwiftConvNet
import TestSupport
import Testing

@Suite("Spectral normalisation")
struct SpectralNormalizationTests {
    /// The layer's kernel and the vector of its power iteration, in double precision.
    private struct Matrix {
        let rows: Int, columns: Int
        var elements: [Double], vector: [Double]

        private func normalized(_ x: [Double]) -> [Double] {
            let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return x.map { $0 / length }
        }

        func times(_ x: [Double]) -> [Double] {
            (0..<rows).map { r in (0..<columns).reduce(0) { $0 + elements[r * columns + $1] * x[$1] } }
        }

        private func transposedTimes(_ x: [Double]) -> [Double] {
            (0..<columns).map { c in (0..<rows).reduce(0) { $0 + elements[$1 * columns + c] * x[$1] } }
        }

        /// Divides the matrix by what the iteration makes of its largest singular value, which it returns.
        @discardableResult
        mutating func divide(iterations: Int) -> Double {
            var rowVector: [Double] = []
            for _ in 0..<iterations {
                rowVector = normalized(times(vector))
                vector = normalized(transposedTimes(rowVector))
            }
            let value = zip(rowVector, times(vector)).reduce(0) { $0 + $1.0 * $1.1 }
            elements = elements.map { $0 / value }
            return value
        }
    }

    private func model(iterations: Int, learningRate: Float) throws -> Sequential {
        let model = try Sequential(inputShape: [5], seed: 3) {
            SpectralNormalization(Dense(units: 4), powerIterations: iterations, name: "spectral")
        }
        try model.compile(optimizer: .sgd(learningRate: .init(learningRate)), loss: .mse())
        return model
    }

    private func matrix(of model: Model) throws -> Matrix {
        let parameters = try TestValues.parameters(of: model)
        let kernel = try #require(parameters["spectral/layer/kernel"])
        let vector = try #require(parameters["spectral/vector_u"])
        #expect(vector.shape == [1, 4])
        return Matrix(
            rows: 5,
            columns: 4,
            elements: kernel.elements.map(Double.init),
            vector: vector.elements.map(Double.init)
        )
    }

    @Test(
        "Three steps: the optimizer changes the quotient, which takes the kernel's place",
        arguments: [1, 3]
    )
    func steps(iterations: Int) throws {
        let model = try model(iterations: iterations, learningRate: 0.3)
        let x = try TestValues.uniform([6, 5], seed: 1), y = try TestValues.uniform([6, 4], seed: 2)
        var expected = try matrix(of: model), bias = [Double](repeating: 0, count: 4)
        for _ in 0..<3 {
            try model.trainOnBatch(x, y)
            expected.divide(iterations: iterations)
            var errors = [Double](repeating: 0, count: 24)
            for place in errors.indices {
                let (sample, unit) = (place / 4, place % 4)
                errors[place] = bias[unit] - Double(y.elements[place])
                for feature in 0..<5 {
                    errors[place] +=
                        Double(x.elements[sample * 5 + feature]) * expected.elements[feature * 4 + unit]
                }
            }
            for (place, error) in errors.enumerated() {
                let (sample, unit) = (place / 4, place % 4), step = 0.3 * 2 * error / 24
                bias[unit] -= step
                for feature in 0..<5 {
                    expected.elements[feature * 4 + unit] -= step * Double(x.elements[sample * 5 + feature])
                }
            }
            let found = try matrix(of: model)
            for (a, b) in zip(found.elements + found.vector, expected.elements + expected.vector) {
                #expect(abs(a - b) < 1e-5)
            }
        }
    }

    @Test("Without further change the largest singular value becomes 1; in use nothing changes")
    func largestSingularValue() throws {
        let model = try model(iterations: 2, learningRate: 0)
        let x = try TestValues.uniform([6, 5], seed: 1), y = try TestValues.uniform([6, 4], seed: 2)
        for _ in 0..<50 { try model.trainOnBatch(x, y) }
        var found = try matrix(of: model)
        let before = found.elements
        #expect(abs(found.divide(iterations: 200) - 1) < 1e-5)
        _ = try model.predict(x)
        _ = try model.gradients(x, y)
        #expect(try matrix(of: model).elements == before)
    }

    @Test("gradients and apply are a step of training, and a frozen layer keeps its kernel")
    func applyAndFreeze() throws {
        let one = try model(iterations: 1, learningRate: 0.1),
            two = try model(iterations: 1, learningRate: 0.1)
        let x = try TestValues.uniform([6, 5], seed: 1), y = try TestValues.uniform([6, 4], seed: 2)
        for _ in 0..<3 {
            try one.apply(one.gradients(x, y))
            try two.trainOnBatch(x, y)
        }
        #expect(one.parameters.map(\.values.bits) == two.parameters.map(\.values.bits))
        let shared = SharedLayer(SpectralNormalization(Dense(units: 4), name: "spectral"))
        shared.isTrainable = false
        let frozen = try Sequential(inputShape: [5], layers: [shared, Dense(units: 2)], seed: 1)
        try frozen.compile(loss: .mse())
        let before = try matrix(of: frozen)
        try frozen.trainOnBatch(x, TestValues.uniform([6, 2], seed: 2))
        let after = try matrix(of: frozen)
        #expect(after.elements == before.elements && after.vector == before.vector)
    }

    @Test func aKernelOfZerosStays() throws {
        let model = try Sequential(inputShape: [5], seed: 3) {
            SpectralNormalization(Dense(units: 4, kernelInitializer: .zeros), name: "spectral")
        }
        let before = try matrix(of: model)
        let x = try TestValues.uniform([6, 5], seed: 1)
        let pass = try TrainingPass(model, x, upstream: TestValues.uniform([6, 4], seed: 2))
        #expect(pass.outputs.elements.allSatisfy { $0 == 0 })
        #expect(pass.states["spectral/vector_u"]?.elements.map(Double.init) == before.vector)
    }

    @Test("A convolution, in every way to compute it, and a file with the layer within")
    func convolution() throws {
        let folder = try TemporaryFolder()
        for path in ComputeOptions.ConvolutionPath.allCases {
            let model = try Sequential(
                inputShape: [9, 8, 6],
                layers: [SpectralNormalization(Conv2D(filters: 5, kernelSize: 3, activation: .tanh))],
                seed: 1,
                options: ComputeOptions(convolutionPath: path)
            )
            try model.compile(optimizer: .adam(), loss: .mse())
            let x = try TestValues.uniform([7, 9, 8, 6], seed: 1)
            let y = try TestValues.uniform([7, 7, 6, 5], seed: 2)
            try model.fit(x, y, batchSize: 3, epochs: 2, verbose: .silent)
            try model.save(to: folder.file("model.safetensors"))
            let loaded = try Model.load(
                from: folder.file("model.safetensors"),
                options: ComputeOptions(convolutionPath: path)
            )
            #expect(try loaded.predict(x).bits == model.predict(x).bits)
            try model.fit(x, y, batchSize: 3, verbose: .silent)
            try loaded.fit(x, y, batchSize: 3, verbose: .silent)
            #expect(loaded.parameters.map(\.values.bits) == model.parameters.map(\.values.bits))
        }
    }
}
