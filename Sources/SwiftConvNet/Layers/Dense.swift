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

    /// `[…, units]`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `units` is less than 1 or the activation's parameter is not finite.
    public func outputShape(for inputs: [Shape]) throws -> Shape {
        let shape = try single(inputs)
        guard units >= 1 else {
            throw ConvNetError(
                .argument,
                "A dense layer needs units",
                at: "units",
                expected: "at least 1",
                received: "\(units)"
            )
        }
        try activation.validate()
        return Shape(Array(shape.dropLast()) + [units])
    }

    /// The kernel `[features, units]`, and the bias `[units]` if there is one.
    public func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        let features = try single(inputs).last ?? 1
        let kernel = ParameterSpec("kernel", shape: [features, units], initializer: kernelInitializer)
        return useBias
            ? [kernel, ParameterSpec("bias", shape: [units], initializer: biasInitializer)] : [kernel]
    }

    /// Itself; or a linear layer and an `Activation`, where the function cannot be part of it.
    public var pieces: [any Layer] {
        guard activation.isPiece else { return [self] }
        let linear = Dense(
            units: units,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
        return [linear, Activation(activation)]
    }

    /// `DenseKernel`.
    public func kernel(at site: Site) throws -> any Kernel {
        DenseKernel(units: units, hasBias: useBias, activation: activation, at: site)
    }
}
