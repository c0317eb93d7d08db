import SwiftConvNet

/// What one forward and backward pass of a model in training gives, with a gradient of the output that is chosen.
public struct TrainingPass {
    /// The output of each sample, `[samples, …]`.
    public let outputs: Tensor
    /// The gradient of `sum of outputs · upstream` with respect to the samples.
    public let sampleGradient: Tensor
    /// The same with respect to the parameters, by names such as `conv2d/kernel`.
    public let parameterGradients: [String: Tensor]
    /// What the pass has made of moving statistics, by the same names; the model keeps what it had.
    public let states: [String: Tensor]

    /// Runs a model, and leaves it compiled with a loss of its own.
    ///
    /// - Parameters:
    ///   - x: the samples, `[samples, …]`.
    ///   - upstream: the gradient of the output, `[samples, …]`.
    public init(_ model: Model, _ x: Tensor, upstream: Tensor) throws {
        let batch = x.shape[0]
        let count = model.outputShape.elementCount
        let factors = upstream.elements
        let recorder = LinearLoss.Recorder()
        try model.compile(loss: LinearLoss(recorder: recorder))
        let targets = try Tensor(shape: [batch, 1 + count]) {
            $0[1] == 0 ? Float($0[0]) : factors[$0[0] * count + $0[1] - 1]
        }
        // The engine divides by the batch's size; the weights take that back, exactly.
        let gradients = try model.gradients(
            x,
            targets,
            sampleWeight: Array(repeating: Float(batch), count: batch),
            includingSamples: true
        )
        guard let samples = gradients.samples else {
            throw ConvNetError(.state, "The engine gave no gradient of the samples")
        }
        outputs = try Tensor(recorder.elements(batch: batch), shape: model.outputShape.batched(batch))
        sampleGradient = samples
        parameterGradients = gradients.parameters
        states = gradients.states
    }
}
