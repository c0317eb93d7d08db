/// A fully connected layer: `y = activation(x · kernel + bias)`.
///
/// Works along the last axis, whatever the axes before it. Shapes, without the batch axis: input
/// `[…, features]`, output `[…, units]`; parameters: kernel `[features, units]`, bias `[units]`.
public struct Dense: Layer {
    /// `Dense`.
    public static let kind = "Dense"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The size of the output's last axis.
    public let units: Int
    /// What is applied to the sums.
    public let activation: ActivationFunction
    /// Whether each unit has a bias.
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

    /// A fully connected layer; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - units: the size of the output's last axis, at least 1.
    ///   - activation: what is applied to the sums. Default none.
    ///   - useBias: whether each unit has a bias. Default `true`.
    ///   - kernelInitializer: the first values of the kernel.
    ///   - biasInitializer: the first values of the bias.
    ///   - kernelRegularizer: the penalty for the kernel, added to the loss. Default none.
    ///   - biasRegularizer: the penalty for the bias, added to the loss. Default none.
    ///   - kernelConstraint: what the kernel satisfies after each step. Default nothing.
    ///   - biasConstraint: what the bias satisfies after each step. Default nothing.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        units: Int,
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
        self.units = units
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

    /// Emits a `Linear` and the activation.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `units` is less than 1 or the activation's parameter is not finite.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        guard units >= 1 else {
            throw ConvNetError(
                .argument,
                "A dense layer needs units",
                at: "units",
                expected: "at least 1",
                received: "\(units)"
            )
        }
        let kernel = ParameterRule(
            kernelInitializer,
            regularizer: kernelRegularizer,
            constraint: kernelConstraint
        )
        let bias = ParameterRule(
            biasInitializer,
            regularizer: biasRegularizer,
            constraint: biasConstraint
        )
        var operands = [x, try lowering.parameter("kernel", [x.shape.last ?? 1, units], kernel)]
        if useBias { operands.append(try lowering.parameter("bias", [units], bias)) }
        return [try lowering.activate(lowering.emit(Linear(hasBias: useBias), operands)[0], activation)]
    }
}
