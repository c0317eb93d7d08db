/// A convolution with the batch normalisation in use that follows it, folded into its weights, and an activation.
struct NormalizedConvolution: Layer {
    static let kind = "NormalizedConvolution"
    let convolution: Conv2D
    let normalization: BatchNormalization

    func outputShape(for inputs: [Shape]) throws -> Shape { try convolution.outputShape(for: inputs) }

    func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        try convolution.parameters(for: inputs)
            + normalization.parameters(for: [convolution.outputShape(for: inputs)])
    }

    func kernel(at site: Site) throws -> any Kernel {
        try convolution.kernel(at: site, normalization: normalization)
    }

    func fused(with next: any Layer, for mode: Site.Mode) -> (any Layer)? {
        guard let convolution = convolution.activated(by: next) else { return nil }
        return NormalizedConvolution(convolution: convolution, normalization: normalization)
    }
}

/// A batch normalisation with the activation that follows it.
struct ActivatedNormalization: Layer {
    static let kind = "ActivatedNormalization"
    let normalization: BatchNormalization
    let activation: ActivationFunction

    func outputShape(for inputs: [Shape]) throws -> Shape { try normalization.outputShape(for: inputs) }

    func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        try normalization.parameters(for: inputs)
    }

    func kernel(at site: Site) throws -> any Kernel { normalization.kernel(activation: activation, at: site) }
}
