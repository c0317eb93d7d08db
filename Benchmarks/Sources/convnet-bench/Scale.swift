import SwiftConvNet

/// `y = w · x` with one weight: what stands before a convolution that is to compute the gradient of its input, which
/// it does only if something before it learns.
struct Scale: SampleLayer {
    static let kind = "BenchmarkScale"

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }

    func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        [ParameterSpec("weight", shape: [1], initializer: .ones)]
    }

    func forward(_ sample: SampleContext) {
        let x = sample.input(0), y = sample.output
        let weight = sample.parameter(0)[0]
        for place in x.indices { y[place] = weight * x[place] }
    }

    func backward(_ sample: SampleContext) {
        let x = sample.input(0), gradient = sample.outputGradient
        var sum: Float = 0
        for place in x.indices { sum += gradient[place] * x[place] }
        sample.parameterGradient(0)[0] += sum
        if sample.needsInputGradient(0) {
            let weight = sample.parameter(0)[0]
            for place in x.indices { sample.inputGradient(0)[place] = weight * gradient[place] }
        }
    }
}
