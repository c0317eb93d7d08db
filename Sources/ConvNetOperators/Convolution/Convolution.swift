/// A convolution over images, with an activation.
///
/// Operands: images `[height, width, channels]`; whole ones: kernel `[kernel height, kernel width, channels / groups,
/// filters]`, bias `[filters]` if there is one, and those of a batch normalisation in inference that is folded in. Output
/// `[output height, output width, filters]`.
package struct Convolution: ActivatingOperator {
    let strides: Size2D, dilation: Size2D
    let padding: Padding
    let groups: Int
    let hasBias: Bool
    /// How it is computed; `nil` for the model's choice.
    let path: ComputeOptions.ConvolutionPath?
    package var activation = ActivationFunction.linear
    /// The normalisation that is folded in.
    var normalization: NormalizeBatch?

    package init(
        strides: Size2D = 1, dilation: Size2D = 1, padding: Padding = .valid, groups: Int = 1, hasBias: Bool,
        path: ComputeOptions.ConvolutionPath? = nil
    ) {
        self.strides = strides
        self.dilation = dilation
        self.padding = padding
        self.groups = groups
        self.hasBias = hasBias
        self.path = path
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs.dropFirst(), of: "a convolution")
        let geometry = try geometry(for: inputs)
        return [ValueType([geometry.outputHeight, geometry.outputWidth, geometry.filters])]
    }

    package func kernel(at site: Site) throws -> any Kernel {
        let geometry = try geometry(for: site.inputs)
        let weights = ConvolutionWeights(
            geometry, useBias: hasBias,
            normalization: normalization?.settings(channels: geometry.filters, firstOperand: hasBias ? 3 : 2))
        let choice = ConvolutionChoice(
            geometry: geometry, weights: weights, activation: Epilogue(activation), site: site)
        return choice.kernel(path: path ?? site.options.convolutionPath)
    }

    /// Works out where the window goes.
    private func geometry(for inputs: [ValueType]) throws -> ConvolutionGeometry {
        let image = inputs[0].shape, kernel = inputs[1].shape
        guard image.rank == 3, kernel.rank == 4, groups >= 1, kernel[2] * groups == image[2],
            kernel[3] % groups == 0
        else {
            throw ConvNetError(
                .shape, "The operands of a convolution do not fit",
                expected: "[height, width, channels] and [rows, columns, channels / groups, filters]",
                received: "\(image) and \(kernel), with \(groups) groups")
        }
        return try ConvolutionGeometry(
            height: image[0], width: image[1], channels: image[2], filters: kernel[3], groups: groups,
            kernel: Size2D(kernel[0], kernel[1]), strides: strides, dilation: dilation, padding: padding)
    }
}
