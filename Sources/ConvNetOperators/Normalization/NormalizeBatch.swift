/// A batch normalisation along the last axis, with an activation: by the statistics of the batch, which move the moving ones,
/// or by the moving ones.
///
/// Operands: x `[…, channels]`; whole ones, each `[channels]`: gamma and beta if there are any, moving mean, moving variance.
package struct NormalizeBatch: ActivatingOperator {
    package let momentum: Float, epsilon: Float
    package let scales: Bool, centers: Bool
    package let usesBatchStatistics: Bool
    package var activation = ActivationFunction.linear

    /// - Parameters:
    ///   - momentum: how much of the moving statistics stays at each step.
    ///   - epsilon: what is added to the variance.
    ///   - scales: whether there is a gamma.
    ///   - centers: whether there is a beta.
    ///   - usesBatchStatistics: whether it normalises by the statistics of the batch.
    package init(
        momentum: Float,
        epsilon: Float,
        scales: Bool,
        centers: Bool,
        usesBatchStatistics: Bool
    ) {
        self.momentum = momentum
        self.epsilon = epsilon
        self.scales = scales
        self.centers = centers
        self.usesBatchStatistics = usesBatchStatistics
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs.dropFirst(), of: "a normalisation")
        return [inputs[0]]
    }

    /// Moving statistics have no gradient. Where they normalise, nothing learns but what is before.
    package var differentiableInputs: Set<Int>? {
        usesBatchStatistics ? Set(0...(scales ? 1 : 0) + (centers ? 1 : 0)) : [0]
    }

    package func kernel(at site: Site) -> any Kernel {
        let settings = settings(channels: site.outputs[0].shape.last ?? 1, firstOperand: 1)
        return usesBatchStatistics
            ? BatchNormalizationTraining(settings, activation: Epilogue(activation), at: site)
            : BatchNormalizationInference(settings, activation: Epilogue(activation), at: site)
    }

    func settings(channels: Int, firstOperand: Int) -> NormalizationSettings {
        NormalizationSettings(
            channels: channels,
            momentum: momentum,
            epsilon: epsilon,
            scales: scales,
            centers: centers,
            firstOperand: firstOperand
        )
    }
}
