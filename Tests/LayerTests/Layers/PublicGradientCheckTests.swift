import SwiftConvNet
import Testing

/// `y = w · x³` for each channel, with an error of a share in its gradients.
private struct CubeLayer: SampleLayer {
    static let kind = "CubeLayer"
    var inputError: Float = 0
    var weightError: Float = 0

    func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

    func parameters(for inputs: [Shape]) -> [ParameterSpec] {
        [ParameterSpec("weight", shape: inputs[0], initializer: .ones)]
    }

    func forward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0)
        for i in x.indices { sample.output[i] = w[i] * x[i] * x[i] * x[i] }
    }

    func backward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0), dy = sample.outputGradient
        for i in x.indices {
            sample.parameterGradient(0)[i] += dy[i] * x[i] * x[i] * x[i] * (1 + weightError)
            sample.inputGradient(0)[i] = 3 * dy[i] * w[i] * x[i] * x[i] * (1 + inputError)
        }
    }
}

@Suite("checkGradients finds what it should")
struct PublicGradientCheckTests {
    @Test(
        "Layers of the library pass",
        arguments: [
            (Dense(units: 4, activation: .tanh), [[3]]),
            (Conv2D(filters: 3, kernelSize: 3, activation: .tanh), [[5, 4, 2]]),
            (BatchNormalization(), [[4, 3]]), (MaxPooling2D(), [[4, 4, 3]]), (ReLU(maxValue: 1), [[3, 5]]),
            (Dropout(rate: 0.5), [[11]]), (Multiply(), [[2, 3], [3]]),
            (Dot(axes: -1, normalize: true), [[5], [5]]),
            (MultiHeadAttention(numHeads: 2, keyDim: 3), [[4, 3], [5, 2]]), (Softmax(axis: 1), [[3, 4]]),
        ] as [(any Layer, [Shape])]
    )
    func library(layer: any Layer, inputShapes: [Shape]) throws {
        let report = try checkGradients(of: layer, inputShapes: inputShapes)
        #expect(report.passes, "\(report)")
        #expect(
            report.entries.prefix(inputShapes.count).map(\.name) == inputShapes.indices.map { "input \($0)" }
        )
    }

    @Test func acceptsWhatIsRight() throws {
        let report = try checkGradients(of: CubeLayer(), inputShapes: [[4, 3]])
        #expect(report.passes, "\(report)")
        #expect(report.entries.map(\.name) == ["input 0", "weight"])
        #expect(report.entries.map(\.comparisons) == [27, 15] && report.entries.allSatisfy { $0.kinks == 0 })
    }

    @Test func findsOnePercentInTheGradientOfTheInput() throws {
        let report = try checkGradients(of: CubeLayer(inputError: 0.01), inputShapes: [[4, 3]])
        #expect(!report.passes)
        #expect(report.entries[0].largestError > 5e-3 && report.entries[1].largestError < 1e-4)
        #expect(report.description.contains("input 0") && report.description.contains("does not pass"))
    }

    @Test func findsOnePercentInTheGradientOfAParameter() throws {
        let report = try checkGradients(of: CubeLayer(weightError: -0.01), inputShapes: [[4, 3]])
        #expect(!report.passes && report.entries[0].largestError < 1e-4)
        #expect(report.entries[1].largestError > 5e-3)
    }

    @Test("No samples, and shapes that do not fit, are errors")
    func misuse() throws {
        #expect(throws: ConvNetError.self) { try checkGradients(of: Flatten(), inputShapes: [[2]], batch: 0) }
        #expect(throws: ConvNetError.self) { try checkGradients(of: Flatten(), inputShapes: []) }
        #expect(throws: ConvNetError.self) {
            try checkGradients(of: Conv2D(filters: 1, kernelSize: 1), inputShapes: [[2]])
        }
    }
}
