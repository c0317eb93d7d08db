/// Convolution over sequences of each channel by itself: each output is a weighted sum of one channel under a window.
///
/// ```
/// y[n, i, c·m + k] = activation(bias[c·m + k] + sum over u of x[n, i·s + u·d - p, c] · kernel[u, c, k])
/// ```
///
/// with strides s, dilation d, padding p and depth multiplier m. Shapes, without the batch axis: input `[length, channels]`, output
/// `[output length, channels · m]`; parameters: kernel `[kernel length, channels, m]`, bias `[channels · m]`.
///
/// ```swift
/// DepthwiseConv1D(kernelSize: 3, padding: .same, depthMultiplier: 2)
/// ```
public struct DepthwiseConv1D: Layer {
    /// `DepthwiseConv1D`.
    public static let kind = "DepthwiseConv1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The length of the window.
    public let kernelSize: Int
    /// The step of the window.
    public let strides: Int
    /// What lies beyond the border.
    public let padding: Conv1D.Padding
    /// The outputs of each channel.
    public let depthMultiplier: Int
    /// The distance between neighbouring elements of the window in the sequence.
    public let dilationRate: Int
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
    ///   - kernelSize: the length of the window, at least 1.
    ///   - strides: the step of the window, at least 1. Default 1.
    ///   - padding: `.valid`, `.same` or `.causal`, which Keras does not have here. Default `.valid`.
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
        kernelSize: Int,
        strides: Int = 1,
        padding: Conv1D.Padding = .valid,
        depthMultiplier: Int = 1,
        dilationRate: Int = 1,
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
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a sequence or is smaller than the window, of kind `argument` if a
    ///   setting is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try requireSize(kernelSize, as: "kernelSize")
        try requireSize(strides, as: "strides")
        try requireSize(dilationRate, as: "dilationRate")
        let depthwise = DepthwiseSettings(
            kernelSize: [kernelSize],
            strides: [strides],
            dilationRate: [dilationRate],
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
