/// Convolution over images: each output is a weighted sum of the inputs under a window.
///
/// ```
/// y[n, i, j, f] = activation(bias[f] + sum over u, v, c of x[n, i·s + u·d - p, j·s + v·d - p, c] · kernel[u, v, c, f])
/// ```
///
/// with strides s, dilation d and padding p. Shapes, without the batch axis: input `[height, width, channels]`,
/// output `[output height, output width, filters]`; parameters: kernel
/// `[kernel height, kernel width, channels / groups, filters]`, bias `[filters]`. With groups, filters are dealt
/// out to the groups in order, and each sees only its group's channels.
///
/// ```swift
/// Conv2D(filters: 32, kernelSize: 3, activation: .relu)
/// ```
public struct Conv2D: Layer {
    /// `Conv2D`.
    public static let kind = "Conv2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The number of output channels.
    public let filters: Int
    /// The window's height and width.
    public let kernelSize: Size2D
    /// The steps of the window.
    public let strides: Size2D
    /// What lies beyond the border.
    public let padding: Padding
    /// The distance between neighbouring elements of the window in the image.
    public let dilationRate: Size2D
    /// The number of parts into which channels and filters are divided.
    public let groups: Int
    /// What is applied to the sums.
    public let activation: ActivationFunction
    /// Whether each filter has a bias.
    public let useBias: Bool
    /// The first values of the kernel.
    @CodedInitializer public var kernelInitializer: any Initializer
    /// The first values of the bias.
    @CodedInitializer public var biasInitializer: any Initializer
    /// How it is computed; `nil` for the model's choice.
    public let convolutionPath: ComputeOptions.ConvolutionPath?

    /// A convolution; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - filters: the number of output channels, at least 1 and divisible by `groups`.
    ///   - kernelSize: the window's height and width: `3`, or `[3, 5]`.
    ///   - strides: the steps of the window; more than 1 only without dilation.
    ///   - padding: `.valid` or `.same`.
    ///   - dilationRate: the distance between neighbouring elements of the window.
    ///   - groups: the number of groups; the input's channels must be divisible by it.
    ///   - activation: what is applied to the sums.
    public init(
        filters: Int,
        kernelSize: Size2D,
        strides: Size2D = 1,
        padding: Padding = .valid,
        dilationRate: Size2D = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        convolutionPath: ComputeOptions.ConvolutionPath? = nil,
        name: String? = nil
    ) {
        self.filters = filters
        self.kernelSize = kernelSize
        self.strides = strides
        self.padding = padding
        self.dilationRate = dilationRate
        self.groups = groups
        self.activation = activation
        self.useBias = useBias
        _kernelInitializer = CodedInitializer(wrappedValue: kernelInitializer)
        _biasInitializer = CodedInitializer(wrappedValue: biasInitializer)
        self.convolutionPath = convolutionPath
        self.name = name
    }

    /// `[output height, output width, filters]`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image or is smaller than the window, of kind
    ///   `argument` if a setting is out of its range.
    public func outputShape(for inputs: [Shape]) throws -> Shape {
        let geometry = try geometry(for: inputs)
        return [geometry.outputHeight, geometry.outputWidth, filters]
    }

    /// The kernel `[kernel height, kernel width, channels / groups, filters]`, and the bias `[filters]` if there is one.
    public func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        let channels = try image(inputs).channels
        let kernel = ParameterSpec(
            "kernel",
            shape: [kernelSize.height, kernelSize.width, channels / groups, filters],
            initializer: kernelInitializer
        )
        return useBias
            ? [kernel, ParameterSpec("bias", shape: [filters], initializer: biasInitializer)] : [kernel]
    }

    /// Itself; or a linear convolution and an `Activation`, where the function cannot be part of it.
    public var pieces: [any Layer] {
        guard activation.isPiece else { return [self] }
        return [with(activation: .linear), Activation(activation)]
    }

    /// With an element-wise activation; in use with a batch normalisation, if there is no activation between the two.
    public func fused(with next: any Layer, for mode: Site.Mode) -> (any Layer)? {
        if mode == .inference, activation == .linear, let next = next as? BatchNormalization {
            return NormalizedConvolution(convolution: self, normalization: next)
        }
        return activated(by: next)
    }

    /// With the activation that follows, if it has none and the next layer is one that it can take in.
    func activated(by next: any Layer) -> Conv2D? {
        guard activation == .linear, let next = next as? Activation, next.function.epilogue != nil else {
            return nil
        }
        return with(activation: next.function)
    }

    /// That of the path in force.
    public func kernel(at site: Site) throws -> any Kernel { try kernel(at: site, normalization: nil) }

    /// With a batch normalisation in use folded in.
    func kernel(at site: Site, normalization: BatchNormalization?) throws -> any Kernel {
        let geometry = try geometry(for: site.inputs)
        let weights = ConvolutionWeights(
            geometry, useBias: useBias,
            normalization: normalization?.settings(channels: filters, firstParameter: useBias ? 2 : 1))
        let choice = ConvolutionChoice(
            geometry: geometry, weights: weights, activation: Epilogue(activation), site: site)
        return choice.kernel(path: convolutionPath ?? site.options.convolutionPath)
    }

    private func with(activation: ActivationFunction) -> Conv2D {
        Conv2D(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            dilationRate: dilationRate,
            groups: groups,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            convolutionPath: convolutionPath,
            name: name
        )
    }

    /// Checks settings and input, and works out where the window goes.
    private func geometry(for inputs: [Shape]) throws -> ConvolutionGeometry {
        let (height, width, channels) = try image(inputs)
        try kernelSize.validate(as: "kernelSize")
        try strides.validate(as: "strides")
        try dilationRate.validate(as: "dilationRate")
        try activation.validate()
        guard filters >= 1 else {
            throw ConvNetError(
                .argument,
                "A convolution needs filters",
                at: "filters",
                expected: "at least 1",
                received: "\(filters)"
            )
        }
        guard groups >= 1, filters % groups == 0, channels % groups == 0 else {
            throw ConvNetError(
                .argument,
                "Filters and input channels must be divisible by the number of groups",
                at: "groups",
                expected: "at least 1, and a divisor of \(filters) filters and of \(channels) channels",
                received: "\(groups)"
            )
        }
        guard strides == 1 || dilationRate == 1 else {
            throw ConvNetError(
                .argument,
                "Strides and dilation exclude each other",
                at: "strides, dilationRate",
                expected: "strides of 1, or a dilationRate of 1",
                received: "strides \(strides), dilationRate \(dilationRate)"
            )
        }
        return try ConvolutionGeometry(
            height: height,
            width: width,
            channels: channels,
            filters: filters,
            groups: groups,
            kernel: kernelSize,
            strides: strides,
            dilation: dilationRate,
            padding: padding
        )
    }
}
