/// The transpose of a convolution over images: each input is spread over a window of the output, and what meets is added.
///
/// It makes images larger, where a `Conv2D` with the same settings makes them smaller. Shapes, without the batch axis: input
/// `[height, width, channels]`, output `[output height, output width, filters]`; parameters: kernel
/// `[kernel height, kernel width, filters, channels]`, bias `[filters]`. With a window of k elements, stride s and dilation d, where
/// e = (k - 1)·d + 1, an axis of n elements gets
///
/// | padding | elements | with `outputPadding` o |
/// |---|---|---|
/// | `.valid` | (n - 1)·s + max(e, s) | (n - 1)·s + e + o |
/// | `.same` | n·s | (n - 1)·s + e mod 2 + o |
///
/// ```swift
/// Conv2DTranspose(filters: 16, kernelSize: 3, strides: 2, padding: .same, activation: .relu)
/// ```
public struct Conv2DTranspose: Layer {
    /// `Conv2DTranspose`.
    public static let kind = "Conv2DTranspose"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The number of output channels.
    public let filters: Int
    /// The window's height and width.
    public let kernelSize: Size2D
    /// The steps of the window, in the output.
    public let strides: Size2D
    /// What is cut off at the border.
    public let padding: Padding
    /// How much longer the output is than the shortest; `nil` for the length of the table.
    public let outputPadding: Size2D?
    /// The distance between neighbouring elements of the window, in the output.
    public let dilationRate: Size2D
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

    /// A transposed convolution; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - filters: the number of output channels, at least 1.
    ///   - kernelSize: the window's height and width, at least 1 each: `3`, or `[3, 5]`.
    ///   - strides: the steps of the window in the output, at least 1; more than 1 only without dilation. Default 1.
    ///   - padding: `.valid` or `.same`. Default `.valid`.
    ///   - outputPadding: how much longer the output is than the shortest, at least 0 and less than the strides; `nil`, the
    ///     default, for the length of the table.
    ///   - dilationRate: the distance between neighbouring elements of the window, at least 1. Default 1.
    ///   - activation: what is applied to the sums. Default none.
    ///   - useBias: whether each filter has a bias. Default `true`.
    ///   - kernelInitializer: the first values of the kernel.
    ///   - biasInitializer: the first values of the bias.
    ///   - kernelRegularizer: the penalty for the kernel, added to the loss. Default none.
    ///   - biasRegularizer: the penalty for the bias, added to the loss. Default none.
    ///   - kernelConstraint: what the kernel satisfies after each step. Default nothing.
    ///   - biasConstraint: what the bias satisfies after each step. Default nothing.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        filters: Int,
        kernelSize: Size2D,
        strides: Size2D = 1,
        padding: Padding = .valid,
        outputPadding: Size2D? = nil,
        dilationRate: Size2D = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil,
        biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.filters = filters
        self.kernelSize = kernelSize
        self.strides = strides
        self.padding = padding
        self.outputPadding = outputPadding
        self.dilationRate = dilationRate
        self.activation = activation
        self.useBias = useBias
        _kernelInitializer = CodedInitializer(wrappedValue: kernelInitializer)
        _biasInitializer = CodedInitializer(wrappedValue: biasInitializer)
        _kernelRegularizer = CodedRegularizer(wrappedValue: kernelRegularizer)
        _biasRegularizer = CodedRegularizer(wrappedValue: biasRegularizer)
        _kernelConstraint = CodedConstraint(wrappedValue: kernelConstraint)
        _biasConstraint = CodedConstraint(wrappedValue: biasConstraint)
        self.name = name
    }

    /// Emits a `ConvolutionTransposed` and the activation.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image, of kind `argument` if a setting is out of its
    ///   range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try kernelSize.validate(as: "kernelSize")
        try strides.validate(as: "strides")
        try dilationRate.validate(as: "dilationRate")
        try outputPadding?.requireFit(as: "outputPadding")
        let settings = ConvolutionSettings(
            filters: filters,
            kernelSize: kernelSize.sizes,
            strides: strides.sizes,
            dilationRate: dilationRate.sizes,
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
        return try lowering.convolveTransposed(
            inputs,
            kind: Self.kind,
            settings,
            padding: padding,
            outputPadding: outputPadding?.sizes
        )
    }
}
