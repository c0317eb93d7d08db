import SwiftConvNet

/// `y = floor(x · count)`: whole numbers below `count` of the random numbers of [0, 1) that a model is timed with.
struct WholeNumbers: SampleLayer {
    static let kind = "BenchmarkWholeNumbers"

    let count: Int

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }

    func forward(_ sample: SampleContext) {
        let x = sample.input(0), y = sample.output
        for place in x.indices { y[place] = min((x[place] * Float(count)).rounded(.down), Float(count - 1)) }
    }

    /// Steps have no gradient.
    func backward(_ sample: SampleContext) {
        if sample.needsInputGradient(0) { sample.inputGradient(0).update(repeating: 0) }
    }
}
