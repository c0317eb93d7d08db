import ConvNetInterop
import SwiftConvNet
import TestSupport

/// What `Tests/Interop/pytorch_goldens.py` has written, and the same networks here.
struct PyTorchGolden: Decodable {
    let images: [Float], scores: [Float], words: [Float], attended: [Float], half: [Float]

    static func read() throws -> PyTorchGolden { try Golden.read("pytorch_files") }

    static func path(_ name: String) -> String { Golden.folder.appendingPathComponent(name).path }

    /// The script's `Tiny`, with the names of its modules or those that this library gives.
    static func tiny(named: Bool = true, classes: Int = 5) throws -> Sequential {
        func name(_ text: String) -> String? { named ? text : nil }
        return try Sequential(inputShape: [3, 4, 2]) {
            Conv2D(filters: 4, kernelSize: 3, padding: .same, name: name("conv"))
            BatchNormalization(epsilon: 1e-5, name: name("bn"))
            Activation(.relu)
            DepthwiseConv2D(kernelSize: 3, padding: .same, depthMultiplier: 2, name: name("dw"))
            Conv2DTranspose(filters: 3, kernelSize: 2, strides: 2, name: name("up"))
            PReLU(sharedAxes: [1, 2], name: name("prelu"))
            Flatten()
            BatchNormalization(epsilon: 1e-5, name: name("bn1"))
            Dropout(rate: 0.5)
            Dense(units: classes, name: name("fc"))
            LayerNormalization(epsilon: 1e-5, name: name("ln"))
        }
    }

    /// The script's `Attention`.
    static func attention() throws -> Model {
        let x = Input(shape: [5])
        let words = Embedding(inputDim: 10, outputDim: 8, name: "words")(x)
        let y = MultiHeadAttention(numHeads: 2, keyDim: 4, name: "attention")(words)
        return try Model(inputs: x, outputs: y)
    }

    /// The largest difference between a tensor and elements.
    static func deviation(_ a: Tensor, _ b: [Float]) -> Float {
        a.count == b.count ? zip(a.elements, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
    }
}
