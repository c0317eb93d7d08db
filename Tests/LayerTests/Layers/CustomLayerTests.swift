import SwiftConvNet
import TestSupport
import Testing

// Everything between here and the tests uses the public interface alone, as a user's package would.

/// `y = w · x + b` for each channel.
struct ChannelScale: SampleLayer {
    static let kind = "ChannelScale"
    var name: String?

    func outputShape(for inputs: [Shape]) throws -> Shape {
        guard inputs.count == 1, inputs[0].rank >= 1 else {
            throw ConvNetError(.shape, "ChannelScale takes one input", received: "\(inputs)")
        }
        return inputs[0]
    }

    func parameters(for inputs: [Shape]) -> [ParameterSpec] {
        let channels: Shape = [inputs[0].last ?? 1]
        return [
            ParameterSpec("weight", shape: channels, initializer: .ones),
            ParameterSpec("bias", shape: channels, initializer: .zeros),
        ]
    }

    func forward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0), b = sample.parameter(1), y = sample.output
        for i in x.indices { y[i] = x[i] * w[i % w.count] + b[i % w.count] }
    }

    func backward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0), dy = sample.outputGradient
        for i in x.indices {
            sample.parameterGradient(0)[i % w.count] += dy[i] * x[i]
            sample.parameterGradient(1)[i % w.count] += dy[i]
        }
        guard sample.needsInputGradient(0) else { return }
        for i in x.indices { sample.inputGradient(0)[i] = dy[i] * w[i % w.count] }
    }
}

/// The product of its two inputs, element by element.
struct Product: SampleLayer {
    static let kind = "Product"

    func outputShape(for inputs: [Shape]) throws -> Shape {
        guard inputs.count == 2, inputs[0] == inputs[1] else {
            throw ConvNetError(.shape, "Product takes two inputs of one shape", received: "\(inputs)")
        }
        return inputs[0]
    }

    func forward(_ sample: SampleContext) {
        for i in sample.output.indices { sample.output[i] = sample.input(0)[i] * sample.input(1)[i] }
    }

    func backward(_ sample: SampleContext) {
        for index in 0..<2 where sample.needsInputGradient(index) {
            let other = sample.input(1 - index), gradient = sample.inputGradient(index)
            for i in other.indices { gradient[i] = sample.outputGradient[i] * other[i] }
        }
    }
}

/// Half the sum of squared distances.
struct SquaredError: Loss {
    static let kind = "SquaredError"

    func validate(output: Shape, targets: TargetKind) throws {
        guard targets == .values(output) else {
            throw ConvNetError(.shape, "Targets must have the output's shape", received: "\(targets)")
        }
    }

    func evaluate(_ sample: LossSample) -> Float {
        var sum: Float = 0
        for i in sample.prediction.indices {
            let distance = sample.prediction[i] - sample.target[i]
            sum += distance * distance / 2
            sample.gradient?[i] = sample.scale * distance
        }
        return sum
    }
}

@Suite("Layers from outside the package")
struct CustomLayerTests {
    @Test(arguments: [1, 9, 20])
    func gradients(batch: Int) throws {
        try LayerCase(name: "ChannelScale", layer: ChannelScale(), inputs: [[3, 2, 4]], batch: batch) {
            inputs,
            p in
            guard let w = p["weight"], let b = p["bias"] else { return inputs[0] }
            var y = inputs[0]
            for i in y.elements.indices {
                y.elements[i] = y.elements[i] * w.elements[i % 4] + b.elements[i % 4]
            }
            return y
        }.check()
    }

    @Test func gradientsOfTwoInputs() throws {
        try LayerCase(name: "Product", layer: Product(), inputs: [[3, 2], [3, 2]], batch: 9) { inputs, _ in
            var y = inputs[0]
            for i in y.elements.indices { y.elements[i] *= inputs[1].elements[i] }
            return y
        }.check()
    }

    /// Finds 3 · x - 1 and -2 · x + 0.5.
    @Test func learns() throws {
        let model = try Sequential(inputShape: [5, 2], seed: 1) {
            ChannelScale()
            Flatten()
        }
        let x = try TestValues.uniform([40, 5, 2], seed: 1)
        let y = try Tensor(
            x.elements.enumerated().map { $0.isMultiple(of: 2) ? 3 * $1 - 1 : -2 * $1 + 0.5 },
            shape: [40, 10]
        )
        try model.compile(optimizer: .adam(learningRate: 0.05), loss: SquaredError())
        let before = try #require(try model.evaluate(x, y).loss)
        for _ in 0..<400 { try model.trainOnBatch(x, y) }
        let after = try #require(try model.evaluate(x, y).loss)
        #expect(before > 1)
        #expect(after < 1e-4)
        expectClose(try model.predict(x), ReferenceTensor(y), tolerance: 0.005, "predictions")
        let weight = try #require(try TestValues.parameters(of: model)["channel_scale/weight"])
        #expect(abs(weight[0] - 3) < 0.01)
        #expect(abs(weight[1] + 2) < 0.01)
    }
}
