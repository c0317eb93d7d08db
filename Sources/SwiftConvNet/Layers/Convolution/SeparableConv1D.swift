/// Convolution over sequences in two steps: of each channel by itself, then of the channels of each place.
///
/// ```
/// z[n, i, c·m + k] = sum over u of x[n, i·s + u·d - p, c] · depthwise[u, c, k]
/// y[n, i, f] = activation(bias[f] + sum over q of z[n, i, q] · pointwise[0, q, f])
/// ```
///
/// with strides s, dilation d, padding p and depth multiplier m. Shapes, without the batch axis: input `[length, channels]`, output
/// `[output length, filters]`; parameters: depthwise_kernel `[kernel length, channels, m]`, pointwise_kernel
/// `[1, channels · m, filters]`, bias `[filters]`.
///
/// ```swift
/// SeparableConv1D(filters: 32, kernelSize: 3, padding: .same, activation: .relu)
/// ```
///
/// Source: Chollet, Xception: deep learning with depthwise separable convolutions, 2017.
public struct SeparableConv1D: Layer {
    /// `SeparableConv1D`.
    public static let kind = "SeparableConv1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The number of output channels.
    public let filters: Int
    /// The length of the window.
    public let kernelSize: Int
    /// The step of the window.
    public let strides: Int
    /// What lies beyond the border.
    public let padding: Conv1D.Padding
    /// The distance between neighbouring elements of the window in the sequence.
    public let dilationRate: Int
    /// The outputs of each channel between the steps.
    public let depthMultiplier: Int
    /// What is applied to the sums.
    public let activation: ActivationFunction
    /// Whether each filter has a bias.
    public let useBias: Bool
    /// The first values of the depthwise kernel.
    @CodedInitializer public var depthwiseInitializer: any Initializer
    /// The first values of the pointwise kernel.
    @CodedInitializer public var pointwiseInitializer: any Initializer
    /// The first values of the bias.
    @CodedInitializer public var biasInitializer: any Initializer
    /// The penalty for the depthwise kernel, added to the loss.
    @CodedRegularizer public var depthwiseRegularizer: (any Regularizer)?
    /// The penalty for the pointwise kernel, added to the loss.
    @CodedRegularizer public var pointwiseRegularizer: (any Regularizer)?
    /// The penalty for the bias, added to the loss.
    @CodedRegularizer public var biasRegularizer: (any Regularizer)?
    /// What the depthwise kernel satisfies after each step.
    @CodedConstraint public var depthwiseConstraint: (any Constraint)?
    /// What the pointwise kernel satisfies after each step.
    @CodedConstraint public var pointwiseConstraint: (any Constraint)?
    /// What the bias satisfies after each step.
    @CodedConstraint public var biasConstraint: (any Constraint)?

    /// A separable convolution; names, order and defaults are Keras'. Strides and dilation do not exclude each other.
    ///
    /// - Parameters:
    ///   - filters: the number of output channels, at least 1.
    ///   - kernelSize: the length of the window, at least 1.
    ///   - strides: the step of the window, at least 1. Default 1.
    ///   - padding: `.valid`, `.same` or `.causal`, which Keras does not have here. Default `.valid`.
    ///   - dilationRate: the distance between neighbouring elements of the window, at least 1. Default 1.
    ///   - depthMultiplier: the outputs of each channel between the steps, at least 1. Default 1.
    ///   - activation: what is applied to the sums. Default none.
    ///   - useBias: whether each filter has a bias. Default `true`.
    ///   - depthwiseInitializer: the first values of the depthwise kernel.
    ///   - pointwiseInitializer: the first values of the pointwise kernel.
    ///   - biasInitializer: the first values of the bias.
    ///   - depthwiseRegularizer: the penalty for the depthwise kernel, added to the loss. Default none.
    ///   - pointwiseRegularizer: the penalty for the pointwise kernel, added to the loss. Default none.
    ///   - biasRegularizer: the penalty for the bias, added to the loss. Default none.
    ///   - depthwiseConstraint: what the depthwise kernel satisfies after each step. Default nothing.
    ///   - pointwiseConstraint: what the pointwise kernel satisfies after each step. Default nothing.
    ///   - biasConstraint: what the bias satisfies after each step. Default nothing.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        filters: Int,
        kernelSize: Int,
        strides: Int = 1,
        padding: Conv1D.Padding = .valid,
        dilationRate: Int = 1,
        depthMultiplier: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        depthwiseInitializer: any Initializer = .glorotUniform,
        pointwiseInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        depthwiseRegularizer: (any Regularizer)? = nil,
        pointwiseRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil,
        depthwiseConstraint: (any Constraint)? = nil,
        pointwiseConstraint: (any Constraint)? = nil,
        biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.filters = filters
        self.kernelSize = kernelSize
        self.strides = strides
        self.padding = padding
        self.dilationRate = dilationRate
        self.depthMultiplier = depthMultiplier
        self.activation = activation
        self.useBias = useBias
        _depthwiseInitializer = CodedInitializer(wrappedValue: depthwiseInitializer)
        _pointwiseInitializer = CodedInitializer(wrappedValue: pointwiseInitializer)
        _biasInitializer = CodedInitializer(wrappedValue: biasInitializer)
        _depthwiseRegularizer = CodedRegularizer(wrappedValue: depthwiseRegularizer)
        _pointwiseRegularizer = CodedRegularizer(wrappedValue: pointwiseRegularizer)
        _biasRegularizer = CodedRegularizer(wrappedValue: biasRegularizer)
        _depthwiseConstraint = CodedConstraint(wrappedValue: depthwiseConstraint)
        _pointwiseConstraint = CodedConstraint(wrappedValue: pointwiseConstraint)
        _biasConstraint = CodedConstraint(wrappedValue: biasConstraint)
        self.name = name
    }

    /// Emits two `Convolution`s and the activation.
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
        return try lowering.convolveSeparably(
            inputs,
            kind: Self.kind,
            depthwise,
            filters: filters,
            pointwise: ParameterRule(
                pointwiseInitializer,
                regularizer: pointwiseRegularizer,
                constraint: pointwiseConstraint
            ),
            activation: activation,
            bias: useBias ? bias : nil
        )
    }
}
