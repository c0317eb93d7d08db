/// Convolution over volumes: each output is a weighted sum of the inputs under a window.
///
/// ```
/// y[n, h, i, j, f] = activation(bias[f] + sum over t, u, v, c of
///     x[n, h·s + t·d - p, i·s + u·d - p, j·s + v·d - p, c] · kernel[t, u, v, c, f])
/// ```
///
/// with strides s, dilation d and padding p. Shapes, without the batch axis: input `[depth, height, width, channels]`,
/// output `[output depth, output height, output width, filters]`; parameters: kernel
/// `[kernel depth, kernel height, kernel width, channels / groups, filters]`, bias `[filters]`. With groups, filters are dealt
/// out to the groups in order, and each sees only its group's channels.
///
/// ```swift
/// Conv3D(filters: 32, kernelSize: 3, activation: .relu)
/// ```
public struct Conv3D: Layer {
    /// `Conv3D`.
    public static let kind = "Conv3D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The number of output channels.
    public let filters: Int
    /// The window's depth, height and width.
    public let kernelSize: Size3D
    /// The steps of the window.
    public let strides: Size3D
    /// What lies beyond the border.
    public let padding: Padding
    /// The distance between neighbouring elements of the window in the volume.
    public let dilationRate: Size3D
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
    /// The penalty for the kernel, added to the loss.
    @CodedRegularizer public var kernelRegularizer: (any Regularizer)?
    /// The penalty for the bias, added to the loss.
    @CodedRegularizer public var biasRegularizer: (any Regularizer)?
    /// What the kernel satisfies after each step.
    @CodedConstraint public var kernelConstraint: (any Constraint)?
    /// What the bias satisfies after each step.
    @CodedConstraint public var biasConstraint: (any Constraint)?
    /// How it is computed; `nil` for the model's choice.
    public let convolutionPath: ComputeOptions.ConvolutionPath?

    /// A convolution; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - filters: the number of output channels, at least 1 and divisible by `groups`.
    ///   - kernelSize: the window's depth, height and width, at least 1 each: `3`, or `[1, 3, 5]`.
    ///   - strides: the steps of the window, at least 1; more than 1 only without dilation. Default 1.
    ///   - padding: `.valid` or `.same`. Default `.valid`.
    ///   - dilationRate: the distance between neighbouring elements of the window, at least 1. Default 1.
    ///   - groups: the number of groups; the input's channels must be divisible by it. Default 1.
    ///   - activation: what is applied to the sums. Default none.
    ///   - useBias: whether each filter has a bias. Default `true`.
    ///   - kernelInitializer: the first values of the kernel.
    ///   - biasInitializer: the first values of the bias.
    ///   - kernelRegularizer: the penalty for the kernel, added to the loss. Default none.
    ///   - biasRegularizer: the penalty for the bias, added to the loss. Default none.
    ///   - kernelConstraint: what the kernel satisfies after each step. Default nothing.
    ///   - biasConstraint: what the bias satisfies after each step. Default nothing.
    ///   - convolutionPath: how it is computed; `nil`, the default, for the model's choice. Another path than `.automatic` must
    ///     suit the layer, or `fit` and `predict` throw.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        filters: Int,
        kernelSize: Size3D,
        strides: Size3D = 1,
        padding: Padding = .valid,
        dilationRate: Size3D = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil,
        biasConstraint: (any Constraint)? = nil,
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
        _kernelRegularizer = CodedRegularizer(wrappedValue: kernelRegularizer)
        _biasRegularizer = CodedRegularizer(wrappedValue: biasRegularizer)
        _kernelConstraint = CodedConstraint(wrappedValue: kernelConstraint)
        _biasConstraint = CodedConstraint(wrappedValue: biasConstraint)
        self.convolutionPath = convolutionPath
        self.name = name
    }

    /// Emits a `Convolution` and the activation.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a volume or is smaller than the window, of kind
    ///   `argument` if a setting is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try kernelSize.validate(as: "kernelSize")
        try strides.validate(as: "strides")
        try dilationRate.validate(as: "dilationRate")
        let settings = ConvolutionSettings(
            filters: filters,
            kernelSize: kernelSize.sizes,
            strides: strides.sizes,
            dilationRate: dilationRate.sizes,
            groups: groups,
            activation: activation,
            useBias: useBias,
            kernel: ParameterRule(
                kernelInitializer,
                regularizer: kernelRegularizer,
                constraint: kernelConstraint
            ),
            bias: ParameterRule(
                biasInitializer,
                regularizer: biasRegularizer,
                constraint: biasConstraint
            )
        )
        return try lowering.convolve(
            inputs,
            kind: Self.kind,
            settings,
            padding: padding.ofAxis,
            path: convolutionPath
        )
    }
}
