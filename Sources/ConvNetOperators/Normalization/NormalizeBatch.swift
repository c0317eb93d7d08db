/// A batch normalisation along the last axis, with an activation: in training by the statistics of the batch, which move the
/// moving ones, in inference by the moving ones.
///
/// Operands: x `[…, channels]`; whole ones, each `[channels]`: gamma and beta if there are any, moving mean, moving variance.
package struct NormalizeBatch: ActivatingOperator {
    let momentum: Float, epsilon: Float
    let scales: Bool, centers: Bool
    package var activation = ActivationFunction.linear

    /// - Parameters:
    ///   - momentum: how much of the moving statistics stays at each step.
    ///   - epsilon: what is added to the variance.
    ///   - scales: whether there is a gamma.
    ///   - centers: whether there is a beta.
    package init(momentum: Float, epsilon: Float, scales: Bool, centers: Bool) {
        self.momentum = momentum
        self.epsilon = epsilon
        self.scales = scales
        self.centers = centers
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs.dropFirst(), of: "a normalisation")
        return [inputs[0]]
    }

    /// Moving statistics have no gradient.
    package var differentiableInputs: Set<Int>? { Set(0...(scales ? 1 : 0) + (centers ? 1 : 0)) }

    package func kernel(at site: Site) -> any Kernel {
        let settings = settings(channels: site.outputs[0].shape.last ?? 1, firstOperand: 1)
        return site.mode == .training
            ? BatchNormalizationTraining(settings, activation: Epilogue(activation), at: site)
            : BatchNormalizationInference(settings, activation: Epilogue(activation), at: site)
    }

    func settings(channels: Int, firstOperand: Int) -> NormalizationSettings {
        NormalizationSettings(
            channels: channels, momentum: momentum, epsilon: epsilon, scales: scales, centers: centers,
            firstOperand: firstOperand)
    }
}
