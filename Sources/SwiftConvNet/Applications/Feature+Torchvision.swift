extension BatchNormalization {
    /// PyTorch's defaults: an epsilon of 1e-5, and 0.9 of the moving averages stay (`torch.nn.BatchNorm2d`, momentum 0.1).
    static func torch(_ name: String) -> BatchNormalization {
        BatchNormalization(momentum: 0.9, epsilon: 1e-5, name: name)
    }
}

extension Initializer where Self == VarianceScaling {
    /// He's distribution by the number of outputs: truncated normal, of variance 2 / fan out, as Keras' EfficientNet begins. Those of
    /// torchvision's convolutions are not truncated.
    static var heFanOut: VarianceScaling { .varianceScaling(scale: 2, mode: .fanOut) }
}

extension Feature {
    /// torchvision's convolution without a bias, with padding of half the window on all sides, a normalisation, and an activation
    /// unless it is `nil`.
    ///
    /// - Parameters:
    ///   - filters: the number of output channels; `nil` to convolve each channel by itself.
    ///   - kernelSize: the height and the width of the window, an odd number.
    ///   - names: of the convolution and of the normalisation.
    func torchUnit(
        _ filters: Int?,
        _ kernelSize: Int,
        stride: Int = 1,
        activation: ActivationFunction? = .relu,
        names: (convolution: String, normalization: String)
    ) throws -> Feature {
        // With stride 1, `.same` is half the window on all sides; with another it is not.
        let padding = stride == 1 ? Padding.same : .valid
        let source = try stride == 1 ? self : padded(kernelSize / 2)
        let size = Size2D(kernelSize, kernelSize)
        let strides = Size2D(stride, stride)
        let sums: Feature
        if let filters {
            sums = try source.then(
                Conv2D(
                    filters: filters,
                    kernelSize: size,
                    strides: strides,
                    padding: padding,
                    useBias: false,
                    kernelInitializer: .heFanOut,
                    name: names.convolution
                )
            )
        } else {
            sums = try source.then(
                DepthwiseConv2D(
                    kernelSize: size,
                    strides: strides,
                    padding: padding,
                    useBias: false,
                    depthwiseInitializer: .heFanOut,
                    name: names.convolution
                )
            )
        }
        let normal = try sums.then(BatchNormalization.torch(names.normalization))
        guard let activation else { return normal }
        return try normal.then(Activation(activation))
    }
}
