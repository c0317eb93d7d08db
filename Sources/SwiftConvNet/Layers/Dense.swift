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

    /// A fully connected layer of `units` (at least 1); names and defaults are Keras'.
    public init(
        units: Int,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.units = units
        self.activation = activation
        self.useBias = useBias
        _kernelInitializer = CodedInitializer(wrappedValue: kernelInitializer)
        _biasInitializer = CodedInitializer(wrappedValue: biasInitializer)
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
        let kernelShape: Shape = [x.shape.last ?? 1, units]
        var operands = [x, try lowering.parameter("kernel", kernelShape, kernelInitializer)]
        if useBias { operands.append(try lowering.parameter("bias", [units], biasInitializer)) }
        return [try lowering.activate(lowering.emit(Linear(hasBias: useBias), operands)[0], activation)]
    }
}
