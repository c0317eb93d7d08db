/// Convolution over images of each channel by itself: each output is a weighted sum of one channel under a window.
///
/// ```
/// y[n, i, j, c·m + k] = activation(bias[c·m + k] + sum over u, v of x[n, i·s + u·d - p, j·s + v·d - p, c] · kernel[u, v, c, k])
/// ```
///
/// with strides s, dilation d, padding p and depth multiplier m. Shapes, without the batch axis: input `[height, width, channels]`, output
/// `[output height, output width, channels · m]`; parameters: kernel `[kernel height, kernel width, channels, m]`, bias `[channels · m]`.
///
/// ```swift
/// DepthwiseConv2D(kernelSize: 3, padding: .same, depthMultiplier: 2)
/// ```
public struct DepthwiseConv2D: Layer {
    /// `DepthwiseConv2D`.
    public static let kind = "DepthwiseConv2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The window's height and width.
    public let kernelSize: Size2D
    /// The steps of the window.
    public let strides: Size2D
    /// What lies beyond the border.
    public let padding: Padding
    /// The outputs of each channel.
    public let depthMultiplier: Int
    /// The distance between neighbouring elements of the window in the image.
    public let dilationRate: Size2D
    /// What is applied to the sums.
    public let activation: ActivationFunction
    /// Whether each output channel has a bias.
    public let useBias: Bool
    /// The first values of the kernel.
    @CodedInitializer public var depthwiseInitializer: any Initializer
    /// The first values of the bias.
    @CodedInitializer public var biasInitializer: any Initializer
    /// The penalty for the kernel, added to the loss.
    @CodedRegularizer public var depthwiseRegularizer: (any Regularizer)?
    /// The penalty for the bias, added to the loss.
    @CodedRegularizer public var biasRegularizer: (any Regularizer)?
    /// What the kernel satisfies after each step.
    @CodedConstraint public var depthwiseConstraint: (any Constraint)?
    /// What the bias satisfies after each step.
    @CodedConstraint public var biasConstraint: (any Constraint)?

    /// A depthwise convolution; names, order and defaults are Keras'. Strides and dilation do not exclude each other.
    ///
    /// - Parameters:
    ///   - kernelSize: the window's height and width, at least 1 each: `3`, or `[3, 5]`.
    ///   - strides: the steps of the window, at least 1. Default 1.
    ///   - padding: `.valid` or `.same`. Default `.valid`.
    ///   - depthMultiplier: the outputs of each channel, at least 1. Default 1.
    ///   - dilationRate: the distance between neighbouring elements of the window, at least 1. Default 1.
    ///   - activation: what is applied to the sums. Default none.
    ///   - useBias: whether each output channel has a bias. Default `true`.
    ///   - depthwiseInitializer: the first values of the kernel.
    ///   - biasInitializer: the first values of the bias.
    ///   - depthwiseRegularizer: the penalty for the kernel, added to the loss. Default none.
    ///   - biasRegularizer: the penalty for the bias, added to the loss. Default none.
    ///   - depthwiseConstraint: what the kernel satisfies after each step. Default nothing.
    ///   - biasConstraint: what the bias satisfies after each step. Default nothing.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        kernelSize: Size2D,
        strides: Size2D = 1,
        padding: Padding = .valid,
        depthMultiplier: Int = 1,
        dilationRate: Size2D = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        depthwiseInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        depthwiseRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil,
        depthwiseConstraint: (any Constraint)? = nil,
        biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.kernelSize = kernelSize
        self.strides = strides
        self.padding = padding
        self.depthMultiplier = depthMultiplier
        self.dilationRate = dilationRate
        self.activation = activation
        self.useBias = useBias
        _depthwiseInitializer = CodedInitializer(wrappedValue: depthwiseInitializer)
        _biasInitializer = CodedInitializer(wrappedValue: biasInitializer)
        _depthwiseRegularizer = CodedRegularizer(wrappedValue: depthwiseRegularizer)
        _biasRegularizer = CodedRegularizer(wrappedValue: biasRegularizer)
        _depthwiseConstraint = CodedConstraint(wrappedValue: depthwiseConstraint)
        _biasConstraint = CodedConstraint(wrappedValue: biasConstraint)
        self.name = name
    }

    /// Emits a `Convolution` in a group for each channel and the activation.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image or is smaller than the window, of kind `argument` if a
    ///   setting is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try kernelSize.validate(as: "kernelSize")
        try strides.validate(as: "strides")
        try dilationRate.validate(as: "dilationRate")
        let depthwise = DepthwiseSettings(
            kernelSize: kernelSize.sizes,
            strides: strides.sizes,
            dilationRate: dilationRate.sizes,
            padding: padding.ofAxis,
            depthMultiplier: depthMultiplier,
            kernel: ParameterRule(
                depthwiseInitializer,
                regularizer: depthwiseRegularizer,
                constraint: depthwiseConstraint
            )
        )
        let bias = ParameterRule(
            biasInitializer,
            regularizer: biasRegularizer,
            constraint: biasConstraint
        )
        return try lowering.convolveDepthwise(
            inputs,
            kind: Self.kind,
            depthwise,
            activation: activation,
            bias: useBias ? bias : nil
        )
    }
}
