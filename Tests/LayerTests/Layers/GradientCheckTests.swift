import SwiftConvNet
import TestSupport
import Testing

/// `y = w · x²`, with an error of a share in one of its gradients.
private struct Square: SampleLayer {
    static let kind = "Square"
    var inputError: Float = 0
    var weightError: Float = 0
    var outputError: Float = 0
    /// The only element whose input gradient is wrong, or all.
    var wrongElement: Int?

    func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

    func parameters(for inputs: [Shape]) -> [ParameterSpec] {
        [ParameterSpec("weight", shape: inputs[0], initializer: .ones)]
    }

    func forward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0)
        for i in x.indices { sample.output[i] = w[i] * x[i] * x[i] * (1 + outputError) }
    }

    func backward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0), dy = sample.outputGradient
        for i in x.indices {
            sample.parameterGradient(0)[i] += dy[i] * x[i] * x[i] * (1 + weightError)
            let error = wrongElement == nil || wrongElement == i ? inputError : 0
            sample.inputGradient(0)[i] = 2 * dy[i] * w[i] * x[i] * (1 + error)
        }
    }
}

@Suite("The gradient checker finds what it should")
struct GradientCheckTests {
    private func check(_ layer: Square, shape: Shape = [4, 3]) throws -> GradientCheck {
        let model = try singleLayerModel(layer, inputs: [shape])
        try TestValues.randomizeParameters(of: model, seed: 3)
        let x = try TestValues.distinct(shape.batched(10), seed: 2)
        return try GradientCheck(model, x) { x, parameters in
            guard let w = parameters["square/weight"] else { return x }
            var y = x
            for i in x.elements.indices {
                y.elements[i] = w.elements[i % w.elements.count] * x.elements[i] * x.elements[i]
            }
            return y
        }
    }

    @Test func acceptsWhatIsRight() throws {
        let check = try check(Square())
        #expect(check.problems.isEmpty, "\(check.problems)")
        #expect(check.worst < 1e-6)
        #expect(check.comparisons > 120 + 2 * (12 + 3))
    }

    @Test func findsOnePercentInTheGradientOfTheInput() throws {
        let check = try check(Square(inputError: 0.01))
        #expect(check.problems.contains { $0.hasPrefix("samples[") })
        #expect(check.problems.contains { $0.hasPrefix("samples, direction") } || check.problems.count == 5)
    }

    @Test func findsOnePercentInTheGradientOfAParameter() throws {
        let check = try check(Square(weightError: -0.01))
        #expect(!check.problems.isEmpty)
        #expect(check.problems.allSatisfy { $0.hasPrefix("square/weight") })
    }

    /// One element of 600 in each sample: no choice of 24 elements is likely to hold it, but every direction does.
    @Test func findsOnePercentInOneElement() throws {
        let check = try check(Square(inputError: 0.01, wrongElement: 77), shape: [600])
        #expect(check.problems.contains { $0.hasPrefix("samples, direction") })
    }

    @Test func findsAWrongOutput() throws {
        let check = try check(Square(outputError: 0.01))
        #expect(check.problems.contains { $0.hasPrefix("outputs") })
    }

    @Test func findsAKink() throws {
        let model = try singleLayerModel(ReLU(), inputs: [[3]])
        let check = try GradientCheck(model, Tensor([0, 1, -1], shape: [1, 3])) { x, _ in x.map { max($0, 0) }
        }
        #expect(check.problems.contains { $0.contains("kink") })
    }
}
