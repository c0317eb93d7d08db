import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Layers that combine, look up and attend")
struct OperatorLayerTests {
    @Test(arguments: LayerCase.combinations)
    func combination(_ layer: LayerCase) throws { try layer.check() }

    @Test(arguments: LayerCase.attentions, [GEMMPath.openBLAS, .naive])
    func attention(_ layer: LayerCase, by path: GEMMPath) throws {
        try layer.check(options: ComputeOptions(gemmPath: path))
    }

    /// Squeeze and excitation (Hu and others, 2018) around a convolution.
    private func squeezeAndExcitation(threads: Int? = nil) throws -> Model {
        let image = Input(shape: [6, 5, 3])
        let x = Conv2D(filters: 8, kernelSize: 3, padding: .same, activation: .relu)(image)
        let squeezed = GlobalAveragePooling2D(keepDims: true)(x)
        let gate = Dense(units: 8, activation: .sigmoid)(Dense(units: 2, activation: .relu)(squeezed))
        let y = GlobalAveragePooling2D()(Multiply()(x, gate))
        return try Model(
            inputs: image,
            outputs: Dense(units: 3, activation: .softmax)(y),
            seed: 4,
            options: ComputeOptions(threads: threads)
        )
    }

    @Test("A block of squeeze and excitation learns, and has the same bits on any number of workers")
    func gatedChannels() throws {
        let x = try TestValues.uniform([24, 6, 5, 3], seed: 3)
        let y = Labels((0..<24).map { Int32($0 % 3) })
        let runs = try [1, 2, 8].map { threads in
            let model = try squeezeAndExcitation(threads: threads)
            try model.compile(optimizer: .adam(learningRate: 0.02), loss: .sparseCategoricalCrossentropy())
            let losses = try (0..<30).map { _ in try #require(try model.trainOnBatch(x, y).loss) }
            return (losses, model.parameters.map { $0.values.elements.map(\.bitPattern) })
        }
        #expect(runs[0].0[29] < runs[0].0[0] * 0.9)
        for run in runs.dropFirst() { #expect(run.0 == runs[0].0 && run.1 == runs[0].1) }
    }

    @Test("An embedding learns which words a text has, and the same bits on any number of workers")
    func words() throws {
        // A text is of class 1 if it has the word 7.
        let texts = try Tensor(shape: [64, 5]) { index -> Float in
            let row = index[0], column = index[1]
            let word = row * 5 + column * 3 + row * column
            return Float(word % 11)
        }
        let classes = (0..<64).map { row -> Int32 in
            let hasWord = (0..<5).contains { (column: Int) -> Bool in texts[row, column] == 7 }
            return hasWord ? 1 : 0
        }
        let y = Labels(classes)
        let runs = try [1, 3, 8].map { threads in
            let model = try Sequential(inputShape: [5], seed: 2, options: ComputeOptions(threads: threads)) {
                Embedding(inputDim: 11, outputDim: 4)
                GlobalMaxPooling1D()
                Dense(units: 2, activation: .softmax)
            }
            try model.compile(optimizer: .adam(learningRate: 0.05), loss: .sparseCategoricalCrossentropy())
            for _ in 0..<150 { try model.trainOnBatch(texts, y) }
            return (
                try #require(try model.evaluate(texts, y).loss),
                model.parameters.map { $0.values.elements.map(\.bitPattern) }
            )
        }
        #expect(runs[0].0 < 0.1)
        for run in runs.dropFirst() { #expect(run.1 == runs[0].1) }
    }

    @Test("A number that an embedding does not know stops the training, and the error names the layer")
    func unknownWord() throws {
        let model = try Sequential(inputShape: [2]) {
            Embedding(inputDim: 3, outputDim: 2)
            Flatten()
            Dense(units: 2, activation: .softmax)
        }
        try model.compile(loss: .sparseCategoricalCrossentropy())
        let x = try Tensor([0, 1, 2, 3], shape: [2, 2])
        let error = try #require(throws: ConvNetError.self) {
            try model.fit(x, Labels([0, 1]), verbose: .silent)
        }
        #expect(error.kind == .numeric)
        #expect(error.description.contains("embedding"), "\(error)")
    }

    @Test("An attention without dropout in its settings is the same in training; with it scores are dropped")
    func dropout() throws {
        let x = try TestValues.uniform([3, 4, 5], seed: 3)
        func outputs(_ dropout: Float) throws -> (training: Tensor, inference: Tensor) {
            let layer = MultiHeadAttention(numHeads: 2, keyDim: 3, dropout: dropout)
            let model = try Sequential(inputShape: [4, 5], layers: [layer], seed: 1)
            let pass = try TrainingPass(model, x, upstream: x)
            return (pass.outputs, try model.predict(x))
        }
        let plain = try outputs(0), dropped = try outputs(0.5)
        #expect(plain.training == plain.inference && dropped.inference == plain.inference)
        #expect(dropped.training != plain.training)
    }

    @Test("The kernels of an attention have the fans of their matrices, as Keras' have")
    func initialValues() throws {
        let layer = MultiHeadAttention(numHeads: 20, keyDim: 10)
        let model = try Sequential(inputShape: [3, 50], layers: [layer], seed: 1)
        // Glorot's limit for 50 inputs and 200 outputs; 10,000 uniform values come near it.
        let limit = Float(6.0 / 250).squareRoot()
        for name in ["query/kernel", "attention_output/kernel"] {
            let values = try #require(model.parameters.first { $0.name.hasSuffix(name) }).values.elements
            let largest = values.map(abs).max() ?? 0
            #expect(largest <= limit && largest > 0.99 * limit, "\(name)")
        }
    }
}
